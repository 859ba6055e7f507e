/** What stands at the end of a line and could be finished, with the lines that finish it. */
export interface Completion {
  /** The line with what all choices begin with in common. */
  readonly line: string;
  /** Words that fit, where there are several. */
  readonly choices: readonly string[];
}

export interface Vocabulary {
  readonly commands: readonly string[];
  /** Words that may follow a command, in whatever place. */
  readonly after: Readonly<Record<string, readonly string[]>>;
  /** What each command may be told beside, wherever it stands. */
  readonly options: Readonly<Record<string, readonly string[]>>;
}

/** Finishes the last word of a console's line, as shells do; null where nothing fits. */
export function complete(line: string, { commands, after, options }: Vocabulary): Completion | null {
  const start = line.lastIndexOf(' ') + 1;
  const word = line.slice(start);
  const before = line.slice(0, start);
  const [command] = before.trim().split(/\s+/);
  const known = command === undefined || command === '' ? commands : ((word.startsWith('-') ? options : after)[command] ?? []);
  const all = [...new Set(known)].filter((candidate) => candidate.startsWith(word) && candidate !== word);
  // What goes on behind a stroke is offered once the stroke is there: a season's categories would hide its events.
  const whole = all.filter((candidate) => !candidate.includes('/', word.length));
  const fitting = whole.length > 0 ? whole : all;
  const [first] = fitting;
  if (first === undefined) return null;
  if (fitting.length === 1)
    return { line: `${before}${first}${known.some((other) => other.startsWith(`${first}/`)) ? '' : ' '}`, choices: [] };
  let common = first;
  for (const candidate of fitting) while (!candidate.startsWith(common)) common = common.slice(0, -1);
  return { line: `${before}${common}`, choices: fitting };
}
