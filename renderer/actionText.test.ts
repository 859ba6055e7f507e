import { afterEach, describe, expect, it } from 'vitest';
import type { LoggedAction } from '../shared/answers';
import { actionText } from './actionText';
import { setLanguage } from './messages';

const TERMS = { currency: 'EUR', timeZone: 'Europe/Berlin' };
const MADE: LoggedAction = {
  op: 'event',
  action: {
    kind: 'create',
    event: {
      id: 'gala',
      name: 'Gala',
      capacity: 1,
      categories: [
        { id: 'adult', name: 'Adult', price: 1_250 },
        { id: 'child', name: 'Child', price: 0 },
      ],
    },
  },
};

describe('what was done to programme, clerks and drawers', () => {
  afterEach(() => setLanguage('en'));

  it.each([
    ['en', MADE, 'Event gala made: 1 ticket; Adult €12.50, Child Free'],
    ['de', MADE, 'Veranstaltung gala angelegt: 1 Karte; Adult 12,50 €, Child Frei'],
    [
      'de',
      { op: 'event', action: { kind: 'change', event: 'gala', starts: null, capacity: 3 } },
      'Veranstaltung gala geändert: ohne Termin; 3 Karten',
    ],
    [
      'en',
      { op: 'event', action: { kind: 'change', event: 'gala', prices: [{ category: 'adult', price: 900 }] } },
      'Event gala changed: adult €9.00',
    ],
    ['de', { op: 'event', action: { kind: 'close', event: 'gala' } }, 'Veranstaltung gala geschlossen'],
    [
      'de',
      { op: 'clerk', action: { kind: 'change', target: 'tom', permissions: ['sell', 'void'], newPin: true, active: false } },
      'Person tom geändert: darf: Verkaufen, Stornieren; neue PIN; darf sich nicht mehr anmelden',
    ],
    [
      'en',
      { op: 'clerk', action: { kind: 'add', target: 'tom', name: 'Tom', permissions: [], newPin: false } },
      'Clerk tom added: name Tom; may do nothing',
    ],
    ['de', { op: 'shift', action: { kind: 'open', float: 10_000 } }, 'Schicht mit 100,00 € geöffnet'],
    ['de', { op: 'shift', action: { kind: 'out', shift: 1, cents: 5_000, reason: 'Tresor' } }, '50,00 € entnommen (Tresor)'],
  ] as const)('in %s', (language, action, words) => {
    setLanguage(language);
    // Intl keeps the sign with its amount by a space that does not break.
    expect(actionText(action as LoggedAction, TERMS).replaceAll(/[\u00a0\u202f]/g, ' ')).toBe(words);
  });
});
