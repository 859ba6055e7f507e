import { sameBallot } from '../../shared/ballot';
import type { Core } from './core';
import type { Election } from './election';
import type { Identity, Millis } from './inputs';
import type { SnapshotExchange } from './snapshots';
import { HEARTBEAT_MS, LOG_REQUEST_MS } from './timing';
import type { Ballot, KioskId, Message, Slot } from './types';
import { page } from './wire';

/**
 * Learning what is chosen: from the leader's mark where this kiosk accepted in that leader's ballot, and by
 * pages of chosen entries, from anyone, for all else (rule 4).
 */
export class CatchUp {
  private asked: { readonly kiosk: KioskId; readonly at: Millis } | null = null;
  private checkedAt: Millis = Number.NEGATIVE_INFINITY;
  private chosenThen: Slot = 0;

  constructor(
    private readonly core: Core,
    private readonly election: Election,
    private readonly snapshots: SnapshotExchange,
  ) {}

  /** The leader of `ballot` knows all up to `chosen` chosen. Asks it for what this kiosk can't tell by itself. */
  onCommit(from: Identity, ballot: Ballot, chosen: Slot): void {
    const { log } = this.core;
    if (this.core.frozen) return;
    while (log.chosen < chosen) {
      const next = log.get(log.chosen + 1);
      if (next === undefined || !this.core.rules.mayApply(next.ballot, ballot)) break;
      log.choose(log.chosen + 1);
    }
    if (log.chosen < chosen) this.ask(from.kiosk);
  }

  /** The sender knows more chosen slots: ask it, unless somebody is being asked already. */
  ask(kiosk: KioskId): void {
    if (this.snapshots.busy || (this.asked !== null && this.core.now - this.asked.at < LOG_REQUEST_MS)) return;
    this.asked = { kiosk, at: this.core.now };
    this.core.out.send(kiosk, { t: 'log-request', from: this.core.log.chosen + 1 });
  }

  onRequest(from: Identity, start: Slot): void {
    const { log } = this.core;
    if (start > log.chosen || start < 1) return;
    if (start <= log.base) {
      this.core.out.send(from.kiosk, { t: 'log-page', entries: [], chosen: log.chosen, base: log.base, ...this.core.lineage });
      return;
    }
    const { entries } = page(log.range(start, log.chosen));
    this.core.out.send(from.kiosk, { t: 'log-page', entries, chosen: log.chosen, ...this.core.lineage });
  }

  onPage(from: Identity, message: Extract<Message, { t: 'log-page' }>): void {
    const { core } = this;
    if (core.frozen || !this.isOfThisLog(message)) return;
    if (message.base !== undefined && message.base > core.log.chosen) {
      this.asked = null;
      this.snapshots.start(from.kiosk);
      return;
    }
    for (const { slot, ballot, value } of message.entries) {
      if (slot !== core.log.chosen + 1) continue;
      // A founding of another site is no log of ours; the links should have kept it away.
      if (value.kind === 'founding' && value.uid !== core.config.uid) return;
      const held = core.log.get(slot);
      if (held === undefined || !sameBallot(held.ballot, ballot)) {
        core.log.hold(slot, ballot, value);
        core.write({ t: 'learn', slot, ballot, value });
      }
      core.log.choose(slot);
    }
    this.asked = null;
    if (message.chosen > core.log.chosen) this.ask(from.kiosk);
  }

  /**
   * Rule 8: a site that was recovered has two logs, which are one up to some slot, and a kiosk with neither is linked to
   * whoever has one. It takes all of the first that it gets a page of: of both it would make a third.
   */
  private isOfThisLog({ generation, recovery }: Extract<Message, { t: 'log-page' }>): boolean {
    const { core } = this;
    if (generation === undefined || recovery === undefined) return true;
    if (!core.founded && !this.snapshots.busy) core.followed = { generation, recovery };
    const log = core.followed ?? core.lineage;
    return log.generation === generation && log.recovery === recovery;
  }

  onDisconnected(kiosk: KioskId): void {
    if (this.asked?.kiosk === kiosk) this.asked = null;
  }

  /** Once a heartbeat: whoever is behind a peer and did not get on since the last one asks it. */
  tick(): void {
    const { core } = this;
    if (core.now - this.checkedAt < HEARTBEAT_MS) return;
    const stalled = core.log.chosen === this.chosenThen;
    this.checkedAt = core.now;
    this.chosenThen = core.log.chosen;
    if (!stalled) return;
    const ahead = this.election
      .all()
      .filter(({ status }) => status !== null && status.chosen > core.log.chosen)
      .sort((a, b) => b.status!.chosen - a.status!.chosen);
    // Not the one again that has not answered, if there is another.
    const best = ahead.find(({ peer }) => peer.kiosk !== this.asked?.kiosk) ?? ahead[0];
    if (best !== undefined) this.ask(best.peer.kiosk);
  }
}
