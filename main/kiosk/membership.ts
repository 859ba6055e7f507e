import type { Answer, ChangeAnswer, ProgressAnswer } from '../../shared/answers';
import type { Slot } from '../../shared/ballot';
import { ALPHA } from '../../shared/constants';
import { CHANGE_TIMEOUT_MS, type ChangeRequest } from '../../shared/requests';
import { say, type Words, wordsOf } from '../../shared/said';
import type { Change, ChangeCommand } from '../../shared/values';
import type { ReplicaView } from '../paxos';
import type { Addresses } from './addresses';
import type { History } from './history';
import { refusing } from './resultAnswer';
import type { Sessions } from './sessions';
import { REVIEW_MS } from './timing';
import { type Standing, unable, unanswered } from './unanswered';

export interface MembershipParts extends Standing {
  readonly site: string;
  readonly history: History;
  readonly sessions: Sessions;
  readonly addresses: Addresses;
  readonly replica: () => ReplicaView;
  /** Looks the site file up again for kiosks that were added to it. */
  readonly refreshSite: () => Promise<void>;
  /** A kiosk's address was given by a clerk. */
  readonly learnAddress: (command: ChangeCommand) => void;
}

/** Changes of who decides: kiosks that come, go, move, or take the lead, each with its progress (rules 3, 6, 8). */
export class Membership {
  constructor(private readonly parts: MembershipParts) {}

  /**
   * Rules 3 and 6: answered once it is in force, or known to be refused.
   * @param base the command's own fields @param onProgress hears each step of a change that takes time
   */
  async change(
    request: ChangeRequest,
    base: Omit<ChangeCommand, 'op' | 'change'>,
    onProgress: (progress: ProgressAnswer) => void,
  ): Promise<Answer> {
    const { op, kiosk } = request;
    const refuse = refusing(op, base.requestId);
    const problem = this.parts.problem();
    if (problem !== null) return refuse('faulty', wordsOf(problem));
    const kind = op === 'add_kiosk' ? 'add' : request.change;
    const adding = kind === 'add';
    if (adding && request.host === undefined) await this.parts.refreshSite();
    const address = adding
      ? request.host === undefined
        ? this.parts.addresses.get(kiosk)
        : { host: request.host, port: request.port }
      : undefined;
    if (adding && address === undefined) {
      const known = this.parts.addresses.all().map((other) => other.kiosk);
      return refuse('unknown_kiosk', say('kiosk_nowhere', kiosk, op, known));
    }
    const change = changeOf(kind, request, address);
    if (change === null) return refuse('bad_request', say('say_where', kiosk));
    const command: ChangeCommand = { op: 'change', ...base, change };
    this.parts.learnAddress(command);
    let reported = '';
    const review = () => {
      const progress = this.progress(op, command);
      const step = `${progress.progress} ${progress.percent}`;
      if (step !== reported) onProgress(progress);
      reported = step;
    };
    const report = setInterval(review, REVIEW_MS);
    review();
    const outcome = await this.parts.sessions.start(command, request.timeoutMs ?? CHANGE_TIMEOUT_MS);
    clearInterval(report);
    if (outcome.kind !== 'applied') {
      const [reason, words] =
        outcome.kind === 'no_majority' ? [outcome.kind, this.unchanged()] : unanswered(outcome, base.requestId, 'changed', this.parts);
      return refuse(reason, outcome.kind === 'timeout' && adding ? this.stillTrying(command) : words);
    }
    if (!outcome.result.ok) return refuse(outcome.result.reason, outcome.result);
    return this.changed(op, base.requestId, kiosk, outcome.slot);
  }

  private changed(op: 'add_kiosk' | 'change', requestId: string, kiosk: number, slot: Slot | null): ChangeAnswer {
    const { members, inForceFrom } = this.parts.replica();
    return {
      ok: true,
      op,
      requestId,
      kiosk,
      members: members.map((member) => member.kiosk),
      ...(slot !== null && slot + ALPHA === inForceFrom ? { inForce: inForceFrom } : {}),
    };
  }

