import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Permission } from '../../shared/constants';
import { said, told } from '../../shared/said';
import { hostileArguments, IPC_CASES } from '../../shared/testing/ipcCases';
import type { Answerer, Gate } from './gate';
import { type IpcParts, setupIpc } from './ipc';
import { reset, world } from './testing/electron';

vi.mock('./electron', async () => (await import('./testing/electron')).electron);
vi.mock('./openSales', () => ({
  OpenSales: class {
    view = () => null;
    seen = () => undefined;
  },
}));

/** A sale of two tickets, the second of which was claimed for a printer already, and whose receipt was not. */
const SALE = { sale: '2.1', receipts: 0, items: [{ event: 'match', tickets: [1, 2], printed: [0, 1] }] };
const RECEIPTED = { ...SALE, receipts: 1 };

/** A window's requests where somebody stands who may do these things. */
function page(may: readonly Permission[], sale: object = SALE) {
  const printed: unknown[] = [];
  const sent: string[] = [];
  let ask: Answerer | null = null;
  const gate = {
    open: (answerer: Answerer) => {
      ask = answerer;
    },
  } as Gate;
  const service = { sale: () => sale, view: () => ({ desk: { clerk: { id: 'ann' } } }), subscribe: () => undefined };
  const queue = { add: (order: unknown) => printed.push(order) && ['job'], subscribe: () => undefined };
  setupIpc(gate, {
    window: { isDestroyed: () => false, webContents: { send: (channel: string) => sent.push(channel) } },
    service,
    queue,
    desk: { may: (permission: Permission) => may.includes(permission) },
    pages: () => {
      throw told('file_first');
    },
    onPreview: () => undefined,
    log: () => undefined,
  } as unknown as IpcParts);
  return { ask: ask!, printed, sent };
}

const order = (more: object) => ({ sale: '2.1', printer: null, paper: 'ticket', ...more });
const FRESH = order({ tickets: [{ event: 'match', number: 1 }] });
const AGAIN = order({ tickets: [{ event: 'match', number: 2 }] });
const HIDDEN = { ok: false, error: said('reprint_hidden') };

beforeEach(reset);

describe('a page asks for paper', () => {
  it('for the first time with the right to sell, for a copy with the right to reprint, and with no other right for neither', async () => {
    const seller = page(['sell']);
    expect(await seller.ask('kiosk:print', FRESH)).toEqual({ ok: true, value: ['job'] });
    expect(await seller.ask('kiosk:print', order({ receipt: true }))).toMatchObject({ ok: true });
    for (const copy of [AGAIN, order({})]) expect(await seller.ask('kiosk:print', copy)).toEqual(HIDDEN);
    expect(seller.printed).toHaveLength(2);
    expect(await page(['sell'], RECEIPTED).ask('kiosk:print', order({ receipt: true }))).toEqual(HIDDEN);
    for (const wanted of [FRESH, AGAIN, order({}), order({ receipt: true })]) {
      expect(await page(['reprint'], RECEIPTED).ask('kiosk:print', wanted)).toMatchObject({ ok: true });
      const gate = page(['admit', 'reports', 'void']);
      expect(await gate.ask('kiosk:print', wanted)).toEqual(HIDDEN);
      expect(gate.printed).toEqual([]);
    }
  });

  it('and sees tickets with one of these rights: a picture of one is one', async () => {
    expect(await page(['admit', 'void']).ask('kiosk:tickets', { sale: '2.1' })).toEqual({ ok: false, error: said('tickets_hidden') });
    for (const right of ['sell', 'reprint'] as const)
      expect(await page([right]).ask('kiosk:tickets', { sale: '2.1' })).toMatchObject({ ok: false, error: { code: 'file_first' } });
  });
});

it('what is not as a request is it refuses in words, whoever stands there', async () => {
  const { ask, printed } = page(['sell', 'reprint']);
  for (const channel of Object.keys(IPC_CASES) as (keyof typeof IPC_CASES)[])
    for (const [name, argument] of hostileArguments(IPC_CASES[channel]))
      expect(await ask(channel, argument), `${channel}: ${name}`).toMatchObject({ ok: false, error: { code: 'misunderstood' } });
  // What comes with members by its prototype is no request, whatever they say.
  expect(await ask('kiosk:page-pdf', new Error('name'))).toMatchObject({ ok: false, error: { code: 'misunderstood' } });
  expect(printed).toEqual([]);
});

it('the page hears that the machine woke up', () => {
  const { sent } = page([]);
  world.power.emit('suspend');
  expect(sent).toEqual([]);
  world.power.emit('resume');
  expect(sent).toEqual(['kiosk:woke']);
});
