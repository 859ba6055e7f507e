import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../../main/simulator/random';
import type { StatusAnswer } from '../../shared/answers';
import type { KioskId } from '../../shared/ballot';
import type { Desk } from './desk';
import { isSettled } from './history';
import type { Links } from './links';

/** Fewer members are not risked: two faults at once would stop the site. */
const MEMBERS_LEAST = 3;
const TIMEOUT_MS = 3_000;
const RETRY_MS = 150;
const TRIES_MAX = 4;
/** A process that was stopped does not answer: not waited for while there are faults. */
const STATUS_MS = 400;

/** The operator of the site: looks after it, and changes its members, one change after the other. */
export class Operator {
  private counter = 0;
  private busy: Promise<void> = Promise.resolve();
  private idle = true;

  constructor(
    private readonly kiosks: readonly KioskId[],
    private readonly links: Links,
    private readonly desk: Desk,
    private readonly random: Random,
  ) {}

  /** Status of every kiosk that answers within so many ms. */
  async statuses(withinMs = STATUS_MS): Promise<readonly StatusAnswer[]> {
    const answers = await Promise.all(this.kiosks.map((kiosk) => this.status(kiosk, withinMs)));
    return answers.filter((answer) => answer !== null);
  }

  async status(kiosk: KioskId, withinMs = STATUS_MS): Promise<StatusAnswer | null> {
    const late = pause(withinMs, null);
    const answer = await Promise.race([this.links.ask(kiosk, { op: 'status' }), late]);
    return answer?.ok && answer.op === 'status' ? answer : null;
  }

  /** The kiosk that leads, as any of them knows; null if none does. */
  async leader(): Promise<KioskId | null> {
    const statuses = await this.statuses();
    return statuses.find(({ role }) => role === 'leader')?.kiosk ?? statuses.find(({ leader }) => leader !== null)?.leader ?? null;
  }

  /** Begins a change of the members; false if the last one is still under way. */
  change(): boolean {
    if (!this.idle) return false;
    this.idle = false;
    this.busy = this.carryOut().finally(() => {
      this.idle = true;
    });
    return true;
  }

  /** Resolves when no change is under way. */
  done(): Promise<void> {
    return this.busy;
  }

  private async carryOut(): Promise<void> {
    const { random } = this;
    const change = await this.choose();
    if (change === null) return;
    this.counter += 1;
    const call = { op: 'change' as const, requestId: `operator:${this.counter}`, change };
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const attempt = await this.desk.ask('operator', random.pick(this.kiosks), call, TIMEOUT_MS);
      if (isSettled(attempt)) return;
      await pause(RETRY_MS);
    }
  }

  /** Null if no kiosk knows the members now. */
  private async choose(): Promise<string | null> {
    const { random } = this;
    const statuses = await this.statuses();
    const known = statuses.find(({ majority, members }) => majority && members.length > 0);
    if (known === undefined) return null;
    const others = this.kiosks.filter((kiosk) => !known.members.includes(kiosk));
    const choice = [`leader ${random.pick(known.members)}`];
    if (others.length > 0) choice.push(`add ${random.pick(others)}`);
    if (known.members.length > MEMBERS_LEAST) choice.push(`remove ${random.pick(known.members)}`);
    return random.pick(choice);
  }
}
