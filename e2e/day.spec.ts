import { expect } from '@playwright/test';
import { missingTools, PrivateCups } from '../main/printing/testing/cups';
import { likelyCash } from '../renderer/logic/amount';
import { auditLog, wholeLog } from './books';
import {
  type Clerk,
  closeFinished,
  closeShift,
  createClerk,
  createManager,
  dollars,
  fillCart,
  find,
  go,
  type Line,
  look,
  neverLock,
  numbersIn,
  type Order,
  openShift,
  type Priced,
  print,
  printDialog,
  printOpen,
  printTo,
  readAnswers,
  type ShiftPaper,
  SLOW_MS,
  scan,
  sellAndPrint,
  signIn,
  type Told,
  totalOf,
  touchSell,
  type,
  typeSale,
} from './boxOffice';
import { type Cluster, result, test } from './cluster';
import { pdfsIn, readPages, scannedFrom } from './paper';

/**
 * A box office's whole day in three windows, with what goes wrong on a bad one. Each clerk's till is kept by hand
 * beside it; in the evening the cash, the tickets, the log, the reports and the paper have to agree with it.
 */

const SALES = 200;
/** Of these so many are typed into the manager's console and printed from the list of open sales. */
const TYPED = 12;
const MANAGER: Clerk = { id: 'mia', name: 'Mia', pin: '471100' };
const CLERKS = {
  1: MANAGER,
  2: { id: 'ben', name: 'Ben', pin: '2222' },
  3: { id: 'cleo', name: 'Cleo', pin: '303030' },
} as const satisfies Record<number, Clerk>;
const KIOSKS = [1, 2, 3] as const;
type KioskId = (typeof KIOSKS)[number];
const FLOATS: Readonly<Record<KioskId, number>> = { 1: 15_000, 2: 10_000, 3: 8_055 };

const MATCH: Priced = { id: 'match', name: 'match', prices: { Adult: 1_250 } };
const CUP: Priced = { id: 'cup', name: 'City cup', prices: { Adult: 1_800, Child: 750, Guest: 0 } };

interface Sold extends Told {
  readonly kiosk: KioskId;
  readonly order: Order;
}

/** A kiosk's drawer, kept by hand: the float, what was put in, what was given back. Cents. */
interface Till {
  cash: number;
  shift: number;
  z: ShiftPaper | null;
}

test.use({ site: ['--event', 'match=500:1250'] });
test.skip(missingTools() !== null, `a day with a printer needs one: ${missingTools()}`);
test.setTimeout(15 * 60_000);

let cups: PrivateCups;
test.beforeEach(async () => {
  cups = await PrivateCups.start(['front']);
  process.env.CUPS_SERVER = cups.socket;
});
test.afterEach(async () => {
  delete process.env.CUPS_SERVER;
  await cups.stop();
});

