import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Random } from '../../main/simulator/random';
import type { KioskId } from '../../shared/ballot';
import { type Aftermath, aftermathOf, opened, type Scene } from './aftermath';
import { check, type Verdict } from './checker';
import { CONTESTED, crowd, ENDLESS } from './clients';
import { findClockLibrary } from './clock';
import { Desk } from './desk';
import { SmallDisk } from './disk';
import { type HistoryLine, type Isolation, isAttempt } from './history';
import { Hosts } from './hosts';
import { Kiosks } from './kiosks';
import { Links } from './links';
import { Nemesis } from './nemesis';
import { Operator } from './operator';
import { cuts, drawPlan, type FaultKind, faultWords, lengthOf, type Means, type PlannedFault } from './plan';
import type { EventPlan } from './pools';
import { now, Recorder } from './recorder';
import { formatVerdict } from './report';
import { firstLine } from './sandbox';

const SECOND_MS = 1_000;
/** Less in a second has shown nothing. */
const LEAST_SOLD_PER_S = 3;
const LEAST_SHOWS_PER_S = 1;
const LEAST_FAULTS_PER_S = 0.3;

/** What a run is about. */
export type Course =
  /** All kinds of faults, drawn at random, for so long; five kiosks, three of them members at the beginning. */
  | { readonly kind: 'drawn'; readonly seconds: number }
  /** S25: minorities cut off, both ways and one way only; all kiosks are members. `most`: at most so many of the cuts, drawn at random. */
  | { readonly kind: 'cuts'; readonly kiosks: number; readonly most: number };

export interface RunOptions {
  readonly seed: number;
  readonly course: Course;
  /** An empty folder for everything of this run. */
  readonly folder: string;
  /** Where the built programs are. */
  readonly programs: string;
  /** Why this run has no name spaces of its own; null if it has. */
  readonly without: string | null;
}

export interface RunResult {
  readonly seed: number;
  readonly ok: boolean;
  /** What went wrong, in words; empty if nothing did. */
  readonly report: string;
  /** Faults that can't be had here, and why. */
  readonly missing: readonly string[];
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  readonly figures: Verdict['figures'] | null;
}

/** One site, its clients and its nemesis, from the founding to the verdict. */
export async function run(options: RunOptions): Promise<RunResult> {
  const { folder, seed, course } = options;
  const random = new Random(seed);
  const ids = Array.from({ length: course.kind === 'cuts' ? course.kiosks : 5 }, (_, index) => index + 1);
  const { hosts, disk, clockLibrary, missing } = await meansOf(options, random, ids);
  const means: Means = { network: hosts !== null, clock: clockLibrary !== null, smallDisk: disk?.kiosk ?? null };
  const plan = course.kind === 'drawn' ? drawPlan(random, ids, means, course.seconds * SECOND_MS) : cuts(random, ids, course.most);
  const seconds = course.kind === 'drawn' ? course.seconds : lengthOf(plan) / SECOND_MS;
  await writeFile(path.join(folder, 'plan.txt'), plan.map(({ fault, at, lastsMs }) => `${at} +${lastsMs} ${faultWords(fault)}\n`).join(''));
  const members = course.kind === 'drawn' ? 3 : ids.length;
  const events = [CONTESTED, ENDLESS].map(({ event, capacity, priceCents }) => `${event}=${capacity}:${priceCents}`);
  const kiosks = await Kiosks.make({ folder, programs: options.programs, kiosks: ids, members, events, hosts, clockLibrary });
  const recorder = new Recorder(path.join(folder, 'history.jsonl'));
  const links = new Links((kiosk) => kiosks.data(kiosk));
  const desk = new Desk(links, recorder);
  const operator = new Operator(ids, links, desk, new Random(random.int(0, 2 ** 31)));
  const nemesis = new Nemesis({ kiosks, operator, recorder, hosts, disk });
  try {
    const scene: Scene = { kiosks, operator, desk, links };
    await kiosks.startAll();
    const open = await opened(scene);
    let aftermath: Aftermath = { ok: false, why: '' };
    if (open.ok) {
      await Promise.all([crowd(ids, desk, random, now() + seconds * SECOND_MS), nemesis.run(plan)]);
      aftermath = await aftermathOf(scene);
    } else aftermath = open;
    const verdict = aftermath.ok
      ? check(
          { history: recorder.history, dumps: aftermath.dumps, events: await plansOf(kiosks) },
          { sold: seconds * LEAST_SOLD_PER_S, confirmedShows: seconds * LEAST_SHOWS_PER_S },
        )
      : null;
    const problems = [
      ...(aftermath.ok ? [] : [aftermath.why]),
      ...nemesis.problems,
      ...desk.problems,
      ...kiosks.died,
      ...tooCalm(plan, nemesis, seconds),
      // Beside other faults the others may have had their own troubles.
      ...(course.kind === 'cuts' ? idleMajorities(recorder.history) : []),
    ];
    const right = verdict === null || (verdict.violations.length === 0 && verdict.tooLittle.length === 0);
    const report = [...problems, ...(verdict === null || right ? [] : [formatVerdict(verdict)])].join('\n');
    return { seed, ok: report === '', report, missing, faults: Object.fromEntries(nemesis.done), figures: verdict?.figures ?? null };
  } finally {
    links.close();
    await kiosks.killAll();
    await recorder.close();
  }
}

