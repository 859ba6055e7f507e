import { describe, expect, it } from 'vitest';
import type { JournalRecord } from '../../shared/journal';
import type { Rules } from '../paxos';
import type { DriverVariant } from './kiosk';
import { randomRun } from './run';
import { Bench, ballot, countsStrangers, FOUNDED, sale } from './scenarios/bench';

/** Each variant breaks one rule on purpose; the suite must catch it by the rule's own name, within so many seeds. */
const SEEDS = 400;
const SIZES = [3, 5, 5, 4];

interface Red {
  readonly name: string;
  readonly rules?: Partial<Rules>;
  readonly variant?: DriverVariant;
  /** What the catch must say. */
  readonly caughtBy: RegExp;
}

const DISAGREE =
  /one value per slot|would change its value|two values in ballot|another value than the chosen one|equal state|quorum:|no ticket twice|exactly once|one answer|nothing is held there/;

const REDS: readonly Red[] = [
  { name: 'votes before the disk has synced (rule 1)', variant: { votesBeforeSync: true }, caughtBy: /durable first/ },
  {
    name: 'forgets its promises on restart (rule 1)',
    variant: { restored: (records) => records.filter(({ t }) => t !== 'promise') },
    caughtBy: /promise never falls|ballot reuse/,
  },
  {
    name: 'forgets what it accepted on restart (rule 1)',
    variant: {
      restored: (records) =>
        records.map((record): JournalRecord => (record.t === 'accept' ? { t: 'promise', ballot: record.ballot } : record)),
    },
    caughtBy: DISAGREE,
  },
  { name: 'does not re-propose what it finds (rule 2, S2)', rules: { takenOver: (_adopted, noOp) => noOp }, caughtBy: DISAGREE },
  {
    name: 'lets the old members decide after add_kiosk (rule 3, S3)',
    rules: { electorate: (configurations, slot) => configurations.governing(Math.max(1, slot - 16))?.members ?? null },
    caughtBy: /quorum:|one value per slot|would change its value|another value/,
  },
  {
    name: 'takes any two for a majority (S7)',
    rules: {
      quorum: (members, voters) =>
        members.filter((member) => voters.has(`${member.kiosk}:${member.incarnation}`)).length >= Math.min(2, members.length),
    },
    caughtBy: DISAGREE,
  },
  {
    name: 'counts promises that leave out chosen slots (rule 2, S1)',
    rules: { promiseCounts: (promise) => promise.complete },
    caughtBy: DISAGREE,
  },
  { name: 'applies a stale value at the commit mark (rule 4, S6)', rules: { mayApply: () => true }, caughtBy: DISAGREE },
  {
    name: 'proposes beyond the window (rule 3, S4)',
    rules: { withinWindow: () => true },
    caughtBy: /window \(S4\)|is proposed before|not yet in force/,
  },
  {
    name: 'uses a ballot again after a restart (S8)',
    rules: { nextRound: (highest) => Math.max(1, highest) },
    caughtBy: /ballot reuse|two values in ballot|would change its value|one value per slot|promise never falls/,
  },
];

function caught(red: Pick<Red, 'rules' | 'variant'>): { seed: number; message: string } | null {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    try {
      randomRun({ seed, kiosks: SIZES[seed % SIZES.length]!, ...red });
    } catch (error) {
      const { message } = error as Error;
      // A broken rule may also keep the site from converging; that alone is no catch.
      if (!message.startsWith('liveness:')) return { seed, message };
    }
  }
  return null;
}

describe('red variants', () => {
  it.each(REDS)('$name: caught', { timeout: 300_000 }, ({ rules, variant, caughtBy }) => {
    const found = caught({ ...(rules === undefined ? {} : { rules }), ...(variant === undefined ? {} : { variant }) });
    expect(found, `not caught in ${SEEDS} seeds`).not.toBeNull();
    expect(found!.message).toMatch(caughtBy);
    console.log(`caught with seed ${found!.seed}: ${found!.message.slice(0, 140)}`);
  });

  it('counts acceptances across ballots (S7): caught by the scenario', () => {
    const green = new Bench(1, [FOUNDED]);
    countsStrangers(green);
    expect(green.applied).toHaveLength(1);
    const red = new Bench(1, [FOUNDED], { acceptanceCounts: () => true });
    countsStrangers(red);
    expect(red.applied.length, 'an acceptance of another ballot chose slot 2').toBe(2);
  });

  it('re-proposes the value of the lowest ballot (rule 2, S2): caught by the scenario', () => {
    const proposedBy = (rules: Partial<Rules>) => {
      const bench = new Bench(1, [FOUNDED, { t: 'accept', slot: 2, ballot: ballot(1, 2), value: sale('older'), chosen: 1 }], rules);
      const mine = bench.campaign(ballot(5, 3));
      bench.from(3, { t: 'promise', ballot: mine, from: 2, chosen: 1, entries: [{ slot: 2, ballot: ballot(5, 3), value: sale('newer') }] });
      return bench.of('accept')[0]?.entries[0]?.value;
    };
    expect(proposedBy({})).toEqual(sale('newer'));
    expect(proposedBy({ replaces: (a, b) => a.ballot.round > b.ballot.round }), 'the stale value is proposed again').toEqual(sale('older'));
  });
});
