import type { Command, Value } from './values';

let latest: { readonly value: Value; readonly text: string } | null = null;

/**
 * A log's value as JSON. The one that was asked for last is at hand: a leader sends a batch to each member and writes
 * it into its own journal, one right after another.
 */
export function valueText(value: Value): string {
  if (latest?.value === value) return latest.text;
  const text = JSON.stringify(value);
  latest = { value, text };
  return text;
}

/** A batch of commands whose texts, each of one command as JSON, are there already. */
export function batchOf(commands: readonly Command[], texts: readonly string[]): Value {
  const value: Value = { kind: 'batch', commands: [...commands] };
  latest = { value, text: `{"kind":"batch","commands":[${texts.join(',')}]}` };
  return value;
}
