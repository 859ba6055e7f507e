import type { Core } from './core';
import type { Election } from './election';
import type { Identity, Millis } from './inputs';
import { LOG_REQUEST_MS, SNAPSHOT_PINNED_MS, SNAPSHOT_WINDOW } from './timing';
import type { KioskId, Message, Slot, Snapshot, SnapshotPart } from './types';

interface Fetch {
  readonly from: KioskId;
  /** 0 until the first part has said which snapshot it is of. */
  slot: Slot;
  hash: string;
  parts: (SnapshotPart | undefined)[];
  have: number;
  /** The first part that was not asked for yet. */
  next: number;
  heardAt: Millis;
}

/**
 * Rule 12: sends this kiosk's newest snapshot, part by part, to whoever is too far behind for the log in memory,
 * and fetches one in turn. A part that is lost is asked for again; a fetch that is cut short leaves nothing
 * behind (S16): what was there before stays until all parts are here and on the disk.
 */
export class SnapshotExchange {
  private newest: Snapshot | null = null;
  /** Snapshots that somebody is fetching, though there is a newer one. */
  private readonly pinned = new Map<Slot, { readonly snapshot: Snapshot; askedAt: Millis }>();
  private fetch: Fetch | null = null;
  private installs: Slot | null = null;

  constructor(
    private readonly core: Core,
    private readonly election: Election,
  ) {}

  /** A snapshot is being fetched, or put in the place of the log: nothing else is learned meanwhile. */
  get busy(): boolean {
    return this.fetch !== null || this.installs !== null;
  }

  /** The application is being replaced: the log must not move. */
  get installing(): boolean {
    return this.installs !== null;
  }

  get progress(): { readonly have: number; readonly of: number } | null {
    if (this.installs !== null) return { have: 1, of: 1 };
    return this.fetch === null ? null : { have: this.fetch.have, of: Math.max(1, this.fetch.parts.length) };
  }

  offer(snapshot: Snapshot): void {
    this.newest = snapshot;
  }

  /** Begins to fetch, unless it is under way. */
  start(from: KioskId): void {
    if (this.busy) return;
    this.fetch = { from, slot: 0, hash: '', parts: [], have: 0, next: 1, heardAt: this.core.now };
    this.ask(0);
  }

  onRequest(from: Identity, message: Extract<Message, { t: 'snapshot-request' }>): void {
    const snapshot = this.wanted(message.slot);
    if (snapshot === null) return;
    // A snapshot that is gone is answered with the first part of the one that there is.
    const number = snapshot.slot === message.slot && message.part < snapshot.parts.length ? message.part : 0;
    this.pinned.set(snapshot.slot, { snapshot, askedAt: this.core.now });
    const part = snapshot.parts[number]!;
    this.core.out.send(from.kiosk, {
      t: 'snapshot-page',
      slot: snapshot.slot,
      hash: snapshot.hash,
      part: number,
      parts: snapshot.parts.length,
      ...part,
    });
  }

  onPage(from: Identity, message: Extract<Message, { t: 'snapshot-page' }>): void {
    const { fetch } = this;
    if (fetch === null || fetch.from !== from.kiosk || message.slot < fetch.slot || message.part >= message.parts) return;
    if (message.slot <= this.core.log.chosen) {
      this.fetch = null;
      return;
    }
    if (message.slot > fetch.slot) {
      fetch.slot = message.slot;
      fetch.hash = message.hash;
      fetch.parts = new Array<SnapshotPart | undefined>(message.parts).fill(undefined);
      fetch.have = 0;
      fetch.next = 0;
    }
    // There is one state at a slot; of a source that names two, one is wrong (rule 13), and parts of both are neither.
    if (message.parts !== fetch.parts.length || message.hash !== fetch.hash) return;
    fetch.heardAt = this.core.now;
    if (fetch.parts[message.part] === undefined) {
      fetch.parts[message.part] = { kind: message.kind, bytes: message.bytes };
      fetch.have += 1;
    }
    if (fetch.have === fetch.parts.length) {
      this.fetch = null;
      this.installs = fetch.slot;
      this.core.out.install({ slot: fetch.slot, hash: fetch.hash, parts: fetch.parts.map((part) => part!) });
      return;
    }
    this.askMore(fetch);
  }

  installed(): void {
    this.installs = null;
  }

  onDisconnected(kiosk: KioskId): void {
    if (this.fetch?.from === kiosk) this.fetch = null;
  }

  tick(): void {
    const { now } = this.core;
    for (const [slot, { askedAt }] of this.pinned) if (now - askedAt > SNAPSHOT_PINNED_MS) this.pinned.delete(slot);
    const { fetch } = this;
    if (fetch === null || now - fetch.heardAt < LOG_REQUEST_MS) return;
    const source = this.election.neighbour(fetch.from);
    if (source === undefined || !this.election.reaches(source)) {
      this.fetch = null;
      return;
    }
    fetch.heardAt = now;
    if (fetch.slot === 0) this.ask(0);
    else {
      fetch.next = 0;
      this.askMore(fetch);
    }
  }

  private wanted(slot: Slot): Snapshot | null {
    return this.pinned.get(slot)?.snapshot ?? this.newest;
  }

  /** Keeps some parts on their way, counted from the first that is missing. */
  private askMore(fetch: Fetch): void {
    const first = fetch.parts.indexOf(undefined);
    fetch.next = Math.max(fetch.next, first);
    for (; fetch.next < fetch.parts.length && fetch.next < first + SNAPSHOT_WINDOW; fetch.next += 1) {
      if (fetch.parts[fetch.next] === undefined) this.ask(fetch.next);
    }
  }

  private ask(part: number): void {
    const { from, slot } = this.fetch!;
    this.core.out.send(from, { t: 'snapshot-request', slot, part });
  }
}
