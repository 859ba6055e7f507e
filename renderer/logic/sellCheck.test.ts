import { describe, expect, it } from 'vitest';
import type { EventState } from '../../shared/answers';
import { MAX_TICKETS_PER_BUY } from '../../shared/values';
import type { SaleState } from './sale';
import { obstacleTo } from './sellCheck';
import { standingOf } from './standing';
import { canBeSold, stockOf } from './stock';

const event: EventState = { id: 'demo', name: 'Demo', capacity: 100, categories: [], sold: 0, remaining: 100, open: true };
const idle: SaleState = { kind: 'idle' };
const pending = { id: 'w1-x', wanted: { event: 'demo', category: 'adult', n: 1 } };

describe('stock', () => {
  it.each([
    [0, 100, 'sold_out'],
    [1, 100, 'low'],
    [9, 20, 'low'],
    [10, 100, 'plenty'],
    [99, 1000, 'low'],
    [100, 1000, 'plenty'],
    [5, 5, 'low'],
  ])('%i of %i is %s', (remaining, capacity, stock) => {
    expect(stockOf({ remaining, capacity, open: true })).toBe(stock);
  });

  it('is closed whatever is left', () => {
    expect(stockOf({ remaining: 50, capacity: 100, open: false })).toBe('closed');
    expect(canBeSold({ ...event, open: false })).toBe(false);
    expect(canBeSold({ ...event, remaining: 0 })).toBe(false);
    expect(canBeSold({ ...event, remaining: 1 })).toBe(true);
  });
});

describe('Sell', () => {
  it('may be pressed from 1 to the maximum, and names what is wrong with any other number', () => {
    expect(obstacleTo('selling', event, 0, idle)).toBe('no_quantity');
    expect(obstacleTo('selling', event, 1, idle)).toBeNull();
    expect(obstacleTo('selling', event, MAX_TICKETS_PER_BUY, idle)).toBeNull();
    expect(obstacleTo('selling', event, MAX_TICKETS_PER_BUY + 1, idle)).toBe('too_many');
  });

  it('may be pressed for more than this kiosk knows to be left: the log offers the rest', () => {
    expect(obstacleTo('selling', { ...event, remaining: 2 }, 5, idle)).toBeNull();
  });

  it('waits for a majority, for an open event and for the end of the last sale', () => {
    expect(obstacleTo('waiting', event, 1, idle)).toBe('waiting');
    expect(obstacleTo('cut_off', event, 1, idle)).toBe('cut_off');
    expect(obstacleTo(standingOf({ role: 'removed', connection: 'waiting' }), event, 1, idle)).toBe('removed');
    expect(obstacleTo(standingOf({ role: 'faulty', connection: 'cut_off' }), event, 1, idle)).toBe('faulty');
    expect(obstacleTo(standingOf({ role: 'learner', connection: 'selling' }), event, 1, idle)).toBeNull();
    expect(obstacleTo('selling', { ...event, remaining: 0 }, 1, idle)).toBe('sold_out');
    expect(obstacleTo('selling', { ...event, open: false }, 1, idle)).toBe('closed');
    expect(obstacleTo('selling', event, 1, { kind: 'selling', pending })).toBe('selling');
    expect(obstacleTo('cut_off', event, 1, { kind: 'checking', pending })).toBe('checking');
  });
});
