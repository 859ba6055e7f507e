import { ALPHA } from '../../shared/constants';
import type { Rules } from '../paxos';
import { CALM, type Faults, swarm } from './faults';
import type { DriverVariant } from './kiosk';
import { Random } from './random';
import { type Asked, Site, type SiteOptions } from './site';

/** Simulated time of the two phases. */
const SAFETY_MS = 15_000;
const LIVENESS_MS = 60_000;
/** How often something happens. */
const BEAT_MS = 50;
const DOWN_MS = { min: 50, max: 4_000 };
const PAUSE_MS = { min: 100, max: 3_000 };
const JUMP_MS = { min: 100, max: 5_000 };
const CUT_MS = { min: 100, max: 4_000 };
/** Chance of a sale, a retry elsewhere and a read in each beat. */
const BUY_CHANCE = 0.5;
const RETRY_CHANCE = 0.08;
const READ_CHANCE = 0.1;

export interface RunOptions {
  readonly seed: number;
  readonly kiosks: number;
  readonly rules?: Partial<Rules>;
  readonly variant?: DriverVariant;
  /** Kinds of faults that are left out, though the seed draws them: for a shorter story. */
  readonly without?: readonly (keyof Faults)[];
  readonly trace?: (line: string) => void;
  /** In place of what the seed draws: where the mistake that is looked for shows more often. */
  readonly site?: Pick<SiteOptions, 'snapshotEvery' | 'keptSlots' | 'batchesInFlight'>;
}

export interface RunResult {
  readonly seed: number;
  readonly steps: number;
  readonly slots: number;
  readonly sold: number;
  readonly messages: ReadonlyMap<string, number>;
  readonly crashPoints: Site['crashPoints'];
}

/** One random run: faults and clients for a while, then quiet, in which the site must converge and sell (TigerBeetle's safety and liveness modes). Throws at the first broken rule. */
export function randomRun(options: RunOptions): RunResult {
  const random = new Random(options.seed ^ 0x5eed);
  const drawn = swarm(random);
  const faults: Faults = { ...drawn, ...Object.fromEntries((options.without ?? []).map((kind) => [kind, CALM[kind]])) };
  const ids = Array.from({ length: options.kiosks }, (_, index) => index + 1);
  const founders = options.kiosks <= 3 ? options.kiosks : random.pick([3, options.kiosks]);
  const site = new Site({
    seed: options.seed,
    founders,
    kiosks: options.kiosks,
    capacity: random.pick([20, 200, 2_000]),
    faults,
    snapshotEvery: random.pick([5, 20, 60, 1_000_000]),
    keptSlots: random.pick([0, 3, 20]),
    batchesInFlight: random.pick([2, ALPHA, ALPHA]),
    // All of them newer than the log: a version entry comes first (rule 13).
    supports: new Map(random.chance(0.2) ? ids.map((id) => [id, 2]) : []),
    priorities: new Map(ids.map((id) => [id, random.chance(0.3) ? random.int(0, 3) : 0])),
    ...options.site,
    ...(options.rules === undefined ? {} : { rules: options.rules }),
    ...(options.variant === undefined ? {} : { variant: options.variant }),
    ...(options.trace === undefined ? {} : { trace: options.trace }),
  });
  const asked: Asked[] = [];
  while (site.now < SAFETY_MS) {
    site.run(BEAT_MS);
    disturb(site, random, faults, ids);
    if (random.chance(BUY_CHANCE)) asked.push(buy(site, random, ids, asked));
    if (asked.length > 0 && random.chance(RETRY_CHANCE)) asked.push(site.retry(random.pick(ids), random.pick(asked.slice(-20))));
    if (asked.length > 0 && random.chance(faults.officeChance)) asked.push(office(site, random, ids, asked));
    if (random.chance(READ_CHANCE)) {
      const kiosk = random.pick(ids);
      if (site.kiosk(kiosk).alive) site.read(kiosk);
    }
  }
  converge(site, ids);
  return {
    seed: options.seed,
    steps: site.steps,
    slots: site.checker.length,
    sold: site.sold(ids[0]!),
    messages: site.messageCounts,
    crashPoints: site.crashPoints,
  };
}

/** Some of them into a drawer that was open a while ago. */
function buy(site: Site, random: Random, ids: readonly number[], asked: readonly Asked[]): Asked {
  const [kiosk, n, shift] = [random.pick(ids), random.int(1, 4), openedShift(random, asked)];
  if (shift === undefined || random.chance(0.5)) return site.buy(kiosk, n);
  return site.office(kiosk, { op: 'buy', items: [{ event: 'demo', category: 'adult', n }], shift });
}

/** What becomes of a request, somewhere: a sale is voided, printed or let in, a request is given up, a drawer is opened or counted. */
function office(site: Site, random: Random, ids: readonly number[], asked: readonly Asked[]): Asked {
  const kiosk = random.pick(ids);
  const shift = openedShift(random, asked);
  if (random.chance(0.1))
    return site.office(kiosk, {
      op: 'shift',
      action: shift === undefined || random.chance(0.5) ? { kind: 'open', float: 1_000 } : { kind: 'close', shift, counted: 0 },
    });
  const { command, result } = random.pick(asked.slice(-20));
  if (result?.ok && result.op === 'buy' && random.chance(0.8)) {
    const { sale } = result;
    const numbers = result.items.flatMap(({ tickets }) => tickets);
    switch (random.int(0, 3)) {
      case 0:
        return site.void(kiosk, sale, undefined, shift);
      case 1:
        return site.office(kiosk, { op: 'admit', sale, event: 'demo', number: numbers[0]! });
      default:
        return site.print(kiosk, sale, numbers.slice(0, random.int(1, 2)));
    }
  }
  if (random.chance(0.1)) return site.cancel(kiosk, 'itself', 'itself');
  // The clerk's time-out, and then the wish to be rid of it.
  site.withdraw(command.kiosk, { command, result });
  return site.cancel(kiosk, command.requestId);
}

