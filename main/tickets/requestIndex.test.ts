import { afterEach, describe, expect, it, vi } from 'vitest';
import { RequestIndex } from './requestIndex';

const IDS = 100_000;

afterEach(() => vi.unstubAllGlobals());

describe('the index of requests', () => {
  it('grows in small pieces: no sale waits until a great part of all ids is moved', () => {
    let longest = 0;
    vi.stubGlobal(
      'Uint32Array',
      class extends Uint32Array {
        constructor(length: number) {
          super(length);
          longest = Math.max(longest, length);
        }
      },
    );
    const index = new RequestIndex();
    for (let row = 0; row < IDS; row += 1) index.add(`till-${row % 7}:${row}`, row);
    expect(longest).toBeGreaterThan(0);
    expect(longest).toBeLessThan(IDS / 50);
    for (let row = 0; row < IDS; row += 997) expect(index.find(`till-${row % 7}:${row}`, (found) => found === row)).toBe(row);
    expect(index.find('till-1:0', () => true)).toBeNull();
  });
});
