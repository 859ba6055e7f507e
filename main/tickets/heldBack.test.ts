import { describe, expect, it } from 'vitest';
import type { BuyAnswer } from '../../shared/answers';
import { batch, buy, event, founding } from './fixtures';
import { Tickets } from './tickets';

const SELF = { kiosk: 1, incarnation: 'incarnation2', name: 'One', host: '127.0.0.1', port: 7401, priority: 0 };

function recovery(heldBack?: { event: string; upTo: number }[]) {
  return { kind: 'recovery' as const, generation: 2, members: [SELF], at: 0, ...(heldBack === undefined ? {} : { heldBack }) };
}

/** Ten tickets sold in fives, the first five given back. */
function sold(): Tickets {
  const tickets = new Tickets();
  tickets.apply(1, founding(event('a', 20), event('b', 20)));
  tickets.apply(2, batch(buy('one', '5 a'), buy('two', '5 a')));
  tickets.apply(3, batch({ op: 'cancel', requestId: 'c', kiosk: 1, clerk: 'operator', issued: 0, at: 0, target: 'one' }));
  return tickets;
}

function take(tickets: Tickets, n: number): readonly number[] {
  const [result] = tickets.apply(tickets.applied + 1, batch(buy(`r${tickets.applied}`, `${n} a`)));
  return result?.ok ? (result as BuyAnswer).items.flatMap((item) => item.tickets) : [];
}

describe('what a lost part of the log may have sold (rule 8)', () => {
  it('is every free number up to the highest that was seen: given back ones, and ones that were never sold', () => {
    const tickets = sold();
    tickets.apply(4, recovery([{ event: 'a', upTo: 3 }]));
    expect(tickets.events()[0]).toMatchObject({ sold: 5, remaining: 12, heldBack: 3 });
    expect(tickets.events()[1]).not.toHaveProperty('heldBack');
    expect(take(tickets, 4)).toEqual([4, 5, 11, 12]);
  });

  it('above all that was sold, those between are held back too', () => {
    const tickets = sold();
    tickets.apply(
      4,
      recovery([
        { event: 'a', upTo: 13 },
        { event: 'gone', upTo: 5 },
      ]),
    );
    expect(tickets.events()[0]).toMatchObject({ sold: 5, remaining: 7, heldBack: 8 });
    expect(take(tickets, 2)).toEqual([14, 15]);
    expect(take(tickets, 6)).toEqual([]);
  });

  it('is part of the state: a snapshot has it, and the hash of the log tells it from none', () => {
    const tickets = sold();
    tickets.apply(4, recovery([{ event: 'a', upTo: 99 }]));
    expect(tickets.events()[0]).toMatchObject({ sold: 5, remaining: 0, heldBack: 15 });
    const restored = new Tickets(tickets.snapshot());
    expect(restored.events()).toEqual(tickets.events());
    // A sale of before is still undone as ever, and its numbers are sold again.
    const [undone] = restored.apply(5, batch({ op: 'void', requestId: 'v', kiosk: 1, clerk: 'operator', issued: 0, at: 0, sale: '2.2' }));
    expect(undone).toMatchObject({ ok: true });
    expect(take(restored, 5)).toEqual([6, 7, 8, 9, 10]);
    const plain = sold();
    plain.apply(4, recovery());
    expect(plain.hash).not.toBe(tickets.hash);
  });
});
