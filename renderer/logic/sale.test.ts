import { describe, expect, it } from 'vitest';
import type { Answer, Reason } from '../../shared/answers';
import type { SaleView } from '../../shared/service';
import { type PendingSale, tillSchema } from '../../shared/till';
import { afterAnswer, afterGivingUp, giveUp, mayBegin, offerOf, pendingOf, resumed, type SaleState, soldOf } from './sale';

const items = [{ event: 'demo', category: 'adult', n: 5 }];
const pending: PendingSale = { id: 'w1-x', order: { items, payment: { kind: 'cash' }, expects: 6000 } };
const selling: SaleState = { kind: 'selling', pending };
const checking: SaleState = { kind: 'checking', pending };
const sold: Answer = {
  ok: true,
  op: 'buy',
  requestId: 'w1-x',
  sale: '2.1',
  event: 'demo',
  tickets: [1],
  items: [],
  total: 0,
  payment: { kind: 'free', given: 0, change: 0 },
  shift: null,
  remaining: 9,
  slot: 2,
};

function refusal(reason: Reason, remaining?: number): Answer {
  return { ok: false, op: 'buy', requestId: 'w1-x', reason, message: '', ...(remaining === undefined ? {} : { remaining }) };
}

describe('a sale', () => {
  it('is sold by the answer of a committed buy, at first or after asking again', () => {
    expect(afterAnswer(selling, 'w1-x', sold)).toEqual({ kind: 'sold', sold, fresh: true });
    expect(afterAnswer(checking, 'w1-x', sold)).toEqual({ kind: 'sold', sold, fresh: true });
  });

  it.each(['sold_out', 'not_enough', 'closed', 'expired', 'id_reused', 'unknown_event', 'unknown_category'] as const)(
    'is refused for good by %s, which comes from the log',
    (reason) => {
      expect(afterAnswer(selling, 'w1-x', refusal(reason)).kind).toBe('refused');
      expect(afterAnswer(checking, 'w1-x', refusal(reason)).kind).toBe('refused');
    },
  );

  it.each(['no_majority', 'faulty', 'unreachable', 'bad_request'] as const)(
    'is refused by %s at the first try, and unknown still after an earlier one (S19)',
    (reason) => {
      expect(afterAnswer(selling, 'w1-x', refusal(reason)).kind).toBe('refused');
      expect(afterAnswer(checking, 'w1-x', refusal(reason))).toEqual(checking);
    },
  );

  it('is never called failed for a time-out, a lost answer or an answer to something else', () => {
    for (const answer of [refusal('timeout'), null, { ok: true, op: 'stop' } as const]) {
      expect(afterAnswer(selling, 'w1-x', answer)).toEqual(checking);
      expect(afterAnswer(checking, 'w1-x', answer)).toEqual(checking);
    }
  });

  it('asks again anew after each unanswered try: the state is another object', () => {
    expect(afterAnswer(checking, 'w1-x', null)).not.toBe(checking);
  });

  it('is not touched by a late answer to another request, nor once it has ended', () => {
    expect(afterAnswer(selling, 'w1-other', sold)).toBe(selling);
    const refused = afterAnswer(selling, 'w1-x', refusal('sold_out'));
    expect(afterAnswer(refused, 'w1-x', sold)).toBe(refused);
    expect(afterAnswer({ kind: 'idle' }, 'w1-x', sold)).toEqual({ kind: 'idle' });
  });

  it('keeps the next one waiting only while its end is unknown', () => {
    expect([selling, checking].map(mayBegin)).toEqual([false, false]);
    const ends: SaleState[] = [{ kind: 'idle' }, afterAnswer(selling, 'w1-x', sold), afterAnswer(selling, 'w1-x', refusal('sold_out'))];
    expect(ends.map(mayBegin)).toEqual([true, true, true]);
  });

  it('offers what is left where fewer are left than asked for, and only then', () => {
    const offered = (reason: Reason, left: number) => offerOf(afterAnswer(selling, 'w1-x', refusal(reason, left)), []);
    expect(offered('not_enough', 3)).toEqual([{ event: 'demo', category: 'adult', n: 3 }]);
    expect(offered('not_enough', 0)).toBeNull();
    expect(offered('no_majority', 3)).toBeNull();
    expect(offerOf(selling, [])).toBeNull();
  });

  it('offers an order of several events with those cut that fell short', () => {
    const order = {
      ...pending.order,
      items: [...items, { event: 'demo', category: 'child', n: 2 }, { event: 'final', category: 'adult', n: 1 }],
    };
    const refused: SaleState = { kind: 'refused', refusal: refusal('not_enough', 6) as never, pending: { id: 'w1-x', order } };
    const left = (demo: number) => [
      { id: 'demo', remaining: demo },
      { id: 'final', remaining: 9 },
    ];
    expect(offerOf(refused, left(6))).toEqual([...items, { event: 'demo', category: 'child', n: 1 }, order.items[2]]);
    // Another kiosk gave some back meanwhile: the same order may be tried again as it is.
    expect(offerOf(refused, left(7))).toBeNull();
  });
});