test('a day: first run, shifts, 200 sales, a jam, a void, a reprint, crashes, a partition, Z; and all books agree', async ({ cluster }) => {
  const day = new Day(cluster);
  const page = (kiosk: KioskId) => cluster.page(kiosk);

  await test.step('first run: a manager, an event of three prices, two clerks', async () => {
    await cluster.openAll(KIOSKS);
    await cluster.selling(...KIOSKS);
    await createManager(page(1), MANAGER);
    await go(page(1), 'Console');
    expect(await type(page(1), 'event create cup --capacity 300 --price adult=18.00,child=7.50,guest=0 --name City cup')).toContain('cup');
    await createClerk(page(1), CLERKS[2]);
    await createClerk(page(1), CLERKS[3]);
  });

  await test.step('everybody signs in, chooses a printer and opens a shift with a float', async () => {
    await signIn(page(2), CLERKS[2]);
    await signIn(page(3), CLERKS[3]);
    // One counter has a ticket printer; the others file their tickets as PDF.
    await printTo(page(1), 'PDF to a folder');
    await printTo(page(2), 'The front printer');
    await printTo(page(3), 'PDF to a folder');
    for (const kiosk of KIOSKS) {
      await neverLock(page(kiosk));
      day.tills[kiosk].shift = await openShift(page(kiosk), FLOATS[kiosk]);
      await go(page(kiosk), 'Sell');
    }
  });

  const forVoid = await test.step('the first customers: cash with change, a card, a guest, a cart of three lines', async () => {
    const cash = { lines: [line(MATCH, 'Adult', 2)], pay: 'cash', given: 3_000 } as const;
    const sold = day.book(2, cash, await sellAndPrint(page(2), cash));
    for (const order of [
      { lines: [line(CUP, 'Adult', 2)], pay: 'card' },
      { lines: [line(CUP, 'Guest', 1)], pay: 'free' },
      // No note that is offered: typed on the pad.
      { lines: [line(CUP, 'Child', 3), line(CUP, 'Adult', 1), line(MATCH, 'Adult', 1)], pay: 'cash', given: 5_725 },
    ] as const)
      day.book(3, order, await sellAndPrint(page(3), order));
    return sold;
  });

  await test.step('the printer jams: nothing is lost, and nothing comes out twice', async () => {
    await cups.mode('stop');
    const order = { lines: [line(MATCH, 'Adult', 2)], pay: 'card' } as const;
    await fillCart(page(2), order);
    day.book(2, order, await touchSell(page(2)));
    const dialog = printDialog(page(2));
    await dialog.getByRole('button', { name: 'Print', exact: true }).click();
    await expect(dialog.getByTestId('print-job')).toContainText('Stopped. Look at the printer', { timeout: SLOW_MS });
    // Whoever looks after the site sees it from any kiosk.
    await go(page(1), 'Kiosks');
    await expect(page(1).getByTestId('kiosk-2').getByTestId('kiosk-printer')).toHaveAttribute('data-state', 'stopped');
    await go(page(1), 'Sell');
    await cups.mode('ok');
    await cups.enable('front');
    await expect(dialog.getByTestId('print-job')).toHaveAttribute('data-stage', 'printed', { timeout: SLOW_MS });
    await dialog.getByRole('button', { name: 'Done' }).click();
  });

  await test.step('a kiosk dies between the commit and the print: its tickets are offered again, as originals', async () => {
    const order = { lines: [line(CUP, 'Adult', 1), line(CUP, 'Child', 2)], pay: 'cash', given: 4_000 } as const;
    await fillCart(page(3), order);
    const told = day.book(3, order, await touchSell(page(3)));
    await day.crash(3);
    await expect(page(3).getByTestId('open-strip')).toContainText(/sales? (is|are) not printed|sales? (was|were) answered/, {
      timeout: SLOW_MS,
    });
    const open = await look(page(3));
    await printOpen(page(3), open, told.sale);
    await open.getByRole('button', { name: 'Close' }).click();
    await readAnswers(page(3));
  });

  await test.step('a kiosk dies while its page waits for paper: the page comes out, and is not sent again', async () => {
    await cups.mode('paper');
    const order = { lines: [line(MATCH, 'Adult', 1)], pay: 'cash' } as const;
    await fillCart(page(2), order);
    day.book(2, order, await touchSell(page(2)));
    const dialog = printDialog(page(2));
    await dialog.getByRole('button', { name: 'Print', exact: true }).click();
    await expect(dialog.getByTestId('print-job')).toContainText('Out of paper', { timeout: SLOW_MS });
    const before = (await cups.pages()).length;
    await cluster.close(2);
    await cups.mode('ok');
    await expect.poll(async () => (await cups.pages()).length, { timeout: SLOW_MS }).toBe(before + 1);
    await day.comeBack(2);
    await go(page(2), 'Printing');
    await expect(page(2).getByTestId('print-row').first()).toHaveAttribute('data-state', 'done', { timeout: SLOW_MS });
    await readAnswers(page(2));
    expect(await cups.pages()).toHaveLength(before + 1);
    await go(page(2), 'Sell');
  });

  await test.step('cut off with a card sale on its way, and then dead: sold once, by card, and printed once', async () => {
    const order = { lines: [line(MATCH, 'Adult', 3)], pay: 'card' } as const;
    await fillCart(page(3), order);
    for (const other of [1, 2]) cluster.signal(other, 'SIGSTOP');
    await page(3).locator('.sell-button').click();
    await expect(result(page(3))).toHaveAttribute('data-state', 'checking');
    await day.crash(3);
    const open = await look(page(3));
    // Alone, it can not tell of any late sale of its own that the log has it.
    const row = open.getByTestId('asked-sale').filter({ hasText: '3 × match, Adult' });
    await expect(row).toHaveAttribute('data-state', 'checking');
    const again = row.getByRole('button', { name: 'Send again' });
    await again.click();
    await expect(row).toContainText('not known yet');
    for (const other of [1, 2]) cluster.signal(other, 'SIGCONT');
    await cluster.selling(3);
    await expect(async () => {
      if (await again.isVisible()) await again.click({ timeout: 500 }).catch(() => undefined);
      await expect(row).toHaveAttribute('data-state', 'sold', { timeout: 1_000 });
    }).toPass({ timeout: SLOW_MS });
    const [, sale = '', tickets = ''] = /Sale ([\d.]+) · tickets? ([\d, –-]+)/.exec((await row.textContent()) ?? '') ?? [];
    day.book(3, order, { sale, tickets: numbersIn(tickets), total: totalOf(order), change: 0 });
    await printOpen(page(3), open, sale);
    await open.getByRole('button', { name: 'Close' }).click();
    await readAnswers(page(3));
  });

  await test.step('the leader falls asleep: the others sell on, and it wakes to what they sold', async () => {
    await cluster.selling(...KIOSKS);
    const leader = (await cluster.leader(1)) as KioskId;
    const others = KIOSKS.filter((kiosk) => kiosk !== leader);
    cluster.signal(leader, 'SIGSTOP');
    for (const kiosk of others) {
      await expect(page(kiosk).getByTestId('majority-bar')).not.toContainText(`kiosk ${leader} leads`, { timeout: SLOW_MS });
      await cluster.selling(kiosk);
      const order = { lines: [line(MATCH, 'Adult', 1), line(CUP, 'Child', 1)], pay: 'cash', given: 2_500 } as const;
      day.book(kiosk, order, await sellAndPrint(page(kiosk), order));
    }
    cluster.signal(leader, 'SIGCONT');
    await cluster.selling(leader);
  });

  const voidedPaper = await test.step('a void: the clerk asks, the manager allows it with a PIN, and the cash goes back', async () => {
    const paper = (await readPages(await cups.pages())).find(({ sale }) => sale === forVoid.sale)!;
    const details = await find(page(2), forVoid.sale);
    await details.getByRole('button', { name: 'Void' }).click();
    await page(2).getByRole('button', { name: 'Customer changed their mind' }).click();
    await page(2).getByRole('button', { name: 'Void the sale' }).click();
    const approval = page(2).getByRole('dialog', { name: 'Ask a manager' });
    await approval.getByLabel('Who allows it').selectOption(MANAGER.name);
    await approval.getByLabel('PIN', { exact: true }).fill(MANAGER.pin);
    await approval.getByRole('button', { name: 'Allow' }).click();
    await expect(details).toHaveAttribute('data-status', 'void', { timeout: SLOW_MS });
    await expect(details).toContainText(`allowed by ${MANAGER.name}`);
    day.giveBack(2, forVoid);
    await go(page(2), 'Sell');
    return paper.file;
  });

  const reprinted = await test.step('a customer lost a ticket: it is printed again, marked COPY 1', async () => {
    const { sale } = day.sold.find(({ kiosk, order }) => kiosk === 3 && order.pay === 'free')!;
    const details = await find(page(3), sale);
    await details.getByRole('button', { name: 'Print' }).click();
    await expect(printDialog(page(3))).toContainText('they will be marked COPY 1');
    await print(page(3));
    await go(page(3), 'Sell');
    return sale;
  });

  await test.step('customers queue at all three counters, until 200 sales are made', async () => {
    const queue = Array.from({ length: SALES - day.sold.length - TYPED }, (_, customer) => orderOf(customer));
    await Promise.all(
      KIOSKS.map(async (kiosk) => {
        await go(page(kiosk), 'Sell');
        for (let order = queue.shift(); order !== undefined; order = queue.shift())
          day.book(kiosk, order, await sellAndPrint(page(kiosk), order));
      }),
    );
    await go(page(1), 'Console');
    for (let customer = 0; customer < TYPED; customer += 1) {
      const order = orderOf(customer);
      day.book(1, order, await typeSale(page(1), order));
    }
    const open = await look(page(1));
    await expect(open.getByTestId('unprinted-sale')).toHaveCount(TYPED, { timeout: SLOW_MS });
    for (const { sale } of day.sold.slice(-TYPED)) await printOpen(page(1), open, sale);
    await closeFinished(open);
    expect(day.sold).toHaveLength(SALES);
  });

  await test.step('the gate: a ticket lets one in, its second scan says where the first was, a voided one nobody', async () => {
    const [copy] = (await pdfsIn(day.folder(3))).filter((file) => file.includes(`-sale-${reprinted}-`));
    const code = await scannedFrom(copy!, `${cluster.folder}/scanner`);
    await go(page(3), 'Gate');
    await expect(await scan(page(3), code)).toContainText('Let in');
    await go(page(1), 'Gate');
    const second = await scan(page(1), code);
    await expect(second).toContainText('Used before');
    await expect(second).toContainText(`at kiosk 3 by ${CLERKS[3].name}`);
    await expect(await scan(page(1), await scannedFrom(voidedPaper, `${cluster.folder}/scanner`))).toContainText('Void ticket');
  });

  await test.step('each drawer is counted and closed with a Z report', async () => {
    for (const kiosk of KIOSKS) day.tills[kiosk].z = await closeShift(page(kiosk), day.tills[kiosk].cash);
  });

  await test.step('the log of every kiosk is the same, and says what the clerks were told', async () => {
    // What was printed last may still be on its way to be confirmed.
    await expect(async () => {
      const [first, ...others] = await Promise.all(KIOSKS.map((kiosk) => wholeLog(cluster, kiosk)));
      for (const other of others) expect(other.log).toEqual(first!.log);
    }).toPass({ timeout: SLOW_MS });
    const { log, state } = await wholeLog(cluster, 1);
    const sales = auditLog(log);
    expect([...sales.keys()].sort()).toEqual(day.sold.map(({ sale }) => sale).sort());
    for (const { sale, kiosk, order, total, change, tickets } of day.sold) {
      const logged = sales.get(sale)!;
      expect(logged).toMatchObject({ kiosk, clerk: CLERKS[kiosk].id, shift: day.tills[kiosk].shift, pay: order.pay, total, change });
      expect(logged.tickets.map(({ number }) => number)).toEqual(tickets);
      expect(logged.voided === null).toBe(sale !== forVoid.sale);
      // One original of each ticket, and one copy of what was printed again.
      expect(logged.claims).toBe(tickets.length * (sale === reprinted ? 2 : 1));
    }
    expect(sales.get(forVoid.sale)!.voided).toEqual({ clerk: 'ben', approver: 'mia', reason: 'Customer changed their mind' });
    for (const event of [MATCH, CUP]) {
      const live = [...sales.values()].filter(({ voided }) => voided === null).flatMap(({ tickets }) => tickets);
      expect(state.events.find(({ id }) => id === event.id)!.sold).toBe(live.filter((ticket) => ticket.event === event.id).length);
    }
  });

  await test.step('the Z reports are numbered without a gap and agree to the cent, and so does the report of the day', async () => {
    expect(KIOSKS.map((kiosk) => day.tills[kiosk].z!.title)).toEqual(['Z report 1', 'Z report 2', 'Z report 3']);
    for (const kiosk of KIOSKS) {
      const { z, cash } = day.tills[kiosk];
      for (const [word, kind] of [
        ['Cash', 'cash'],
        ['Card', 'card'],
        ['Free', 'free'],
      ] as const) {
        const { tickets, cents, back, ticketsBack } = day.figures(({ kiosk: at, order }) => at === kiosk && order.pay === kind);
        expect(z!.kinds[word], `kiosk ${kiosk}, ${kind}`).toEqual([String(tickets - ticketsBack), dollars(cents), dollars(back)]);
      }
      expect(z!.sums, `kiosk ${kiosk}`).toMatchObject({
        'Float at the beginning': dollars(FLOATS[kiosk]),
        'Expected in the drawer': dollars(cash),
        Counted: dollars(cash),
        Difference: dollars(0),
      });
    }
    const { tickets, cents, back, ticketsBack } = day.figures(() => true);
    await go(page(1), 'Reports');
    await page(1).getByText('All', { exact: true }).first().click();
    const tiles = page(1).locator('.tile strong');
    await expect(tiles).toHaveText([dollars(cents - back), String(tickets - ticketsBack), String(SALES), dollars(back)]);
  });

  await test.step('the paper: each ticket that was sold has one original, and the one copy is marked', async () => {
    const files = [...(await cups.pages()), ...(await Promise.all(KIOSKS.map((kiosk) => pdfsIn(day.folder(kiosk))))).flat()];
    const pages = await readPages(files);
    const nameOf = (sale: string, event: string, number: number, copy: number) => `${sale} ${event}/${number} copy ${copy}`;
    const sales = auditLog((await wholeLog(cluster, 1)).log);
    const wanted = [...sales.values()].flatMap(({ sale, tickets }) =>
      tickets.flatMap(({ event, number }) => (sale === reprinted ? [0, 1] : [0]).map((copy) => nameOf(sale, event, number, copy))),
    );
    expect(pages.map(({ sale, event, number, copy }) => nameOf(sale, event, number, copy)).sort()).toEqual(wanted.sort());
    for (const { sale, kiosk, clerk } of pages) expect(sales.get(sale)).toMatchObject({ kiosk, clerk });
  });
});

