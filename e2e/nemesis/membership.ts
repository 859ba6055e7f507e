import type { LogEntryView } from '../../shared/answers';
import type { KioskId, Slot } from '../../shared/ballot';
import { ALPHA } from '../../shared/constants';
import type { Findings } from './findings';

/** Each configuration of the log must be the one before it with the change that it names, and come after that one was in force (rule 3). */
export function checkMembership(entries: readonly LogEntryView[], findings: Findings): void {
  let members: readonly KioskId[] = [];
  let inForce: Slot = 0;
  for (const entry of entries) {
    if (entry.kind === 'founding') members = sorted(entry.members ?? []);
    if (entry.kind !== 'configuration') continue;
    const [command] = entry.commands;
    // Two leaders each proposed one: the second changes nothing, and says so.
    if (entry.slot < inForce && entry.inForce === undefined) continue;
    const next = sorted(entry.members ?? []);
    const expected = changed(members, command?.change ?? '');
    if (expected === null || expected.join() !== next.join())
      findings.add(
        'wrong-members',
        `slot ${entry.slot}: "${command?.change}" made ${next.join(', ')} of the members ${members.join(', ')}`,
        entry,
      );
    if (entry.inForce !== entry.slot + ALPHA)
      findings.add(
        'wrong-members',
        `slot ${entry.slot}: the members hold from slot ${entry.inForce}, not from ${entry.slot + ALPHA}`,
        entry,
      );
    if (entry.slot < inForce)
      findings.add('wrong-members', `slot ${entry.slot}: members are changed before those of slot ${inForce} are in force`, entry);
    members = next;
    inForce = entry.inForce ?? entry.slot;
  }
}

function sorted(kiosks: readonly KioskId[]): readonly KioskId[] {
  return [...kiosks].sort((a, b) => a - b);
}

/** Null for a change that is none, or that no member set allows. */
function changed(members: readonly KioskId[], change: string): readonly KioskId[] | null {
  const [kind, name] = change.split(' ');
  const kiosk = Number(name);
  switch (kind) {
    case 'add':
      return members.includes(kiosk) ? null : sorted([...members, kiosk]);
    case 'remove':
      return members.includes(kiosk) && members.length > 1 ? members.filter((member) => member !== kiosk) : null;
    case 'readmit':
    case 'address':
      return members.includes(kiosk) ? members : null;
    default:
      return null;
  }
}
