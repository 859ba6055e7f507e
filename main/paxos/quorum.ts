import type { Identity } from './inputs';
import type { Incarnation, KioskId, Member } from './types';

/** Votes belong to a kiosk in one incarnation: a wiped kiosk's votes never add to those of its former self. */
export type VoterKey = string;

/** The keys that were asked for lately, by incarnation: one is asked for with each message. */
const keysOfIdentities = new Map<Incarnation, { readonly kiosk: KioskId; readonly key: VoterKey }>();
const KEYS_MAX = 1_000;

export function voterKey({ kiosk, incarnation }: Identity): VoterKey {
  const known = keysOfIdentities.get(incarnation);
  if (known?.kiosk === kiosk) return known.key;
  const key = `${kiosk}:${incarnation}`;
  if (keysOfIdentities.size >= KEYS_MAX) keysOfIdentities.clear();
  keysOfIdentities.set(incarnation, { kiosk, key });
  return key;
}

export function sameIdentity(a: Identity, b: Identity): boolean {
  return a.kiosk === b.kiosk && a.incarnation === b.incarnation;
}

export function isMember(members: readonly Member[], identity: Identity): boolean {
  // Asked several times with each input: without a function made for it.
  for (const member of members) if (sameIdentity(member, identity)) return true;
  return false;
}

/** Smallest number of members that any two of which always share one. */
export function majoritySize(members: readonly Member[]): number {
  return Math.floor(members.length / 2) + 1;
}

/** Each list of members is asked for its keys at every input; it never changes. */
const keysOfLists = new WeakMap<readonly Member[], readonly VoterKey[]>();

function keysOf(members: readonly Member[]): readonly VoterKey[] {
  const known = keysOfLists.get(members);
  if (known !== undefined) return known;
  const keys = members.map(voterKey);
  keysOfLists.set(members, keys);
  return keys;
}

/** True if a majority of the members is among the voters. Strangers, removed kiosks and old incarnations count for nothing (S7). */
export function isMajority(members: readonly Member[], voters: ReadonlySet<VoterKey>): boolean {
  let votes = 0;
  for (const key of keysOf(members)) if (voters.has(key)) votes += 1;
  return votes >= majoritySize(members);
}
