import type { LoggedAction } from '../shared/answers';
import { fullDate, money } from './format';
import { messages } from './messages';

/** Money and dates as this site writes them. */
export interface SiteTerms {
  readonly currency: string;
  readonly timeZone: string;
}

/** What was done to the programme, the clerks or a drawer, in words. */
export function actionText(logged: LoggedAction, terms: SiteTerms): string {
  switch (logged.op) {
    case 'event':
      return eventText(logged.action, terms);
    case 'clerk':
      return clerkText(logged.action);
    case 'shift':
      return shiftText(logged.action, terms);
  }
}

function eventText(action: Extract<LoggedAction, { op: 'event' }>['action'], { currency, timeZone }: SiteTerms): string {
  const words = messages.actions;
  const prices = (some: readonly { readonly price: number; readonly what: string }[]) =>
    some.map(({ what, price }) => `${what} ${price === 0 ? messages.sell.free : money(price, currency)}`).join(', ');
  const named = (some: readonly { readonly name: string; readonly price: number }[]) =>
    prices(some.map(({ name, price }) => ({ what: name, price })));
  switch (action.kind) {
    case 'open':
      return words.eventOpen(action.event);
    case 'close':
      return words.eventClose(action.event);
    case 'create':
      return words.eventCreate(action.event.id, parts(words.capacity(action.event.capacity), named(action.event.categories)));
    case 'change':
      return words.eventChange(
        action.event,
        parts(
          action.name === undefined ? '' : words.name(action.name),
          action.starts === undefined ? '' : action.starts === null ? words.startsNever : words.starts(fullDate(action.starts, timeZone)),
          action.capacity === undefined ? '' : words.capacity(action.capacity),
          action.categories === undefined ? '' : named(action.categories),
          action.prices === undefined ? '' : prices(action.prices.map(({ category, price }) => ({ what: category, price }))),
        ),
      );
  }
}

function clerkText({ kind, target, name, permissions, active, newPin }: Extract<LoggedAction, { op: 'clerk' }>['action']): string {
  const words = messages.actions;
  const may = permissions?.map((permission) => messages.clerks.permissions[permission]).join(', ');
  const what = parts(
    name === undefined ? '' : words.name(name),
    may === undefined ? '' : may === '' ? words.mayNothing : words.may(may),
    newPin ? words.newPin : '',
    active === undefined ? '' : active ? words.enabled : words.disabled,
  );
  return kind === 'add' ? words.clerkAdd(target, what) : words.clerkChange(target, what);
}

function shiftText(action: Extract<LoggedAction, { op: 'shift' }>['action'], { currency }: SiteTerms): string {
  const words = messages.actions;
  switch (action.kind) {
    case 'open':
      return words.shiftOpen(money(action.float, currency));
    case 'close':
      return words.shiftClose(action.shift);
    case 'in':
      return words.cashIn(money(action.cents, currency), action.reason);
    case 'out':
      return words.cashOut(money(action.cents, currency), action.reason);
  }
}

function parts(...some: readonly string[]): string {
  return some.filter((part) => part !== '').join('; ');
}
