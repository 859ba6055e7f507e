import { EventEmitter } from 'node:events';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { ASSISTANT_CASES, IPC_CASES } from '../shared/testing/ipcCases';

type Bridge = Readonly<Record<string, (...given: unknown[]) => unknown>>;

const { exposed, asked, events } = vi.hoisted(() => ({
  exposed: {} as Record<string, Bridge>,
  asked: [] as unknown[][],
  events: {
    on: (_name: string, _listener: unknown) => undefined as unknown,
    off: (_name: string, _listener: unknown) => undefined as unknown,
  },
}));
vi.mock('electron', () => ({
  contextBridge: { exposeInMainWorld: (name: string, bridge: Bridge) => Object.assign(exposed, { [name]: bridge }) },
  ipcRenderer: {
    invoke: (...words: unknown[]) => asked.push(words),
    on: (name: string, listener: unknown) => events.on(name, listener),
    off: (name: string, listener: unknown) => events.off(name, listener),
  },
}));

const heard = new EventEmitter();
beforeAll(async () => {
  events.on = (name, listener) => heard.on(name, listener as () => void);
  events.off = (name, listener) => heard.off(name, listener as () => void);
  await import('./index');
  await import('./assistant');
});

/** What each function of a bridge asks for, whatever it is called with. */
function channelsOf(bridge: Bridge): readonly string[] {
  asked.length = 0;
  for (const [name, call] of Object.entries(bridge)) if (!name.startsWith('on')) call('kiosk:foreign', 'kiosk:foreign');
  return asked.map(([channel]) => String(channel)).sort();
}

describe('what the page is given', () => {
  it('is one function for each request, which asks for that one and takes one argument', () => {
    expect(Object.keys(exposed)).toEqual(['kiosk', 'assistant']);
    expect(channelsOf(exposed.kiosk!)).toEqual(Object.keys(IPC_CASES).sort());
    expect(asked.filter((words) => words.length > 2)).toEqual([]);
    expect(channelsOf(exposed.assistant!)).toEqual(Object.keys(ASSISTANT_CASES).sort());
    expect(asked.filter((words) => words.length > 2)).toEqual([]);
  });

  it('tells what has changed, without the event of Electron, and stops when it is asked to', () => {
    const told: unknown[][] = [];
    const listeners = Object.entries(exposed.kiosk!).filter(([name]) => name.startsWith('on'));
    expect(listeners).toHaveLength(5);
    for (const [, listen] of listeners) {
      const before = new Set(heard.eventNames());
      const stop = listen((...given: unknown[]) => told.push(given)) as () => void;
      const [channel] = heard.eventNames().filter((name) => !before.has(name));
      heard.emit(channel!, { sender: 'Electron', ports: [] }, 'news', 'more');
      expect(told.splice(0)).toEqual([['news']]);
      stop();
      heard.emit(channel!, { sender: 'Electron' }, 'late');
      expect(told).toEqual([]);
    }
  });
});
