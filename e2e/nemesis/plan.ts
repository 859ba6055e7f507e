import type { Random } from '../../main/simulator/random';
import type { KioskId } from '../../shared/ballot';
import type { Direction } from './hosts';

/** Whoever leads at that moment, or that kiosk. */
export type Target = KioskId | 'leader';

export type Fault =
  /** kill -9, and started again. */
  | { readonly kind: 'kill'; readonly target: Target }
  /** kill -9 of all kiosks at once, as when a site loses its power. */
  | { readonly kind: 'blackout' }
  /** SIGSTOP, and SIGCONT: a laptop that slept. */
  | { readonly kind: 'pause'; readonly target: Target }
  /** Its disk is full, which ends its voting; then there is space again, and it is started again. */
  | { readonly kind: 'full-disk' }
  /** Its wall clock is off by so many seconds. */
  | { readonly kind: 'clock'; readonly target: Target; readonly seconds: number }
  /** Cut off from all others. */
  | { readonly kind: 'isolate'; readonly target: Target }
  /** Two kiosks and the other three don't reach each other. */
  | { readonly kind: 'split'; readonly side: readonly [KioskId, KioskId] }
  /** These, a minority, and the others don't reach each other, or nothing gets in to them, or nothing out. */
  | { readonly kind: 'cut-off'; readonly side: readonly KioskId[]; readonly directions: readonly Direction[] }
  /** Nothing from those others gets in, or nothing to them gets out. */
  | { readonly kind: 'one-way'; readonly target: Target; readonly others: readonly KioskId[]; readonly direction: Direction }
  /** Packets to it are lost. */
  | { readonly kind: 'loss'; readonly target: Target; readonly share: number }
  /** What it sends is late. */
  | { readonly kind: 'slow'; readonly target: Target }
  /** A kiosk is added or removed, or leadership handed over. */
  | { readonly kind: 'members' };
export type FaultKind = Fault['kind'];

export interface PlannedFault {
  readonly fault: Fault;
  /** Milliseconds from the beginning. */
  readonly at: number;
  readonly lastsMs: number;
}

/** What can be done on this machine. */
export interface Means {
  readonly network: boolean;
  readonly clock: boolean;
  /** The kiosk whose disk can be filled. */
  readonly smallDisk: KioskId | null;
}

interface Weighted {
  readonly weight: number;
  /** From, to. */
  readonly lastsMs: readonly [number, number];
  readonly draw: (random: Random, kiosks: readonly KioskId[]) => Fault;
}

/** Before the first fault, and between two of a lane. */
const CALM_MS = [250, 1_000] as const;
const CALM_BETWEEN_CHANGES_MS = [700, 2_500] as const;
const AT_LEADER = 0.4;
const HOUR_S = 3_600;
/** Certificates are good from a day before the site was made. */
const CLOCK_BACK_MAX_S = 20 * HOUR_S;
const CLOCK_AHEAD_MAX_S = 2 * 365 * 24 * HOUR_S;

const TO_PROCESSES: Readonly<Record<'kill' | 'blackout' | 'pause' | 'full-disk' | 'clock', Weighted>> = {
  kill: { weight: 5, lastsMs: [50, 2_500], draw: (random, kiosks) => ({ kind: 'kill', target: target(random, kiosks) }) },
  blackout: { weight: 1, lastsMs: [50, 600], draw: () => ({ kind: 'blackout' }) },
  pause: { weight: 4, lastsMs: [200, 3_000], draw: (random, kiosks) => ({ kind: 'pause', target: target(random, kiosks) }) },
  'full-disk': { weight: 3, lastsMs: [600, 2_000], draw: () => ({ kind: 'full-disk' }) },
  clock: {
    weight: 3,
    lastsMs: [300, 1_500],
    draw: (random, kiosks) => ({
      kind: 'clock',
      target: target(random, kiosks),
      seconds: random.int(-CLOCK_BACK_MAX_S, CLOCK_AHEAD_MAX_S),
    }),
  },
};

