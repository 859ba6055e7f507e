import { describe, expect, it } from 'vitest';
import { ZERO_BALLOT } from '../../shared/ballot';
import type { JournalRecord } from '../../shared/journal';
import type { Rules } from '../paxos';
import type { Tickets } from '../tickets';
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
    // The peers' memory often finds it out before any harm is done (rule 8).
    caughtBy: new RegExp(`${DISAGREE.source}|amnesia`),
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
  {
    name: 'votes below its promise (rule 1)',
    rules: { mayVote: () => true },
    caughtBy: new RegExp(`${DISAGREE.source}|durable first|promise never falls|would fall`),
  },
  {
    name: "counts a leader's own vote before it is durable (rule 1)",
    rules: { ownVoteCounts: () => true },
    caughtBy: /quorum:|founding:|durable first|one value/,
  },
  {
    name: 'opens the site with a majority of the founders (rule 7)',
    rules: { isFounded: (signatures, founders) => 2 * signatures > founders },
    caughtBy: /founding:|would change|one value/,
  },
  {
    name: 'lets two changes of the members overlap (rule 3)',
    rules: { mayChange: () => true },
    caughtBy: /one change at a time/,
  },
  {
    name: 'lets new members decide at once (rule 3)',
    rules: { electorate: (configurations) => configurations.newest?.members ?? null },
    caughtBy: /quorum:|one value per slot|would change its value|another value/,
  },
  {
    name: 'counts the votes of a kiosk whatever its incarnation (rule 8, S14)',
    rules: {
      quorum: (members, voters) => {
        const kiosks = new Set([...voters].map((voter) => voter.split(':')[0]));
        return 2 * members.filter(({ kiosk }) => kiosks.has(String(kiosk))).length > members.length;
      },
    },
    caughtBy: new RegExp(`${DISAGREE.source}|is proposed`),
  },
  {
    name: 'counts the votes of learners (rule 6, S7)',
    rules: { quorum: (members, voters) => 2 * voters.size > members.length },
    caughtBy: new RegExp(`${DISAGREE.source}|is proposed`),
  },
  {
    name: 'proposes in the new configuration before its members hold the old part (rule 3)',
    rules: { gateOpen: () => true },
    caughtBy: /gate \(rule 3\)/,
  },
  {
    name: 'drops more of the journal than the snapshot stands for (rule 12)',
    variant: { dropsTooMuch: true },
    caughtBy: new RegExp(`${DISAGREE.source}|promise never falls|amnesia`),
  },
  {
    name: 'forgets the promise that a dropped part of the journal held (rule 12)',
    variant: { restoredPromise: () => ZERO_BALLOT },
    caughtBy: /promise never falls|ballot reuse|amnesia|has lost data/,
  },
  {
    name: 'goes on from a snapshot that is not on the disk (S16)',
    variant: { installsBeforeSync: true },
    caughtBy: new RegExp(`${DISAGREE.source}|durable first|is not held|promise never falls|called chosen`),
  },
  {
    name: 'acts on a write that failed (rule 1, S12)',
    variant: { ignoresDiskErrors: true },
    caughtBy: /durable first|quorum:/,
  },
  {
    name: 'forgets what was given up before it was sold (rule 10, S22)',
    variant: { spoil: (tickets) => Object.assign(tablesOf(tickets).sales, { addCancelled: () => {} }) },
    caughtBy: /exactly once|one answer|acknowledged means committed/,
  },
  {
    name: 'does not count print claims (rule 10, S23)',
    variant: { spoil: (tickets) => Object.assign(tablesOf(tickets).sales, { claim: () => 0 }) },
    caughtBy: /two originals|cancel after a claim|print claim/,
  },
  {
    name: 'takes a sale back after a print claim (rule 10)',
    variant: {
      spoil: (tickets) => {
        const { sales } = tablesOf(tickets);
        const { ofRequest } = sales;
        Object.assign(sales, {
          ofRequest: (id: string) => {
            const sale = ofRequest.call(sales, id);
            return sale === null ? null : { ...sale, claims: [] };
          },
        });
      },
    },
    caughtBy: /cancel after a claim/,
  },
  {
    name: 'lets in twice with a ticket',
    variant: { spoil: (tickets) => Object.assign(tablesOf(tickets).admissions, { find: () => null }) },
    caughtBy: /admitted once/,
  },
  {
    name: 'sells into a drawer that was counted',
    variant: { spoil: (tickets) => Object.assign(tickets.shifts, { isOpen: () => true }) },
    caughtBy: /drawer/,
  },
  {
    name: 'forgets refusals (rule 9)',
    variant: { spoil: (tickets) => Object.assign(tablesOf(tickets).requests.refusals, { find: () => null }) },
    caughtBy: /exactly once|one answer|duplicate/,
  },
  {
    name: 'gives tickets back twice (rule 10)',
    variant: { spoil: (tickets) => Object.assign(tablesOf(tickets).sales, { setStatus: () => {} }) },
    caughtBy: /undone once|comes back|more tickets .* came back|no ticket twice|one answer|claimed, and it is no live sale/,
  },
];

/** The application's tables, which no other room may see. */
interface Tables {
  readonly sales: { ofRequest(id: string): object | null };
  readonly admissions: object;
  readonly requests: { readonly refusals: object };
}

function tablesOf(tickets: Tickets): Tables {
  return tickets as unknown as Tables;
}

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

  it('confirms a read by what was heard before it (rule 11, S29): caught by the scenario', () => {
    const confirmedBy = (rules: Partial<Rules>) => {
      const bench = new Bench(1, [FOUNDED], rules);
      const mine = bench.campaign();
      bench.from(2, { t: 'promise', ballot: mine, from: 2, chosen: 1, entries: [] });
      bench.now += 100;
      bench.step({ type: 'tick' });
      bench.answerRounds(mine);
      // From here on nobody answers: the others may have another leader by now.
      bench.step({ type: 'read', id: 'stale' });
      return bench.reads;
    };
    expect(confirmedBy({})).toEqual([]);
    expect(confirmedBy({ confirms: () => true }), 'a read without a fresh round').toEqual(['stale']);
  });
});
