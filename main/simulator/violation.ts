/** A broken rule of `scenarios.md`, named. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

export function demand(condition: boolean, rule: string, what: string): asserts condition {
  if (!condition) throw new Violation(`${rule}: ${what}`);
}