  private progress(op: 'add_kiosk' | 'change', command: ChangeCommand): ProgressAnswer {
    const { kiosk } = command.change;
    const base = { ok: true as const, op, requestId: command.requestId, kiosk };
    const replica = this.parts.replica();
    const votedAt = this.parts.sessions.votedAt(command);
    if (votedAt !== null) return { ...base, progress: 'voting', percent: percent(replica.chosen - votedAt, ALPHA) };
    if (command.change.kind === 'remove') return this.removalProgress(base, replica, kiosk);
    if (command.change.kind === 'leader' || command.change.kind === 'address') return { ...base, progress: 'voting', percent: 0 };
    const peer = replica.peers.find((other) => other.kiosk === kiosk);
    if (kiosk === this.parts.kiosk)
      return {
        ...base,
        progress: 'catching_up',
        percent: percent(replica.applied, Math.max(replica.applied, ...replica.peers.map(({ chosen }) => chosen))),
      };
    if (peer === undefined || !Number.isFinite(peer.heardMs)) return { ...base, progress: 'contacting', percent: 0 };
    return { ...base, progress: 'catching_up', percent: percent(peer.chosen, replica.chosen) };
  }

  /** A removal waits until enough of those who stay have the whole history (rule 12). */
  private removalProgress(base: Omit<ProgressAnswer, 'progress' | 'percent'>, replica: ReplicaView, leaving: number): ProgressAnswer {
    const staying = replica.members.filter((member) => member.kiosk !== leaving);
    const parts = staying.map((member) => {
      if (member.kiosk === this.parts.kiosk) return share(this.parts.history.firstSlot, replica.applied);
      const peer = replica.peers.find((other) => other.kiosk === member.kiosk);
      return peer === undefined || peer.firstSlot === 0 ? 0 : share(peer.firstSlot, peer.applied);
    });
    const needed = parts.sort((a, b) => b - a).slice(0, Math.floor(staying.length / 2) + 1);
    const held = Math.min(1, ...needed);
    return held < 1 ? { ...base, progress: 'catching_up', percent: Math.floor(100 * held) } : { ...base, progress: 'voting', percent: 0 };
  }

  /** Who must return before the site can change its members, or what else there is to do (rule 8). */
  private unchanged(): Words {
    const { members, peers, majority } = this.parts.replica();
    const away = members.filter(
      (member) =>
        member.kiosk !== this.parts.kiosk && !peers.some((peer) => peer.kiosk === member.kiosk && peer.incarnation === member.incarnation),
    );
    if (away.length === 0 || majority || this.parts.view().role === 'removed') return unable('changed', this.parts);
    return say(
      'majority_away',
      away.map(({ kiosk }) => kiosk),
      this.parts.site,
    );
  }

  private stillTrying(command: ChangeCommand): Words {
    const { progress } = this.progress('add_kiosk', command);
    const { kiosk, host, port } = command.change.kind === 'add' ? command.change : { ...command.change, host: undefined, port: undefined };
    return say('still_joining', kiosk, progress, host === undefined ? null : `${host}:${port}`);
  }
}

/** Null where an address is missing. */
function changeOf(
  kind: Change['kind'],
  request: ChangeRequest,
  known: { readonly host: string; readonly port?: number | undefined } | undefined,
): Change | null {
  const { kiosk, host, port } = request;
  switch (kind) {
    case 'add':
      return { kind, kiosk, ...(known?.port === undefined ? {} : { host: known.host, port: known.port }) };
    case 'address':
      return host === undefined || port === undefined ? null : { kind, kiosk, host, port };
    case 'remove':
    case 'readmit':
    case 'leader':
      return { kind, kiosk };
  }
}

/** How much of the log is there, of what goes up to `last`. */
function share(firstSlot: Slot, last: Slot): number {
  return firstSlot <= 1 || last === 0 ? 1 : Math.max(0, (last - firstSlot + 1) / last);
}

function percent(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.max(0, Math.min(100, Math.floor((100 * part) / whole)));
}