/** A shift that was opened among the last requests, and may be closed by now. */
function openedShift(random: Random, asked: readonly Asked[]): number | undefined {
  const shifts = asked
    .slice(-100)
    .flatMap(({ result }) => (result?.ok && result.op === 'shift' && result.closed === undefined ? [result.shift] : []));
  return shifts.length === 0 ? undefined : random.pick(shifts);
}

function disturb(site: Site, random: Random, faults: Faults, ids: readonly number[]): void {
  const happens = (rate: number) => random.chance((rate * BEAT_MS) / 1_000);
  const kiosk = random.pick(ids);
  if (happens(faults.crashRate)) {
    site.crash(kiosk);
    site.later(random.int(DOWN_MS.min, DOWN_MS.max), () => site.start(kiosk));
  }
  if (happens(faults.pauseRate) && site.kiosk(kiosk).alive) site.pause(kiosk, random.int(PAUSE_MS.min, PAUSE_MS.max));
  if (happens(faults.cutRate)) {
    const other = random.pick(ids.filter((id) => id !== kiosk));
    const loud = random.chance(0.5);
    if (random.chance(0.2)) site.isolate(kiosk, loud);
    else if (random.chance(0.4)) site.cutOneWay(kiosk, other, loud);
    else site.cut(kiosk, other, loud);
    site.later(random.int(CUT_MS.min, CUT_MS.max), () => site.heal());
  }
  if (happens(faults.jumpRate)) site.kiosk(kiosk).jump(random.int(JUMP_MS.min, JUMP_MS.max));
  if (happens(faults.wipeRate)) wipe(site, random, ids);
  if (happens(faults.diskRate)) {
    site.failDisk(kiosk);
    site.later(random.int(DOWN_MS.min, DOWN_MS.max), () => site.mendDisk(kiosk));
  }
  if (happens(faults.changeRate)) {
    const members = site.checker.members.map((member) => member.kiosk);
    const outside = ids.filter((id) => !members.includes(id));
    if (members.length > 0 && random.chance(0.3)) site.change(random.pick(ids), 'leader', random.pick(members));
    else if (members.length > 0 && random.chance(0.1)) site.move(random.pick(ids), random.pick(members), random.int(7_500, 7_600));
    else if (outside.length > 0 && random.chance(0.6)) site.change(random.pick(ids), 'add', random.pick(outside));
    // A site that loses a member's data must not shrink beside it: what is left might be no majority.
    else if (members.length > 1 && faults.wipeRate === 0)
      site.change(random.pick(ids), 'remove', random.chance(0.7) ? random.pick(members) : random.pick(ids));
  }
}

/** A member loses its data and comes back as another incarnation; as long as one has not been readmitted, no other does. */
function wipe(site: Site, random: Random, ids: readonly number[]): void {
  const { members } = site.checker;
  const estranged = members.find((member) => site.kiosk(member.kiosk).member.incarnation !== member.incarnation);
  if (estranged !== undefined) site.change(random.pick(ids), 'readmit', estranged.kiosk);
  // Before all know that the site is open, a lost folder means to begin anew (rule 7).
  else if (members.length >= 3 && site.checker.inForce && ids.every((id) => site.kiosk(id).tickets.applied > 0)) {
    const lost = random.pick(members).kiosk;
    site.crash(lost);
    site.wipe(lost, random.chance(0.5));
    site.later(random.int(DOWN_MS.min, DOWN_MS.max), () => site.start(lost));
    site.later(random.int(DOWN_MS.min, 2 * DOWN_MS.max), () => site.change(random.pick(ids), 'readmit', lost));
  }
}

/** The faults stop: every kiosk lives and is linked. It must agree, and sell at every kiosk. */
function converge(site: Site, ids: readonly number[]): void {
  site.faults = {
    ...site.faults,
    loss: 0,
    doubling: 0,
    delayMin: 1,
    delayMax: 10,
    lateChance: 0,
    syncMin: 1,
    syncMax: 5,
    crashPointChance: 0,
  };
  site.quiet();
  for (const id of ids) site.mendDisk(id);
  site.heal();
  site.run(SAFETY_MS / 3);
  const last = ids.filter((id) => site.view(id).role !== 'removed').map((id) => site.buy(id, 1));
  const done = site.until(() => last.every(({ result }) => result !== null) && site.converged(), LIVENESS_MS);
  if (!done) {
    const missing = last.filter(({ result }) => result === null).map(({ command }) => `kiosk ${command.kiosk}`);
    throw new Error(
      `liveness: ${LIVENESS_MS / 1000} s after the faults stopped, ${missing.length > 0 ? `no answer at ${missing.join(', ')}` : 'the kiosks have not converged'}`,
    );
  }
}
