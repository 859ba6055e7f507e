import { KIOSK_ID_MAX, MAX_ITEMS_PER_BUY, MAX_TICKETS_PER_BUY, NAME_ID, REQUEST_ID } from '../../shared/constants';
import { isList, isObject, isOf, isText, isWhole, isWithin, matches } from '../../shared/glance';
import { type Message, messageSchema } from '../../shared/messages';

/**
 * What kiosks say all the time, known at a glance: Accepts of buys, their Accepteds, buys passed on, and heartbeats. The
 * schema, which knows every message, runs through ten times the code, and that is cold each time: a twentieth of what a
 * sale costs, and a sixth of what a kiosk does that has nothing to do.
 * Whatever is not exactly so (one more member, a payment, another command) is left to the schema, so nothing gets in
 * here that it would turn away; a test holds one against the other.
 */
export function isHot(value: unknown): boolean {
  if (!isObject(value)) return false;
  switch (value.t) {
    case 'accept':
      return isOf(value, 4) && isBallot(value.ballot) && isWhole(value.chosen) && isList(value.entries, isEntry);
    case 'accepted':
      return isOf(value, 3) && isBallot(value.ballot) && isList(value.slots, isWhole);
    case 'commit':
      return isOf(value, 3) && isBallot(value.ballot) && isWhole(value.chosen);
    case 'forward':
      return isOf(value, 3) && value.hops === 0 && isList(value.commands, isBuy);
    case 'ping':
    case 'pong':
      return isOf(value, 3) && isWhole(value.round) && isStatus(value.status);
    default:
      return false;
  }
}

export function readMessage(value: unknown): ReturnType<typeof messageSchema.safeParse> {
  return isHot(value) ? { success: true, data: value as Message } : messageSchema.safeParse(value);
}

const CLERK_MAX = 64;
const INCARNATION_MAX = 32;
const SHIFT_MAX = 0xffff_ffff;
const HASH_MAX = 64;

function isEntry(value: unknown): boolean {
  return isObject(value) && isOf(value, 2) && isWhole(value.slot) && isBatch(value.value);
}

function isBatch(value: unknown): boolean {
  return isObject(value) && isOf(value, 2) && value.kind === 'batch' && isList(value.commands, isBuy);
}

function isBuy(value: unknown): boolean {
  return (
    isObject(value) &&
    isOf(value, value.shift === undefined ? 7 : 8) &&
    value.op === 'buy' &&
    matches(value.requestId, REQUEST_ID) &&
    isKiosk(value.kiosk) &&
    isText(value.clerk, 1, CLERK_MAX) &&
    isWhole(value.issued) &&
    isWhole(value.at) &&
    isList(value.items, isItem) &&
    value.items.length <= MAX_ITEMS_PER_BUY &&
    (value.shift === undefined || isWithin(value.shift, 1, SHIFT_MAX))
  );
}

function isItem(value: unknown): boolean {
  return (
    isObject(value) &&
    isOf(value, 3) &&
    matches(value.event, NAME_ID) &&
    matches(value.category, NAME_ID) &&
    isWithin(value.n, 1, MAX_TICKETS_PER_BUY)
  );
}

function isStatus(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { reaches, hash } = value;
  return (
    isOf(value, 9 + (reaches === undefined ? 0 : 1) + (hash === undefined ? 0 : 1)) &&
    isBallot(value.promised) &&
    isFlag(value.claims) &&
    isFlag(value.serves) &&
    isFlag(value.connected) &&
    isFlag(value.content) &&
    isFlag(value.slow) &&
    isWhole(value.chosen) &&
    isWhole(value.applied) &&
    isWhole(value.firstSlot) &&
    (reaches === undefined || (isList(reaches, isKiosk) && reaches.length <= KIOSK_ID_MAX)) &&
    (hash === undefined || (isObject(hash) && isOf(hash, 2) && isWhole(hash.slot) && isText(hash.hash, 0, HASH_MAX)))
  );
}

function isKiosk(value: unknown): boolean {
  return isWithin(value, 1, KIOSK_ID_MAX);
}

function isFlag(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isBallot(value: unknown): boolean {
  return (
    isObject(value) &&
    isOf(value, 4) &&
    isWhole(value.round) &&
    isWhole(value.priority) &&
    isWithin(value.kiosk, 0, KIOSK_ID_MAX) &&
    isText(value.incarnation, 0, INCARNATION_MAX)
  );
}
