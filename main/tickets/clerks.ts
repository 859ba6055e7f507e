import type { CommandResult } from '../../shared/answers';
import type { Slot } from '../../shared/ballot';
import { type Clerk, MAX_CLERKS } from '../../shared/clerks';
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
      if (first && this.byId.size > 0) return refused('this site has clerks already; sign in as one of them');
      if (this.byId.size === 0 && !permissions.includes('clerks'))
        return refused('the first clerk of a site has to be a manager: give the permission "clerks"');
      if (before !== undefined) return refused(`there is a clerk ${target} already; take another id, or change that one`);
      if (this.byId.size >= MAX_CLERKS) return refused(`this site has ${MAX_CLERKS} clerks, and can't have more`);
      this.byId.set(target, { id: target, name, permissions, active: true, pin });
      return { ok: true, op: 'clerk', clerk: target, slot };
    }
    if (before === undefined)
      return { ok: false, op: 'clerk', reason: 'unknown_clerk', message: `there is no clerk ${target}; add one: clerk add ${target}` };
    const after: Clerk = {
      id: target,
      name: action.name ?? before.name,
      permissions: action.permissions ?? before.permissions,
      active: action.active ?? before.active,
      pin: action.pin ?? before.pin,
    };
    if (!isManager(after) && !this.all().some((other) => other !== before && isManager(other)))
      return refused(`${target} is the last manager; make another one first`);
    this.byId.set(target, after);
    return { ok: true, op: 'clerk', clerk: target, slot };
  }
}

function isManager({ active, permissions }: Clerk): boolean {
  return active && permissions.includes('clerks');
}

function refused(message: string): CommandResult {
  return { ok: false, op: 'clerk', reason: 'not_allowed', message };
}