/** The day as it is kept by hand. */
class Day {
  readonly sold: Sold[] = [];
  readonly tills: Readonly<Record<KioskId, Till>> = { 1: openTill(1), 2: openTill(2), 3: openTill(3) };
  private readonly back: Sold[] = [];

  constructor(private readonly cluster: Cluster) {}

  folder(kiosk: KioskId): string {
    return `${this.cluster.dataFolder(kiosk)}/tickets`;
  }

  /** Writes down a sale as the screen told it, which is what it has to be, and puts the money into the drawer. */
  book(kiosk: KioskId, order: Order, told: Told): Sold {
    const total = totalOf(order);
    const count = order.lines.reduce((sum, { n }) => sum + n, 0);
    expect(told).toMatchObject({ total, change: order.given === undefined ? 0 : order.given - total });
    expect(told.tickets).toHaveLength(count);
    const sold = { ...told, kiosk, order };
    this.sold.push(sold);
    if (order.pay === 'cash') this.tills[kiosk].cash += (order.given ?? total) - told.change;
    return sold;
  }

  /** Takes the money of a voided sale out of the drawer. */
  giveBack(kiosk: KioskId, sold: Sold): void {
    this.back.push(sold);
    if (sold.order.pay === 'cash') this.tills[kiosk].cash -= sold.total;
  }