describe('what a reloaded page finds', () => {
  const kept = (state: SaleState) =>
    tillSchema.parse(JSON.parse(JSON.stringify({ cart: [], pending: pendingOf(state), last: null }))).pending;

  it('is the sale that was on its way, with the same request id', () => {
    expect(kept(selling)).toEqual(pending);
    expect(resumed(kept(checking))).toEqual(checking);
  });

  it('is nothing once the sale has ended', () => {
    expect(kept(afterAnswer(selling, 'w1-x', sold))).toBeNull();
    expect(resumed(null)).toEqual({ kind: 'idle' });
  });

  it('and the last sale, out of the log', () => {
    const line = { event: 'demo', eventName: 'Demo', starts: null, category: 'adult', categoryName: 'Adult', price: 1200, printed: [0, 0] };
    const payment = { kind: 'cash', given: 3000, change: 600 };
    const view = { sale: '2.1', total: 2400, payment, items: [{ ...line, tickets: [4, 5] }] };
    expect(soldOf(view as unknown as SaleView)).toEqual({
      sale: '2.1',
      total: 2400,
      payment,
      tickets: [4, 5],
      items: [{ event: 'demo', category: 'adult', n: 2, tickets: [4, 5] }],
    });
  });
});

describe('giving a sale up', () => {
  const givingUp: SaleState = { kind: 'giving_up', pending, cancel: 'c' };
  const done: Answer = { ok: true, op: 'cancel', requestId: 'c', target: 'w1-x', sale: null, tickets: [], items: [], slot: 9 };

  it('is for a sale whose end is not known, and no other', () => {
    expect(giveUp(checking, 'c')).toEqual(givingUp);
    for (const state of [{ kind: 'idle' }, selling, givingUp] as const) expect(giveUp(state, 'd')).toBe(state);
  });

  it('blocks the next sale, and outlives a reload', () => {
    expect(mayBegin(givingUp)).toBe(false);
    expect(resumed(pendingOf(givingUp))).toEqual(givingUp);
    expect(resumed(pendingOf(checking))).toEqual(checking);
    expect(resumed(null)).toEqual({ kind: 'idle' });
  });

  it('is done when the log says so, whether or not it was sold before (S22)', () => {
    expect(afterGivingUp(givingUp, 'c', done)).toEqual({ kind: 'given_up', pending });
    expect(afterGivingUp(givingUp, 'c', { ...done, sale: '2.1' })).toEqual({ kind: 'given_up', pending });
    expect(afterAnswer(checking, 'w1-x', refusal('cancelled'))).toEqual({ kind: 'given_up', pending });
    expect(mayBegin({ kind: 'given_up', pending })).toBe(true);
  });

  it('goes on while nothing is known, and an answer to the sale itself says nothing then', () => {
    for (const answer of [null, refusal('timeout'), refusal('no_majority'), refusal('faulty')])
      expect(afterGivingUp(givingUp, 'c', answer)).toEqual(givingUp);
    expect(afterAnswer(givingUp, 'w1-x', sold)).toBe(givingUp);
    expect(afterGivingUp(givingUp, 'another', done)).toBe(givingUp);
  });

  it('asks the sale itself where the log refuses to give it up', () => {
    expect(afterGivingUp(givingUp, 'c', refusal('printed'))).toEqual(checking);
  });
});
