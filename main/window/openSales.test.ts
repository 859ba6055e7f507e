import { describe, expect, it } from 'vitest';
import type { Answer, LogEntryView, LoggedCommand } from '../../shared/answers';
import type { Request } from '../../shared/requests';
import { said, say } from '../../shared/said';
import type { KioskService, PendingView, SaleView } from '../../shared/service';
import { AskedSales, SLOW_MS } from './askedSales';
import { UnprintedSales } from './unprintedSales';

const AT = 1_000_000;
const CASH = { payment: { kind: 'cash', given: 2, change: 0 }, shift: null } as const;
const NOTHING = { receipts: 0, undone: null };
const items = [{ event: 'match', category: 'adult', n: 2 }];

function buy(requestId: string, at = AT): PendingView {
  return { requestId, op: 'buy', clerk: 'ann', at, items, target: null };
}

function cancel(requestId: string, target: string, at = AT): PendingView {
  return { requestId, op: 'cancel', clerk: 'ann', at, items: [], target };
}

function sold(requestId: string): Answer {
  const base = { ok: true, op: 'buy', requestId, sale: '5.1', event: 'match', tickets: [1, 2] } as const;
  return { ...base, items: [], total: 2, ...CASH, remaining: 8, slot: 5 };
}

function refused(op: 'buy' | 'cancel', reason: 'sold_out' | 'cancelled' | 'timeout' | 'faulty' | 'printed'): Answer {
  return { ok: false, op, requestId: 'x', reason, ...say('sold_out', 'Match') };
}