  /** What some of the sales come to, and what was given back of them. Cents. */
  figures(which: (sold: Sold) => boolean) {
    const sold = this.sold.filter(which);
    const back = this.back.filter(which);
    const cents = (some: readonly Sold[]) => some.reduce((sum, { total }) => sum + total, 0);
    const tickets = (some: readonly Sold[]) => some.reduce((sum, one) => sum + one.tickets.length, 0);
    return { tickets: tickets(sold), cents: cents(sold), back: cents(back), ticketsBack: tickets(back) };
  }

  /** Power cut at a kiosk, and its clerk back at work. */
  async crash(kiosk: KioskId): Promise<void> {
    expect(await this.cluster.close(kiosk)).toBe('SIGKILL');
    await this.comeBack(kiosk);
  }

  async comeBack(kiosk: KioskId): Promise<void> {
    const { page } = await this.cluster.open(kiosk);
    await signIn(page, CLERKS[kiosk]);
    await expect(page.locator('.clerk-chip')).toContainText(`Shift ${this.tills[kiosk].shift} open`);
  }
}

function openTill(kiosk: KioskId): Till {
  return { cash: FLOATS[kiosk], shift: 0, z: null };
}

function line(event: Priced, category: string, n: number): Line {
  return { event, category, n };
}

/** What the next customer wants: all kinds in turn. */
function orderOf(customer: number): Order {
  const carts: readonly (readonly Line[])[] = [
    [line(MATCH, 'Adult', 1)],
    [line(CUP, 'Adult', 2), line(CUP, 'Child', 1)],
    [line(MATCH, 'Adult', 2)],
    [line(CUP, 'Guest', 1)],
    [line(MATCH, 'Adult', 4)],
    [line(CUP, 'Adult', 1), line(CUP, 'Guest', 1), line(MATCH, 'Adult', 1)],
    [line(CUP, 'Child', 2)],
  ];
  const lines = carts[customer % carts.length]!;
  const total = totalOf({ lines, pay: 'cash' });
  if (total === 0) return { lines, pay: 'free' };
  switch (customer % 3) {
    case 0:
      return { lines, pay: 'cash' };
    case 1:
      return { lines, pay: 'card' };
    default:
      return { lines, pay: 'cash', given: likelyCash(total, 'USD', 1)[0]! };
  }
}
