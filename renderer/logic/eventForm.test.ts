import { describe, expect, it } from 'vitest';
import type { EventState } from '../../shared/answers';
import { eventActionSchema } from '../../shared/values';
import { actionOf, centsOf, centsText, type EventForm, formOf } from './eventForm';

const SITE = { timeZone: 'America/Los_Angeles', currency: 'USD' };
const event: EventState = {
  id: 'match',
  name: 'Match',
  starts: '2026-11-28T19:00:00-08:00',
  capacity: 100,
  sold: 4,
  remaining: 96,
  open: true,
  categories: [
    { id: 'adult', name: 'Adult', price: 1200 },
    { id: 'child', name: 'Child', price: 0 },
  ],
};
const form = formOf(event, SITE, false);
const change = (part: Partial<EventForm>) => actionOf({ ...form, ...part }, event, ['match'], SITE);

describe('an amount as people type it', () => {
  const usd = (text: string) => centsOf(text, 'USD');

  it('has a point or a comma, and at most two places', () => {
    expect(['12', '12.5', '12,50', ' 0.05 ', '0'].map(usd)).toEqual([1200, 1250, 1250, 5, 0]);
    expect(['', 'x', '1.234', '1,2,3', '-1', '1e3', '999999'].map(usd)).toEqual([null, null, null, null, null, null, null]);
    expect(centsText(1205, 'USD', false)).toBe('12.05');
    expect(centsText(1205, 'USD', true)).toBe('12,05');
  });

  it('has the places of its currency, of which two are counted', () => {
    expect(['12', '12.5', '12,500', '12.050', '12.505', '1.5000'].map((text) => centsOf(text, 'BHD'))).toEqual([
      1200,
      1250,
      1250,
      1205,
      null,
      null,
    ]);
    expect([1205, 1200].map((cents) => centsText(cents, 'BHD', true))).toEqual(['12,050', '12,000']);
    expect(centsOf('1500', 'JPY')).toBe(150_000);
    expect([150_000, 150_050].map((cents) => centsText(cents, 'JPY', false))).toEqual(['1500', '1500.50']);
  });
});

describe('the form of an event', () => {
  it('tells the log only what was changed, and nothing where nothing was', () => {
    expect(change({})).toEqual({ ok: true, action: null });
    expect(change({ capacity: '120' })).toEqual({ ok: true, action: { kind: 'change', event: 'match', capacity: 120 } });
    expect(change({ starts: '' })).toEqual({ ok: true, action: { kind: 'change', event: 'match', starts: null } });
    expect(change({ starts: '2026-11-29T14:00', name: 'Cup ' })).toEqual({
      ok: true,
      action: { kind: 'change', event: 'match', name: 'Cup', starts: '2026-11-29T14:00:00-08:00' },
    });
  });

  it('keeps the ids of categories, and gives new ones an id of their own', () => {
    const categories = [
      form.categories[1]!,
      { id: null, key: 9, name: 'Adult', price: '15,00' },
      { id: null, key: 10, name: 'Child!', price: '1' },
    ];
    expect(change({ categories })).toMatchObject({
      action: {
        categories: [
          { id: 'child', name: 'Child', price: 0 },
          { id: 'adult', name: 'Adult', price: 1500 },
          { id: 'child-2', name: 'Child!', price: 100 },
        ],
      },
    });
  });

  it('makes a new event that the log takes', () => {
    const made = actionOf(
      { ...form, name: 'Grand Final', categories: [{ id: null, key: 0, name: 'Everybody', price: '0' }] },
      null,
      ['grand-final'],
      SITE,
    );
    expect(made).toMatchObject({ action: { kind: 'create', event: { id: 'grand-final-2', categories: [{ id: 'everybody', price: 0 }] } } });
    expect(made.ok && eventActionSchema.safeParse(made.action).success).toBe(true);
  });

  it.each([
    [{ name: ' ' }, 'name'],
    [{ capacity: '0' }, 'capacity'],
    [{ capacity: 'many' }, 'capacity'],
    [{ categories: [] }, 'categories'],
    [{ categories: [{ id: null, key: 0, name: '', price: '1' }] }, 'category_name'],
    [{ categories: [{ id: null, key: 0, name: 'A', price: 'dear' }] }, 'price'],
    [{ categories: [0, 1].map((key) => ({ id: null, key, name: 'A', price: '1' })) }, 'category_twice'],
  ] as const)('names what is wrong with %j', (part, mistake) => {
    expect(change(part)).toEqual({ ok: false, mistake });
  });
});