/** Answers as told, and remembers what it was asked. */
function asking(answer: (request: Request) => Answer, sale: SaleView | null = null) {
  const asked: Request[] = [];
  let changes = 0;
  const sales = new AskedSales(
    {
      execute: async (request) => {
        asked.push(request);
        return answer(request);
      },
      sale: () => sale,
    },
    () => {
      changes += 1;
    },
  );
  return { sales, asked, changes: () => changes };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('sales that were asked for', () => {
  it('are nobody’s worry while they are young, and say when they will be', () => {
    const { sales } = asking(() => sold('a'));
    expect(sales.follow([buy('a')], AT + 500)).toBe(SLOW_MS - 500);
    expect(sales.list()).toEqual([]);
    expect(sales.follow([buy('a')], AT + SLOW_MS)).toBeNull();
    expect(sales.list()).toEqual([{ requestId: 'a', at: AT, items, state: { kind: 'checking' } }]);
  });

  it('are shown at once where the clock was set back', () => {
    const { sales } = asking(() => sold('a'));
    sales.follow([buy('a')], AT - 1);
    expect(sales.list()).toHaveLength(1);
  });

  it('are checking until the log has answered, and never asked for anew before (S19)', async () => {
    const { sales, asked, changes } = asking(() => sold('a'));
    sales.follow([buy('a')], AT + SLOW_MS);
    await turn();
    expect(asked).toEqual([]);
    sales.follow([], AT + SLOW_MS + 1);
    sales.follow([], AT + SLOW_MS + 2);
    await turn();
    expect(asked).toEqual([{ op: 'buy', id: 'a', items }]);
    expect(sales.list()[0]!.state).toEqual({ kind: 'sold', sale: '5.1', tickets: [1, 2] });
    expect(changes()).toBe(1);
    sales.seen('a');
    expect(sales.list()).toEqual([]);
  });

  it('are being given up until the log says what became of them (S22)', async () => {
    const { sales } = asking(() => refused('buy', 'cancelled'));
    sales.follow([buy('a'), cancel('c', 'a', AT + 1)], AT + SLOW_MS);
    expect(sales.list()).toMatchObject([{ requestId: 'a', items, state: { kind: 'giving_up' } }]);
    sales.follow([], AT + SLOW_MS + 1);
    await turn();
    expect(sales.list()[0]!.state).toMatchObject({ kind: 'not_sold', said: said('never_sold') });
  });

  it('that are known by their giving up alone end by its answer', async () => {
    for (const [answer, kind] of [
      [{ ok: true, op: 'cancel', requestId: 'c', target: 'a', sale: null, tickets: [], items: [], slot: 9 } as Answer, 'not_sold'],
      [refused('cancel', 'printed'), 'not_given_up'],
    ] as const) {
      const { sales, asked } = asking(() => answer);
      sales.follow([cancel('c', 'a')], AT + SLOW_MS);
      expect(sales.list()).toMatchObject([{ requestId: 'a', items: [], state: { kind: 'giving_up' } }]);
      sales.follow([], AT + SLOW_MS + 1);
      await turn();
      expect(asked).toEqual([{ op: 'cancel', id: 'c', target: 'a' }]);
      expect(sales.list()[0]!.state.kind).toBe(kind);
    }
  });

  it.each(['timeout', 'faulty'] as const)('stay checking after an answer that settles nothing: %s', async (reason) => {
    const { sales } = asking(() => refused('buy', reason));
    sales.follow([buy('a')], AT + SLOW_MS);
    sales.follow([], AT + SLOW_MS + 1);
    await turn();
    expect(sales.list()[0]!.state).toEqual({ kind: 'checking' });
  });

  it('are over where all is on paper: what a kiosk asks again after a power cut is no news to its clerk', async () => {
    const site = new Site();
    const id = site.buy(1);
    for (const [confirmed, shown] of [
      [[true, false], 1],
      [[true, true], 0],
    ] as const) {
      site.change(id, { printed: [1, 1], confirmed });
      const { sales, changes } = asking(() => sold('a'), site.sales.get(id));
      sales.follow([buy('a')], AT + SLOW_MS);
      sales.follow([], AT + SLOW_MS + 1);
      await turn();
      expect(sales.list()).toHaveLength(shown);
      expect(changes()).toBe(1);
    }
  });

  it('are voided where somebody voided them since, which is another thing than not sold', async () => {
    const { sales } = asking(() => ({ ...(sold('a') as Extract<Answer, { op: 'buy'; ok: true }>), voided: true }));
    sales.follow([buy('a')], AT + SLOW_MS);
    sales.follow([], AT + SLOW_MS + 1);
    await turn();
    expect(sales.list()[0]!.state).toEqual({ kind: 'voided', sale: '5.1' });
  });

  it('are refused in the words of the log', async () => {
    const { sales } = asking(() => refused('buy', 'sold_out'));
    sales.follow([buy('a')], AT + SLOW_MS);
    sales.follow([], AT + SLOW_MS + 1);
    await turn();
    expect(sales.list()[0]!.state).toMatchObject({ kind: 'not_sold', said: said('sold_out', 'Match') });
  });
});

/** A log of one buy a slot, by the kiosks as given; sales can be claimed and undone. */
class Site {
  readonly sales = new Map<string, SaleView>();
  readonly entries: LogEntryView[] = [];
  readonly ranges: (readonly [number, number])[] = [];
  firstSlot = 1;

  readonly service: Pick<KioskService, 'log' | 'sale'> = {
    sale: (id) => this.sales.get(id) ?? null,
    log: async (from, limit) => {
      this.ranges.push([from, from + limit - 1]);
      const entries = this.entries.filter(({ slot }) => slot >= Math.max(from, this.firstSlot) && slot < from + limit);
      return { entries, firstSlot: this.firstSlot, applied: this.entries.length };
    },
  };

  buy(kiosk: number, ok = true): string {
    const slot = this.entries.length + 1;
    const sale = `${slot}.1`;
    const base = { requestId: `r${slot}`, kiosk, clerk: 'ann', at: AT };
    const command: LoggedCommand = { ...base, op: 'buy', result: ok ? { ok, sale } : { ok, reason: 'sold_out' } };
    this.entries.push({ slot, ballot: '1.0.1', kind: 'batch', commands: [command] });
    const item = { event: 'match', eventName: 'Match', starts: null, category: 'adult', categoryName: 'Adult', price: 1 };
    if (ok)
      this.sales.set(sale, {
        ...base,
        sale,
        slot,
        status: 'live',
        total: 2,
        items: [{ ...item, tickets: [1, 2], printed: [0, 0], confirmed: [false, false] }],
        ...CASH,
        ...NOTHING,
      });
    return sale;
  }

  change(sale: string, change: { status?: SaleView['status']; printed?: readonly number[]; confirmed?: readonly boolean[] }): void {
    const old = this.sales.get(sale)!;
    const { printed = [0, 0], confirmed = [false, false] } = change;
    this.sales.set(sale, {
      ...old,
      status: change.status ?? old.status,
      items: old.items.map((item) => ({ ...item, printed, confirmed })),
    });
  }
}

function following(site: Site) {
  const log: string[] = [];
  const sales = new UnprintedSales(
    site.service,
    1,
    () => undefined,
    (line) => log.push(line),
  );
  const names = async (applied: number) => {
    sales.follow(applied);
    for (let index = 0; index < 60; index += 1) await turn();
    return sales.list().map(({ sale }) => sale);
  };
  const elsewhere = () => sales.elsewhere().map(({ sale }) => sale);
  return { names, elsewhere, log };
}

describe('sales that are not printed (S23)', () => {
  it('are found in the log after a start, this kiosk’s alone, newest first', async () => {
    const site = new Site();
    const first = site.buy(1);
    site.buy(2);
    site.buy(1, false);
    const last = site.buy(1);
    const { names, elsewhere } = following(site);
    expect(await names(4)).toEqual([last, first]);
    // The others' too, by themselves: should their kiosk stay dead.
    expect(elsewhere()).toEqual(['2.1']);
  });

  it('come as they are sold, and go when all their tickets are known to be on paper, or the sale is undone', async () => {
    const site = new Site();
    site.buy(2);
    const { names } = following(site);
    expect(await names(1)).toEqual([]);
    const [claimed, half, cancelled, voided] = [site.buy(1), site.buy(1), site.buy(1), site.buy(1)];
    expect(await names(5)).toEqual([voided, cancelled, half, claimed]);
    site.change(claimed, { printed: [1, 2], confirmed: [true, true] });
    site.change(half, { printed: [1, 1], confirmed: [true, false] });
    site.change(cancelled, { status: 'cancelled' });
    site.change(voided, { status: 'void' });
    expect(await names(5)).toEqual([half]);
  });

  it('are looked for in pages, as far back as the log is here, and each slot once', async () => {
    const site = new Site();
    const oldest = site.buy(1);
    for (let slot = 2; slot <= 1_300; slot += 1) site.buy(2);
    site.firstSlot = 900;
    const { names } = following(site);
    expect(await names(1_300)).toEqual([]);
    // The history before it has come meanwhile.
    site.firstSlot = 1;
    const newest = site.buy(1);
    expect(await names(1_301)).toEqual([newest, oldest]);
    const read = site.ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, index) => from + index));
    expect(new Set(read).size).toBe(read.length);
  });

  it('are a hundred at most, the newest', async () => {
    const site = new Site();
    for (let slot = 1; slot <= 130; slot += 1) site.buy(1);
    const found = await following(site).names(130);
    expect(found).toHaveLength(100);
    expect(found[0]).toBe('130.1');
  });

  it('are told of as missing where the log can’t be read', async () => {
    const site = new Site();
    site.buy(1);
    site.service.log = async () => {
      throw new Error('the archive is damaged');
    };
    const { names, log } = following(site);
    expect(await names(1)).toEqual([]);
    expect(log).toEqual(['sales that are not printed could not be looked up: the archive is damaged']);
  });
});
