import { afterEach, describe, expect, it, vi } from 'vitest';
import { ZERO_BALLOT } from '../../shared/ballot';
import { ALPHA, COMMANDS_VERSION } from '../../shared/constants';
import { type BuyCommand, commandsOf } from '../../shared/values';
import type { ArchiveEntry } from '../storage';
import { Driver } from './driver';

const MEMBER = { kiosk: 1, incarnation: '00000000000000a1', name: 'North', host: '127.0.0.1', port: 7401, priority: 0 };

let driver: Driver | null = null;
afterEach(() => {
  driver?.end();
  vi.useRealTimers();
});

function buy(requestId: string): BuyCommand {
  return { op: 'buy', requestId, kiosk: 1, clerk: 'ann', issued: 1, at: 0, items: [{ event: 'demo', category: 'adult', n: 1 }] };
}

const turn = () => new Promise(setImmediate);

/** A site of one kiosk that has its founding behind it, a disk that is done at once, and no tick from then on: one ends a crowd. */
async function founded() {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const applied: ArchiveEntry[] = [];
  const nothing = () => {};
  const fail = (error: Error) => {
    throw error;
  };
  const made = new Driver(
    {
      self: MEMBER,
      uid: 'site',
      founders: [1],
      events: [{ id: 'demo', name: 'Demo', capacity: 100, categories: [{ id: 'adult', name: 'Adult', price: 0 }] }],
      firstRound: 1,
      mayFound: true,
      supports: COMMANDS_VERSION,
      keptSlots: ALPHA,
      batchesInFlight: 2,
    },
    { snapshot: null, promised: ZERO_BALLOT, records: [] },
    {
      now: () => performance.now(),
      append: async () => {},
      checkpoint: async () => {},
      saveSnapshot: async () => {},
      send: nothing,
      onApplied: (entry) => applied.push(entry),
      onInstalled: nothing,
      onRead: nothing,
      onDeparted: nothing,
      onSettled: nothing,
      onFault: fail,
      onAmnesia: nothing,
      onFatal: fail,
    },
  );
  driver = made;
  await expect
    .poll(() => {
      vi.advanceTimersToNextTimer();
      return made.view().role;
    })
    .toBe('leader');
  const before = applied.length;
  /** The request ids of each slot that was applied since. */
  const slots = () => applied.slice(before).map(({ value }) => commandsOf(value).map(({ requestId }) => requestId));
  return { driver: made, slots };
}

describe('commands', () => {
  it('go into the log at the end of the turn in which one came alone, and wait for the next turn where a crowd comes', async () => {
    const { driver, slots } = await founded();
    driver.propose(buy('a'));
    await turn();
    await expect.poll(slots).toEqual([['a']]);
    driver.propose(buy('b'));
    driver.propose(buy('c'));
    await turn();
    driver.propose(buy('d'));
    await expect.poll(slots).toEqual([['a'], ['b', 'c', 'd']]);
  });

  it('are not carried out after they were withdrawn, however long their crowd waits', async () => {
    const { driver, slots } = await founded();
    driver.propose(buy('a'));
    driver.propose(buy('b'));
    await turn();
    driver.propose(buy('c'));
    driver.input({ type: 'withdraw', requestId: 'c' });
    driver.propose(buy('d'));
    await expect.poll(slots).toEqual([['a', 'b'], ['d']]);
  });
});
