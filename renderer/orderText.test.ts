import { describe, expect, it } from 'vitest';
import { lineText, saleText, soldText } from './orderText';

describe('an order in words', () => {
  it('keeps a name that is written from right to left apart from the figures beside it', () => {
    expect(lineText(2, 'Match', 'Adult')).toBe('2 × Match, Adult');
    expect(lineText(2, 'كأس 2026', 'طفل')).toBe('2 × \u2068كأس 2026\u2069, \u2068طفل\u2069');
    const items = [{ eventName: 'גביע', categoryName: 'Adult', tickets: [1, 2] }];
    expect(soldText([...items, { eventName: 'Match', categoryName: 'Child', tickets: [7] }])).toBe(
      '2 × \u2068גביע\u2069, Adult + 1 × Match, Child',
    );
  });

  it('has the numbers of its tickets, unless they are of several events, whose numbers begin anew', () => {
    const of = (...events: string[]) => events.map((event) => ({ event }));
    expect(saleText('4.1', of('match', 'match'), [1, 2, 3, 7])).toBe('Sale 4.1 · tickets 1-3, 7');
    expect(saleText('4.1', of('match'), [7])).toBe('Sale 4.1 · ticket 7');
    expect(saleText('4.1', of('match', 'gala'), [1, 2, 1])).toBe('Sale 4.1 · 3 tickets');
    // Of an earlier life it may not be known what was asked for.
    expect(saleText('4.1', [], [1, 2])).toBe('Sale 4.1 · tickets 1-2');
  });
});
