import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { KioskView } from '../../shared/service';
import { STARTING_VIEW_MS, VIEW_MS } from './timing';
import { ViewFeed } from './viewFeed';

/** Stands for all that a screen is told. */
let applied = 0;
let connection: KioskView['connection'] = 'selling';
const feed = () => new ViewFeed(() => ({ applied, connection }) as Omit<KioskView, 'version'>);

beforeEach(() => {
  applied = 0;
  connection = 'selling';
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

describe('what screens are told', () => {
  it('has a version that rises with each new state, and is never told twice', () => {
    const views = feed();
    const told: [version: number, applied: number][] = [];
    views.subscribe(({ version, applied: at }) => told.push([version, at]));
    for (const next of [1, 1, 2]) {
      applied = next;
      views.changed();
      vi.advanceTimersByTime(VIEW_MS);
    }
    expect(told).toEqual([
      [1, 1],
      [2, 2],
    ]);
    // Whoever asks has what was told last, under its version, or what is newer under the same: the next one told replaces it.
    applied = 3;
    expect(views.view).toMatchObject({ version: 2, applied: 3 });
  });

  it('comes at once after a quiet while, then no more often than a screen can be drawn, with the newest state', () => {
    const views = feed();
    const told: number[] = [];
    const end = views.subscribe(({ applied: at }) => told.push(at));
    vi.advanceTimersByTime(10 * VIEW_MS);
    applied = 1;
    views.changed();
    vi.advanceTimersByTime(1);
    expect(told).toEqual([1]);
    for (applied = 2; applied < 9; applied += 1) views.changed();
    vi.advanceTimersByTime(VIEW_MS - 2);
    expect(told).toEqual([1]);
    vi.advanceTimersByTime(2);
    expect(told).toEqual([1, 9]);
    end();
    applied = 10;
    views.changed();
    vi.advanceTimersByTime(10 * VIEW_MS);
    expect(told).toEqual([1, 9]);
  });

  it('of a kiosk that starts it comes less often, with the newest state; that it sells is told at once', () => {
    const views = feed();
    const told: [connection: string, applied: number][] = [];
    views.subscribe((view) => told.push([view.connection, view.applied]));
    connection = 'starting';
    for (applied = 1; applied < 4; applied += 1) {
      views.changed();
      vi.advanceTimersByTime(VIEW_MS);
    }
    expect(told).toEqual([['starting', 1]]);
    // Nothing more comes after these: what was held back is told by itself.
    vi.advanceTimersByTime(STARTING_VIEW_MS);
    expect(told.slice(1)).toEqual([['starting', 4]]);
    applied = 5;
    views.changed();
    vi.advanceTimersByTime(VIEW_MS);
    connection = 'selling';
    views.changed();
    vi.advanceTimersByTime(VIEW_MS);
    expect(told.slice(2)).toEqual([['selling', 5]]);
    applied = 6;
    vi.advanceTimersByTime(STARTING_VIEW_MS);
    views.changed();
    vi.advanceTimersByTime(1);
    expect(told.slice(3)).toEqual([['selling', 6]]);
  });
});