const TO_LINKS: Readonly<Record<'isolate' | 'split' | 'one-way' | 'loss' | 'slow', Weighted>> = {
  isolate: { weight: 4, lastsMs: [500, 3_500], draw: (random, kiosks) => ({ kind: 'isolate', target: target(random, kiosks) }) },
  split: {
    weight: 2,
    lastsMs: [500, 3_000],
    draw: (random, kiosks) => {
      const first = random.pick(kiosks);
      return { kind: 'split', side: [first, random.pick(kiosks.filter((kiosk) => kiosk !== first))] };
    },
  },
  'one-way': {
    weight: 4,
    lastsMs: [500, 3_500],
    draw: (random, kiosks) => ({
      kind: 'one-way',
      target: target(random, kiosks),
      others: random.chance(0.5) ? kiosks : kiosks.filter(() => random.chance(0.5)),
      direction: random.pick(['in', 'out'] as const),
    }),
  },
  loss: {
    weight: 2,
    lastsMs: [800, 3_500],
    draw: (random, kiosks) => ({ kind: 'loss', target: target(random, kiosks), share: random.int(5, 40) / 100 }),
  },
  slow: { weight: 2, lastsMs: [800, 3_500], draw: (random, kiosks) => ({ kind: 'slow', target: target(random, kiosks) }) },
};

function target(random: Random, kiosks: readonly KioskId[]): Target {
  return random.chance(AT_LEADER) ? 'leader' : random.pick(kiosks);
}

/**
 * Draws the faults of a run: one after the other for processes, beside them one after the other for links, and
 * changes of the members beside both. The same seed and means give the same plan.
 */
export function drawPlan(random: Random, kiosks: readonly KioskId[], means: Means, lengthMs: number): readonly PlannedFault[] {
  const processes = Object.entries(TO_PROCESSES)
    .filter(([kind]) => (kind !== 'clock' || means.clock) && (kind !== 'full-disk' || means.smallDisk !== null))
    .map(([, weighted]) => weighted);
  const changes: Weighted = { weight: 1, lastsMs: [0, 0], draw: () => ({ kind: 'members' }) };
  const plan = [
    ...lane(random, kiosks, processes, CALM_MS, lengthMs),
    ...(means.network ? lane(random, kiosks, Object.values(TO_LINKS), CALM_MS, lengthMs) : []),
    ...lane(random, kiosks, [changes], CALM_BETWEEN_CHANGES_MS, lengthMs),
  ];
  return plan.sort((a, b) => a.at - b.at);
}

/** Each cut, and the calm after it in which the kiosks find each other again. */
const CUT_MS = 2_600;
const CALM_AFTER_CUT_MS = 900;

/** S25: every minority of the kiosks cut off, both ways and one way only, one after the other in a random order. @param most at most so many of them */
export function cuts(random: Random, kiosks: readonly KioskId[], most: number): readonly PlannedFault[] {
  const sides = subsets(kiosks).filter(({ length }) => length > 0 && length * 2 < kiosks.length);
  const faults = sides.flatMap((side) =>
    ([['in', 'out'], ['in'], ['out']] as const).map((directions): Fault => ({ kind: 'cut-off', side, directions })),
  );
  const chosen: PlannedFault[] = [];
  while (faults.length > 0 && chosen.length < most) {
    const [fault] = faults.splice(random.int(0, faults.length - 1), 1);
    chosen.push({ fault: fault!, at: CALM_AFTER_CUT_MS + chosen.length * (CUT_MS + CALM_AFTER_CUT_MS), lastsMs: CUT_MS });
  }
  return chosen;
}

function subsets(kiosks: readonly KioskId[]): readonly (readonly KioskId[])[] {
  const [first, ...rest] = kiosks;
  if (first === undefined) return [[]];
  const without = subsets(rest);
  return [...without, ...without.map((side) => [first, ...side])];
}

/** Milliseconds to the end of the last fault, and a little calm. */
export function lengthOf(plan: readonly PlannedFault[]): number {
  return Math.max(...plan.map(({ at, lastsMs }) => at + lastsMs)) + CALM_AFTER_CUT_MS;
}

function lane(
  random: Random,
  kiosks: readonly KioskId[],
  choice: readonly Weighted[],
  calmMs: readonly [number, number],
  lengthMs: number,
): readonly PlannedFault[] {
  const faults: PlannedFault[] = [];
  let at = random.int(...calmMs);
  while (at < lengthMs) {
    const { draw, lastsMs } = weighted(random, choice);
    const planned = { fault: draw(random, kiosks), at, lastsMs: random.int(...lastsMs) };
    faults.push(planned);
    at += planned.lastsMs + random.int(...calmMs);
  }
  return faults;
}

function weighted(random: Random, choice: readonly Weighted[]): Weighted {
  let left = random.next() * choice.reduce((sum, { weight }) => sum + weight, 0);
  for (const each of choice) {
    left -= each.weight;
    if (left < 0) return each;
  }
  return choice.at(-1)!;
}

/** A fault in a few words. */
export function faultWords(fault: Fault): string {
  const { kind, ...how } = fault;
  const details = Object.values(how).map((value) => (Array.isArray(value) ? value.join('+') : String(value)));
  return [kind, ...details].join(' ');
}
