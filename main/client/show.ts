import type { Answer, Refusal, ShowAnswer } from '../../shared/answers';
import { SHOW_ENTRIES_MAX, type ShowRequest } from '../../shared/requests';
import { entryLine, stateLine } from '../../shared/text';

/** `show` is read from the kiosk in pages of this many entries: under load each holds dozens of sales, and a kiosk sells meanwhile. */
export const SHOW_PAGE = 250;

type Ask = (request: ShowRequest) => Promise<Answer>;
/** What a page adds to the log; `first` is the answer of which the state is told. */
interface Page {
  readonly first: ShowAnswer;
  readonly log: ShowAnswer['log'];
  /** The newest slot that was asked for and is known. */
  readonly end: number;
}

/**
 * The state of one moment, then the log up to that moment, whatever is committed meanwhile. Only the first page
 * is confirmed: what was applied by then stays as it is. Returns the refusal that ended it early, or null.
 */
async function* pages(ask: Ask, request: ShowRequest): AsyncGenerator<Page, Refusal | null> {
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
  yield { first, end, log: fromEnd ? [] : upTo(first, end) };
  for (let next = fromEnd ? from : first.nextSlot; next !== undefined && next <= end; ) {
    const answer = await page(ask, { ...what, from: next, last: Math.min(SHOW_PAGE, end - next + 1), confirm: false });
    if (!answer.ok) return answer;
    yield { first, end, log: upTo(answer, end) };
    next = answer.nextSlot;
  }
  return null;
}

/** `show` as text, from the first slot unless asked otherwise: never held whole. */
export async function* showText(ask: Ask, request: ShowRequest): AsyncGenerator<readonly string[], Refusal | null> {
  const read = pages(ask, request);
  let next = await read.next();
  if (!next.done) yield [stateLine(next.value.first)];
  for (; !next.done; next = await read.next()) yield next.value.log.map(entryLine);
  return next.value;
}

/** `show` as one answer, of the newest 10,000 slots unless asked otherwise. */
export async function showWhole(ask: Ask, request: ShowRequest): Promise<ShowAnswer | Refusal> {
  const read = pages(ask, { ...request, last: request.last ?? SHOW_ENTRIES_MAX });
  const log: ShowAnswer['log'][number][] = [];
  let next = await read.next();
  let last: Page | null = null;
  for (; !next.done; next = await read.next()) {
    last = next.value;
    for (const entry of last.log) log.push(entry);
  }
  if (next.value !== null || last === null) return next.value!;
  const { nextSlot: _, ...first } = last.first;
  return { ...first, log, ...(last.end < first.state.applied ? { nextSlot: last.end + 1 } : {}) };
}

async function page(ask: Ask, request: ShowRequest): Promise<ShowAnswer | Refusal> {
  const answer = await ask(request);
  if (!answer.ok || answer.op === 'show') return answer;
  return { ok: false, op: 'show', reason: 'unreachable', message: `the kiosk answered ${answer.op} to show: is it another version?` };
}

function upTo(answer: ShowAnswer, end: number): ShowAnswer['log'] {
  return answer.log.filter(({ slot }) => slot <= end);
}
