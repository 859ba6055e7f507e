import { setTimeout as pause } from 'node:timers/promises';
import type { LogEntryView, StatusAnswer } from '../../shared/answers';
import type { KioskId } from '../../shared/ballot';
import { ENDLESS } from './clients';
import type { Desk } from './desk';
import type { Kiosks } from './kiosks';
import type { Links } from './links';
import type { Dump } from './logs';
import type { Operator } from './operator';
import { now } from './recorder';

/** Without faults the site agrees and sells within this, restart of all kiosks included. */
const AGREED_MS = 90_000;
/** Whoever took a snapshot has the whole history within this. */
const HISTORY_MS = 60_000;
const LOOK_MS = 150;
/** All kiosks run: a busy machine may let each of them wait. */
const STATUS_MS = 3_000;
const BUY_MS = 5_000;

export interface Scene {
  readonly kiosks: Kiosks;
  readonly operator: Operator;
  readonly desk: Desk;
  readonly links: Links;
}

/** What is left when the faults are over, or why it is not what it must be. */
export type Aftermath = { readonly ok: true; readonly dumps: readonly Dump[] } | { readonly ok: false; readonly why: string };

/**
 * With every fault undone: reads all logs, ends all kiosks at once and starts them again, waits until they agree and
 * sell, and reads all logs again.
 */
export async function aftermathOf(scene: Scene): Promise<Aftermath> {
  const before = await readLogs(scene, 1, () => false);
  await scene.kiosks.killAll();
  await scene.kiosks.startAll();
  const agreed = await agree(scene);
  if (!agreed.ok) return agreed;
  const { members } = agreed;
  const after = await readLogs(scene, 2, (kiosk) => members.includes(kiosk));
  const missing = members.filter((member) => !after.some(({ kiosk }) => kiosk === member));
  if (missing.length > 0) return { ok: false, why: `kiosks ${missing.join(', ')} did not show their whole log within ${HISTORY_MS} ms` };
  return { ok: true, dumps: [...before, ...after] };
}

/** Waits until the site is open and sells. */
export async function opened(scene: Scene): Promise<{ readonly ok: true } | { readonly ok: false; readonly why: string }> {
  const agreed = await agree(scene);
  return agreed.ok ? { ok: true } : agreed;
}

async function agree(
  scene: Scene,
): Promise<{ readonly ok: true; readonly members: readonly KioskId[] } | { readonly ok: false; readonly why: string }> {
  const deadline = now() + AGREED_MS;
  let statuses: readonly StatusAnswer[] = [];
  let sold = 0;
  while (now() < deadline) {
    statuses = await scene.operator.statuses(STATUS_MS);
    const members = agreedMembers(statuses);
    const [first] = members ?? [];
    if (members !== null && first !== undefined) {
      sold += 1;
      if (await sells(scene, members, sold)) {
        statuses = await scene.operator.statuses(STATUS_MS);
        const still = agreedMembers(statuses);
        if (still?.join() === members.join() && sameApplied(statuses, members)) return { ok: true, members };
      }
    }
    await pause(LOOK_MS);
  }
  const states = statuses.map(({ kiosk, role, applied, members, majority, problem }) => ({
    kiosk,
    role,
    applied,
    members,
    majority,
    problem,
  }));
  return { ok: false, why: `the kiosks did not agree and sell within ${AGREED_MS} ms: ${JSON.stringify(states)}` };
}

/** The members, if all of them are there, well, and of one mind about it. */
function agreedMembers(statuses: readonly StatusAnswer[]): readonly KioskId[] | null {
  const leader = statuses.find(({ role }) => role === 'leader');
  if (leader === undefined) return null;
  const members = [...leader.members].sort((a, b) => a - b);
  const well = members.every((member) =>
    statuses.some(
      ({ kiosk, majority, problem, members: told }) =>
        kiosk === member && majority && problem === null && [...told].sort((a, b) => a - b).join() === members.join(),
    ),
  );
  return well ? members : null;
}

function sameApplied(statuses: readonly StatusAnswer[], members: readonly KioskId[]): boolean {
  return new Set(statuses.filter(({ kiosk }) => members.includes(kiosk)).map(({ applied }) => applied)).size === 1;
}

async function sells({ desk }: Scene, members: readonly KioskId[], round: number): Promise<boolean> {
  const attempts = await Promise.all(
    members.map((kiosk) => {
      const items = [{ event: ENDLESS.event, category: ENDLESS.category, n: 1 }];
      return desk.ask(`site-${kiosk}`, kiosk, { op: 'buy', requestId: `site-${kiosk}:${now()}:${round}`, items }, BUY_MS);
    }),
  );
  return attempts.every(({ outcome }) => outcome.kind === 'ok');
}

async function readLogs(scene: Scene, sequence: number, complete: (kiosk: KioskId) => boolean): Promise<readonly Dump[]> {
  const dumps = await Promise.all(
    scene.kiosks.all.map(async (kiosk): Promise<Dump | null> => {
      const entries = await readLog(scene, kiosk, complete(kiosk) ? now() + HISTORY_MS : now());
      return entries === null ? null : { kiosk, sequence, complete: complete(kiosk), entries };
    }),
  );
  return dumps.filter((dump) => dump !== null);
}

/** The log from slot 1 on, page by page; null if the kiosk has not got all of it by then. */
async function readLog({ links }: Scene, kiosk: KioskId, deadline: number): Promise<readonly LogEntryView[] | null> {
  for (;;) {
    const entries: LogEntryView[] = [];
    let from: number | undefined = 1;
    while (from !== undefined) {
      const answer = await links.ask(kiosk, { op: 'show', from });
      if (!answer.ok || answer.op !== 'show' || answer.firstSlot > 1) break;
      entries.push(...answer.log);
      from = answer.nextSlot;
    }
    if (from === undefined) return entries;
    if (now() >= deadline) return null;
    await pause(LOOK_MS);
  }
}
