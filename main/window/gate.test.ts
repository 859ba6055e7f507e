import type { BrowserWindow } from 'electron';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { IPC_CHANNELS } from '../../shared/channels';
import { type FirstAnswers, Gate } from './gate';
import { PAGE_URL } from './pages';

type Handler = (event: { senderFrame: unknown }, argument: unknown) => Promise<unknown>;
const handlers = vi.hoisted(() => new Map<string, Handler>());
vi.mock('./electron', () => ({ ipcMain: { handle: (channel: string, handler: Handler) => handlers.set(channel, handler) } }));

const frame = { url: PAGE_URL };
const FIRST = {
  'kiosk:view': () => 'the view',
  'kiosk:settings': () => 'the settings',
  'kiosk:till': () => 'the till',
  'kiosk:locked-to-counter': () => false,
} as unknown as FirstAnswers;

let gate: Gate;
let answered: string[];
beforeEach(() => {
  handlers.clear();
  answered = [];
  gate = new Gate({ isDestroyed: () => false, webContents: { mainFrame: frame } } as unknown as BrowserWindow);
});

/** Asks, and notes when there is an answer. */
function ask(channel: string, argument?: unknown, from: unknown = frame): Promise<unknown> {
  const answer = handlers.get(channel)!({ senderFrame: from }, argument);
  void answer.then(() => answered.push(channel));
  return answer;
}

/** All that can be answered now is answered. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the gate of a page', () => {
  it('lets nothing through before there is a kiosk', async () => {
    for (const channel of IPC_CHANNELS) void ask(channel);
    await turn();
    expect(answered).toEqual([]);
  });

  it('shows a kiosk that is not linked yet, and has it do nothing', async () => {
    for (const channel of IPC_CHANNELS) void ask(channel);
    gate.show(FIRST);
    await turn();
    expect([...answered].sort()).toEqual(Object.keys(FIRST).sort());
    expect(await ask('kiosk:view')).toEqual({ ok: true, value: 'the view' });
    expect(await ask('kiosk:locked-to-counter')).toEqual({ ok: true, value: false });
  });

  it('has every question answered by the kiosk once it is open, in the order in which they came', async () => {
    const seen: string[] = [];
    void ask('kiosk:keep-till', 'one');
    gate.show(FIRST);
    void ask('kiosk:execute', 'two');
    await turn();
    gate.open((channel, argument) => {
      seen.push(`${channel} ${String(argument)}`);
      return Promise.resolve({ ok: true, value: null }) as never;
    });
    await turn();
    expect(await ask('kiosk:view')).toEqual({ ok: true, value: null });
    expect(seen).toEqual(['kiosk:keep-till one', 'kiosk:execute two', 'kiosk:view undefined']);
  });

  it('leaves an argument that does not belong there to whoever checks it', async () => {
    gate.show(FIRST);
    void ask('kiosk:view', { more: true });
    await turn();
    expect(answered).toEqual([]);
  });

  it('refuses what comes from another page, at any time', async () => {
    for (const from of [null, { url: PAGE_URL }, { url: 'https://example.org/' }])
      expect(await ask('kiosk:view', undefined, from)).toMatchObject({ ok: false });
    gate.show(FIRST);
    expect(await ask('kiosk:view', undefined, { url: PAGE_URL })).toMatchObject({ ok: false });
  });
});
