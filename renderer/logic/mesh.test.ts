import { describe, expect, it } from 'vitest';
import type { KioskOnScreen } from '../../shared/service';
import { linksOf, placesOf } from './mesh';

function kiosk(id: number, reaches: readonly number[] | null): KioskOnScreen {
  return {
    id,
    name: `Gate ${id}`,
    address: `127.0.0.1:740${id}`,
    standing: 'member',
    leader: false,
    self: id === 1,
    linked: true,
    lag: 0,
    heardMs: 0,
    reaches,
    printer: null,
  };
}

describe('the picture of the mesh', () => {
  it('tells links both ways, one way and none', () => {
    expect(linksOf([kiosk(1, [2]), kiosk(2, [1, 3]), kiosk(3, [])])).toEqual([
      { a: 1, b: 2, kind: 'both' },
      { a: 1, b: 3, kind: 'none' },
      { a: 2, b: 3, kind: 'one' },
    ]);
  });

  it('has the one who reaches first, and says nothing of two that are not heard', () => {
    expect(linksOf([kiosk(1, []), kiosk(2, [1]), kiosk(3, null), kiosk(4, null)])).toEqual([
      { a: 2, b: 1, kind: 'one' },
      { a: 1, b: 3, kind: 'none' },
      { a: 1, b: 4, kind: 'none' },
      { a: 2, b: 3, kind: 'none' },
      { a: 2, b: 4, kind: 'none' },
    ]);
  });

  it('places kiosks inside the picture, apart from each other', () => {
    for (const count of [1, 2, 3, 5, 9]) {
      const places = placesOf(count, 400, 240, 40);
      expect(places).toHaveLength(count);
      for (const { x, y } of places) {
        expect(x).toBeGreaterThanOrEqual(39.9);
        expect(x).toBeLessThanOrEqual(360.1);
        expect(y).toBeGreaterThanOrEqual(39.9);
        expect(y).toBeLessThanOrEqual(200.1);
      }
      expect(new Set(places.map(({ x, y }) => `${Math.round(x)},${Math.round(y)}`)).size).toBe(count);
    }
  });
});
