/** What stands on a console's line: a new command, or an earlier one that is looked at. */
export interface ConsoleLine {
  readonly text: string;
  /** Which of the earlier commands, the oldest 0; null for a new one. */
  readonly past: number | null;
  /** The new command as far as it was typed, to come back to. */
  readonly draft: string;
}

export const EMPTY_LINE: ConsoleLine = { text: '', past: null, draft: '' };

/** The line after it was typed on: an earlier command that is changed stays where it is in the history. */
export function typedOn(line: ConsoleLine, text: string): ConsoleLine {
  return { ...line, text, draft: line.past === null ? text : line.draft };
}

/** An earlier command, or a later one; beyond the last of them is what was being typed before. */
export function recalled(line: ConsoleLine, earlier: readonly string[], step: 'back' | 'on'): ConsoleLine {
  const at = line.past ?? earlier.length;
  const next = step === 'back' ? at - 1 : at + 1;
  if (next < 0 || next > earlier.length) return line;
  if (next === earlier.length) return { text: line.draft, past: null, draft: line.draft };
  return { ...line, text: earlier[next]!, past: next };
}
