import { MAX_ITEMS_PER_BUY, MAX_TICKETS_PER_BUY, NAME_ID, REQUEST_ID } from '../../shared/constants';
import type { EndpointRequest } from '../../shared/endpoint';
import { type Fields, isList, isObject, isOf, isText, isWhole, isWithin, matches } from '../../shared/glance';
import { CLERK_MAX, MAX_TIMEOUT_MS } from '../../shared/requests';

/**
 * A plain buy of a local client, known at a glance: whatever else it says (a payment, a total, anything that nobody
 * knows) is left to the schema, so nothing gets in here that it would turn away; a test holds one against the other.
 */
export function isPlainBuy(value: unknown): value is EndpointRequest {
  return isObject(value) && isOf(value, 2) && isWhole(value.seq) && isObject(value.request) && isBuy(value.request);
}

function isBuy(request: Fields): boolean {
  const { op, items, id, timeoutMs, clerk } = request;
  return (
    op === 'buy' &&
    isOf(request, 2 + count(id) + count(timeoutMs) + count(clerk)) &&
    isList(items, isItem) &&
    items.length <= MAX_ITEMS_PER_BUY &&
    ticketsOf(items) <= MAX_TICKETS_PER_BUY &&
    (id === undefined || matches(id, REQUEST_ID)) &&
    (timeoutMs === undefined || isWithin(timeoutMs, 1, MAX_TIMEOUT_MS)) &&
    (clerk === undefined || isText(clerk, 1, CLERK_MAX))
  );
}

function isItem(value: unknown): boolean {
  return (
    isObject(value) &&
    isOf(value, 1 + count(value.event) + count(value.category)) &&
    isWithin(value.n, 1, MAX_TICKETS_PER_BUY) &&
    (value.event === undefined || matches(value.event, NAME_ID)) &&
    (value.category === undefined || matches(value.category, NAME_ID))
  );
}

function count(member: unknown): number {
  return member === undefined ? 0 : 1;
}

function ticketsOf(items: readonly unknown[]): number {
  let tickets = 0;
  for (const item of items) tickets += (item as { readonly n: number }).n;
  return tickets;
}
