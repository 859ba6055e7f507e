import type { CodeCheck } from '../../shared/codes';
import { said } from '../../shared/said';
import { type TicketKey, verifyCode } from '../signing/code';
import type { Loaded } from '../site/load';

/** What a ticket's code says, if this site signed it. */
export function readCode(text: string, key: Loaded<TicketKey>): CodeCheck {
  if (!key.ok) return { ok: false, why: said('codes_uncheckable', key.said) };
  const verified = verifyCode(text, key.value);
  return verified.ok ? { ok: true, ...verified.ticket } : { ok: false, why: verified.said };
}
