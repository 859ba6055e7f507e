/** Longest text of a clerk that is given back to her in a sentence. */
const QUOTED_MAX = 60;
/** More letters than this are no slip of the finger of any command. */
const SLIP_LETTERS_MAX = 20;
const LONG_WORD_LETTERS = 6;

/** What was typed, to be named in a sentence: cut where it is long, and without what a terminal would obey. */
export function quoted(text: string): string {
  const seen = text.replace(/\p{Cc}/gu, '\uFFFD');
  const letters = [...seen.slice(0, 2 * QUOTED_MAX)];
  return letters.length > QUOTED_MAX || seen.length > 2 * QUOTED_MAX ? `"${letters.slice(0, QUOTED_MAX).join('')}…"` : `"${seen}"`;
}

/** A whole number written in digits alone; NaN for all else: "1e9", "1.5", "-1" and "" are none. */
export function numeral(text: string): number {
  return /^[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
}

/** The name that was probably meant; null if none is near. One slip is allowed, in a long word two. */
export function closest(typed: string, names: readonly string[]): string | null {
  if (typed.length > SLIP_LETTERS_MAX) return null;
  let best: string | null = null;
  let slips = typed.length < LONG_WORD_LETTERS ? 2 : 3;
  for (const name of names) {
    const between = distance(name, typed.toLowerCase());
    if (between >= slips) continue;
    best = name;
    slips = between;
  }
  return best;
}

/** Letters added, left out, changed or swapped with their neighbour: Damerau's and Levenshtein's distance. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const changed = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? before[j - 2]! + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, changed, swapped));
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
