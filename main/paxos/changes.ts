import type { Core } from './core';
import type { Election } from './election';
import type { Leadership } from './leadership';
import { CLOSE_SLOTS } from './timing';
import type { ChangeCommand, Member, Slot, Value } from './types';

/** A site has at most this many voting kiosks. */
const MEMBERS_MAX = 9;

/**
 * What a leader proposes for a membership command now (rules 3, 6): a configuration; a batch with the
 * command and its outcome where nothing is to be changed; or null: not yet.
 */
export function planChange(core: Core, election: Election, leadership: Leadership, command: ChangeCommand, slot: Slot): Value | null {
  const newest = core.log.configurations.newest;
  if (newest === null) return null;
  const { members } = newest;
  const pending = leadership.changePending || slot < newest.from;
  const settled = (outcome: NonNullable<ChangeCommand['outcome']>): Value => ({ kind: 'batch', commands: [{ ...command, outcome }] });
  // The log will give the id's first answer, whatever that was: the members must not change beside it (rule 9).
  if (core.config.isAnswered(command)) return settled('already');
  const { change } = command;
  const member = members.find(({ kiosk }) => kiosk === change.kiosk);
  switch (change.kind) {
    case 'add': {
      if (member !== undefined) return pending ? null : settled('already');
      if (members.length >= MEMBERS_MAX) return settled('not_allowed');
      const newcomer = newcomerFor(core, election, command);
      return pending || newcomer === null ? null : configuration(command, [...members, newcomer]);
    }
    case 'remove': {
      if (pending) return settled('change_pending');
      if (member === undefined) return settled('unknown_kiosk');
      if (members.length === 1) return settled('not_allowed');
      return configuration(
        command,
        members.filter((other) => other !== member),
      );
    }
  }
}

/** The kiosk to be voted in, once it is linked and close to the leader's log; a dead or slow newcomer never stops sales (S33). */
function newcomerFor(core: Core, election: Election, command: ChangeCommand): Member | null {
  const neighbour = election.neighbour(command.change.kiosk);
  if (neighbour?.status == null || !election.reaches(neighbour)) return null;
  if (neighbour.status.chosen + CLOSE_SLOTS < core.log.chosen || neighbour.status.chosen === 0) return null;
  const { kiosk, incarnation, name, host, port, priority } = neighbour.peer;
  return { kiosk, incarnation, name, host, port, priority };
}

function configuration(command: ChangeCommand, members: readonly Member[]): Value {
  return { kind: 'configuration', command, members: [...members].sort((a, b) => a.kiosk - b.kiosk) };
}
