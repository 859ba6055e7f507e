import { describe, expect, it } from 'vitest';
import type { SaleView } from '../../shared/service';
import { onlyOne, shownSale } from './chosen';

const [A, B] = ['3.1', '4.1'].map((sale) => ({ sale, status: 'live' }) as unknown as SaleView) as [SaleView, SaleView];

describe('the sale beside the list', () => {
  it('is that of the last scan, and none where that is unknown', () => {
    const chosen = { sale: A, text: 'ticket of A' };
    expect(shownSale(chosen, [A], 'ticket of A')).toBe(A);
    // The next ticket: still looked for, then not found.
    expect(shownSale(chosen, null, 'ticket of B')).toBeNull();
    expect(shownSale(chosen, [], 'ticket of B')).toBeNull();
    expect(onlyOne(null, 'ticket of B')).toBeNull();
    expect(onlyOne([B], 'ticket of B')).toBe(B);
  });

  it('stays while it fits, as it is now, and when it ceases to fit by what was done to it', () => {
    const chosen = { sale: A, text: '' };
    const voided = { ...A, status: 'void' } as SaleView;
    expect(shownSale(chosen, [B, voided], '7')).toBe(voided);
    expect(shownSale(chosen, [B], '')).toBe(A);
    expect(shownSale(null, [A], '')).toBeNull();
  });

  it('is chosen by itself only by what was typed', () => {
    expect(onlyOne([A], '')).toBeNull();
    expect(onlyOne([A, B], '3')).toBeNull();
  });
});
