import { z } from 'zod';
import type { CommandResult } from '../../shared/answers';
import { ballotSchema, slotSchema } from '../../shared/ballot';
import type { Message } from '../../shared/messages';
import { valueSchema } from '../../shared/values';
import type { ArchiveEntry } from '../storage';

const entrySchema = z.strictObject({
  slot: slotSchema,
  ballot: ballotSchema,
  value: valueSchema,
  /** What they may say is bound by the chain of hashes, which the caller checks. */
  results: z.array(z.looseObject({ ok: z.boolean(), op: z.string() })),
  hash: z.string().length(64),
});

/** The entries of a page, consecutive; null for anything else. */
export function readHistoryPage(message: Extract<Message, { t: 'history-page' }>): readonly ArchiveEntry[] | null {
  const parsed = z.array(entrySchema).safeParse(message.entries);
  if (!parsed.success) return null;
  const [first] = parsed.data;
  if (first === undefined || !parsed.data.every(({ slot }, index) => slot === first.slot + index)) return null;
  return parsed.data.map((entry) => ({ ...entry, results: entry.results as unknown as CommandResult[] }));
}
