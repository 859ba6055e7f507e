import { describe, expect, it } from 'vitest';
import { MAX_TICKETS_PER_BUY } from '../../shared/constants';
import { eraseDigit, NO_QUANTITY, QUICK_QUANTITIES, quickQuantity, typeDigit } from './quantity';

const typed = (digits: string, from = NO_QUANTITY) => [...digits].reduce((quantity, digit) => typeDigit(quantity, Number(digit)), from);

describe('quantity', () => {
  it('appends typed digits', () => {
    expect(typed('7').value).toBe(7);
    expect(typed('12').value).toBe(12);
    expect(typed('100').value).toBe(100);
    expect(typed('007').value).toBe(7);
  });

  it('shows what is over the maximum as it was typed, and ignores a digit too many', () => {
    expect(typed('123').value).toBe(123);
    expect(typed('123').value).toBeGreaterThan(MAX_TICKETS_PER_BUY);
    expect(typed('1234').value).toBe(123);
  });

  it('begins anew after a quick button: 4 and then 2 is 2, never 42', () => {
    expect(typed('2', quickQuantity(4)).value).toBe(2);
    expect(typed('25', quickQuantity(4)).value).toBe(25);
  });

  it('takes back digit by digit, and a quick button as a whole', () => {
    expect(eraseDigit(typed('12')).value).toBe(1);
    expect(eraseDigit(typed('1')).value).toBe(0);
    expect(eraseDigit(NO_QUANTITY)).toEqual(NO_QUANTITY);
    expect(eraseDigit(quickQuantity(10))).toEqual(NO_QUANTITY);
    expect(typed('5', eraseDigit(typed('12'))).value).toBe(15);
  });

  it('has quick buttons for numbers that may be sold', () => {
    for (const n of QUICK_QUANTITIES) expect(n >= 1 && n <= MAX_TICKETS_PER_BUY).toBe(true);
  });
});
