import type { Core } from './core';
import type { Election } from './election';
import type { Leadership } from './leadership';
import { sameIdentity } from './quorum';
import { CLOSE_SLOTS, FORWARD_RETRY_MS } from './timing';
import type { ChangeCommand, KioskId, Member, RequestId, Value } from './types';

/** A site has at most this many voting kiosks. */
const MEMBERS_MAX = 9;
/** A new leader may not have heard yet of an addition that another kiosk goes on asking for. */
const HEARSAY_MS = 2 * FORWARD_RETRY_MS;

type Outcome = NonNullable<ChangeCommand['outcome']>;

/** What the leader's desk knows of the changes that wait there. */
export interface WaitingChanges {
  /** Additions of the kiosk that wait for it. */
  additionsOf(kiosk: KioskId): readonly ChangeCommand[];
  /** The request is being cancelled in a slot whose answer is not known yet. */
  isBeingCancelled(id: RequestId): boolean;
}

/**
 * What a leader proposes for a membership command now (rules 3, 6, 8): a configuration; a batch with the
 * command and its outcome where no members change; or null: not yet.
 */
export function planChange(
  core: Core,
  election: Election,
  leadership: Leadership,
  waiting: WaitingChanges,
  command: ChangeCommand,
): Value | null {
  const newest = core.log.configurations.newest;
  if (newest === null || waiting.isBeingCancelled(command.requestId)) return null;
  const { members } = newest;
  const pending = !core.rules.mayChange(leadership.changePending);
  const settled = (outcome: Outcome): Value => ({ kind: 'batch', commands: [{ ...command, outcome }] });
  // The log will give the id's first answer, whatever that was: the members must not change beside it (rule 9).
  if (core.config.isAnswered(command)) return settled('already');
  const { change } = command;
  const member = members.find(({ kiosk }) => kiosk === change.kiosk);
  switch (change.kind) {
    case 'add': {
      if (member !== undefined) {
        if (pending) return null;
        const neighbour = election.neighbour(change.kiosk);
        const lost = neighbour !== undefined && !sameIdentity(neighbour.peer, member);
        return settled(lost ? 'not_allowed' : 'already');
      }
      if (members.length >= MEMBERS_MAX) return settled('not_allowed');
      const newcomer = newcomerFor(core, election, change.kiosk);
      return pending || newcomer === null ? null : configuration(command, [...members, newcomer]);
    }
    case 'remove': {
      if (member === undefined) return withdrawal(core, leadership, waiting, command);
      if (pending) return settled('change_pending');
      if (members.length === 1) return settled('not_allowed');
      const staying = members.filter((other) => other !== member);
      return historyIsKept(core, election, staying) ? configuration(command, staying) : null;
    }
    case 'readmit': {
      if (member === undefined) return settled('unknown_kiosk');
      const newcomer = newcomerFor(core, election, change.kiosk);
      if (newcomer !== null && newcomer.incarnation === member.incarnation) return settled('already');
      if (pending || newcomer === null) return member.kiosk === core.config.self.kiosk ? settled('already') : null;
      return configuration(command, [...members.filter((other) => other !== member), newcomer]);
    }
    case 'leader': {
      if (member === undefined) return settled('unknown_kiosk');
      if (sameIdentity(member, core.config.self)) return settled('already');
      if (pending) return settled('change_pending');
      return newcomerFor(core, election, change.kiosk) === null ? settled('not_allowed') : settled('done');
    }
    case 'address': {
      if (member === undefined) return settled('unknown_kiosk');
      if (member.host === change.host && member.port === change.port) return settled('already');
      if (pending) return settled('change_pending');
      return configuration(command, [...members.filter((other) => other !== member), { ...member, host: change.host, port: change.port }]);
    }
  }
}

/** Removing a kiosk that is no member takes back its additions, wherever they were asked for (rule 6). */
function withdrawal(core: Core, leadership: Leadership, waiting: WaitingChanges, command: ChangeCommand): Value | null {
  const additions = waiting.additionsOf(command.change.kiosk);
  if (additions.length === 0 && core.now - leadership.startedAt < HEARSAY_MS) return null;
  const outcome = additions.length === 0 ? 'unknown_kiosk' : 'done';
  return {
    kind: 'batch',
    commands: [...additions.map((addition) => ({ ...addition, outcome: 'withdrawn' as const })), { ...command, outcome }],
  };
}

/** The kiosk as it is linked now, once it is close to the leader's log; a dead or slow newcomer never stops sales (S33). */
function newcomerFor(core: Core, election: Election, wanted: KioskId): Member | null {
  const neighbour = election.neighbour(wanted);
  if (neighbour?.status == null || !election.reaches(neighbour)) return null;
  // It would stop at the first command that it does not know.
  if (neighbour.peer.supports < core.config.logVersion()) return null;
  if (neighbour.status.chosen + CLOSE_SLOTS < core.log.chosen || neighbour.status.chosen === 0) return null;
  const { kiosk, incarnation, name, host, port, priority } = neighbour.peer;
  return { kiosk, incarnation, name, host, port, priority };
}

/** Rule 12: nobody leaves before a majority of those who stay has the whole history. */
function historyIsKept(core: Core, election: Election, staying: readonly Member[]): boolean {
  const whole = staying.filter((member) => {
    if (sameIdentity(member, core.config.self)) return core.firstSlot === 1;
    return election.linked(member)?.status?.firstSlot === 1;
  });
  return 2 * whole.length > staying.length;
}

function configuration(command: ChangeCommand, members: readonly Member[]): Value {
  return { kind: 'configuration', command, members: [...members].sort((a, b) => a.kiosk - b.kiosk) };
}
