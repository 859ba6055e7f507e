import type { Answer, Refusal, ShowAnswer } from '../../shared/answers';
import type { ShowRequest } from '../../shared/requests';
import { entryLine, showLines, stateLine } from '../../shared/text';

/** `show` as text is read from the kiosk in pages of this many entries, and never held whole. */
export const SHOW_PAGE = 1_000;

type Ask = (request: ShowRequest) => Promise<Answer>;

/**
 * `show` as text, page by page: the state of one moment, then the log up to that moment, whatever is
 * committed meanwhile. Returns the refusal that ended it early, or null.
 */
export async function* showPages(ask: Ask, request: ShowRequest): AsyncGenerator<readonly string[], Refusal | null> {
  const { from: asked, last, ...what } = request;
  // The last N slots begin where the state of the first answer says.
  const fromEnd = last !== undefined && asked === undefined;
  const first = await page(ask, {
    ...what,
    ...(fromEnd ? {} : { from: asked ?? 1 }),
    last: fromEnd ? 1 : Math.min(last ?? SHOW_PAGE, SHOW_PAGE),
  });
  if (!first.ok) return first;
  const { applied } = first.state;
  const from = fromEnd ? Math.max(1, applied - last + 1) : (asked ?? 1);
  const end = Math.min(applied, last === undefined ? applied : from + last - 1);
  if (fromEnd) yield [stateLine(first)];
  else yield [...showLines(upTo(first, end))];
  for (let next = fromEnd ? from : first.nextSlot; next !== undefined && next <= end; ) {
    const answer = await page(ask, { ...what, from: next, last: Math.min(SHOW_PAGE, end - next + 1) });
    if (!answer.ok) return answer;
    yield upTo(answer, end).log.map(entryLine);
    next = answer.nextSlot;
  }
  return null;
}

async function page(ask: Ask, request: ShowRequest): Promise<ShowAnswer | Refusal> {
  const answer = await ask(request);
  if (!answer.ok || answer.op === 'show') return answer;
  return { ok: false, op: 'show', reason: 'unreachable', message: `the kiosk answered ${answer.op} to show: is it another version?` };
}

function upTo(answer: ShowAnswer, end: number): ShowAnswer {
  return { ...answer, log: answer.log.filter(({ slot }) => slot <= end) };
}
