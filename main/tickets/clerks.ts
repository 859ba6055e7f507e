import type { CommandResult } from '../../shared/answers';
import type { Slot } from '../../shared/ballot';
import { type Clerk, MAX_CLERKS } from '../../shared/clerks';
import { say, type Words } from '../../shared/said';
import type { ClerkCommand } from '../../shared/values';

/**
 * The clerks of the site. PINs are looked at by the kiosk where one is typed: here is only what all kiosks
 * have to agree on, so that whoever left is a stranger everywhere, and somebody can always let others in.
 */
export class Clerks {
  private readonly byId: Map<string, Clerk>;

  constructor(clerks: readonly Clerk[] = []) {
    this.byId = new Map(clerks.map((clerk) => [clerk.id, clerk]));
  }

  /** In the order in which they came. */
  all(): readonly Clerk[] {
    return [...this.byId.values()];
  }

  get(id: string): Clerk | undefined {
    return this.byId.get(id);
  }

  apply(slot: Slot, { action }: ClerkCommand): CommandResult {
    const { target } = action;
    const before = this.byId.get(target);
    if (action.kind === 'add') {
      const { name, permissions, pin, first } = action;
      if (first && this.byId.size > 0) return refused(say('clerks_exist'));
      if (this.byId.size === 0 && !permissions.includes('clerks')) return refused(say('first_is_manager'));
      if (before !== undefined) return refused(say('clerk_exists', target));
      if (this.byId.size >= MAX_CLERKS) return refused(say('clerks_full', MAX_CLERKS));
      this.byId.set(target, { id: target, name, permissions, active: true, pin });
      return { ok: true, op: 'clerk', clerk: target, slot };
    }
    if (before === undefined) return { ok: false, op: 'clerk', reason: 'unknown_clerk', ...say('unknown_clerk', target) };
    const after: Clerk = {
      id: target,
      name: action.name ?? before.name,
      permissions: action.permissions ?? before.permissions,
      active: action.active ?? before.active,
      pin: action.pin ?? before.pin,
    };
    if (!isManager(after) && !this.all().some((other) => other !== before && isManager(other))) return refused(say('last_manager', target));
    this.byId.set(target, after);
    return { ok: true, op: 'clerk', clerk: target, slot };
  }
}

function isManager({ active, permissions }: Clerk): boolean {
  return active && permissions.includes('clerks');
}

function refused(words: Words): CommandResult {
  return { ok: false, op: 'clerk', reason: 'not_allowed', ...words };
}