interface Field {
  readonly hosts: Hosts | null;
  readonly disk: SmallDisk | null;
  readonly clockLibrary: string | null;
  readonly missing: readonly string[];
}

/** What this machine allows. The course of cuts needs a network of its own. */
async function meansOf({ course, folder, without }: RunOptions, random: Random, kiosks: readonly KioskId[]): Promise<Field> {
  const clockLibrary = course.kind === 'drawn' ? findClockLibrary() : null;
  const missing = course.kind === 'drawn' && clockLibrary === null ? ['clock jumps: libfaketime is not installed'] : [];
  if (without !== null) {
    return { hosts: null, disk: null, clockLibrary, missing: [...missing, `faults of the network, and a full disk: ${without}`] };
  }
  const hosts = await Hosts.up(kiosks).catch((error: unknown) => {
    if (course.kind === 'cuts') throw error;
    missing.push(`faults of the network: ${firstLine(error)}`);
    return null;
  });
  if (course.kind === 'cuts') return { hosts, disk: null, clockLibrary, missing };
  const kiosk = random.pick(kiosks);
  const disk = await SmallDisk.mount(kiosk, path.join(folder, `k${kiosk}`)).catch((error: unknown) => {
    missing.push(`a full disk: ${firstLine(error)}`);
    return null;
  });
  return { hosts, disk, clockLibrary, missing };
}

async function plansOf(kiosks: Kiosks): Promise<readonly EventPlan[]> {
  const { events } = await kiosks.site();
  return events.map(({ id, capacity, categories }) => ({
    id,
    capacity,
    prices: new Map(categories.map((category) => [category.id, category.price])),
  }));
}

/** Why the faults were too few; empty if they were not. */
function tooCalm(plan: readonly PlannedFault[], { done }: Nemesis, seconds: number): readonly string[] {
  const count = [...done.values()].reduce((sum, times) => sum + times, 0);
  const least = Math.min(plan.length / 2, seconds * LEAST_FAULTS_PER_S);
  return count < least ? [`TOO LITTLE only ${count} faults were done, and ${least.toFixed(0)} are the least`] : [];
}

/** Cuts of this length leave the majority the time to find a leader of its own. */
const LONG_CUT_MS = 2_500;

/** Majorities that did not sell although they had the time to (S25). */
function idleMajorities(history: readonly HistoryLine[]): readonly string[] {
  return history
    .filter((line): line is Isolation => line.type === 'isolation' && line.end - line.start >= LONG_CUT_MS)
    .filter(
      ({ kiosks, start, end }) =>
        !history.some(
          (line) =>
            isAttempt(line) &&
            !kiosks.includes(line.kiosk) &&
            line.call.op === 'buy' &&
            line.outcome.kind === 'ok' &&
            line.start > start &&
            line.end < end,
        ),
    )
    .map(
      ({ kiosks, start, end }) =>
        `while kiosks ${kiosks.join(', ')} were cut off, for ${(end - start).toFixed(0)} ms from ${start.toFixed(0)} ms on, the others sold nothing`,
    );
}
