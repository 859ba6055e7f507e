import { describe, expect, it } from 'vitest';
import type { BuyAnswer } from '../../shared/answers';
import { check } from './checker';
import type { CommandAttempt, CommandCall, PrintAttempt } from './history';
import { formatVerdict } from './report';
import { BAD } from './testing/bad';
import { simulate } from './testing/simulate';
import { buy, cancel, Story, type Where, wholeStory } from './testing/story';

const NOTHING = { sold: 0, confirmedShows: 0 };
const SEEDS = 60;

describe('right histories', () => {
  it.each(Array.from({ length: SEEDS }, (_, seed) => seed))('of random clients pass: seed %i', (seed) => {
    const evidence = simulate(seed, {
      clients: 2 + (seed % 6),
      attempts: 60 + (seed % 4) * 60,
      capacities: seed % 3 === 0 ? { match: 500 } : { match: 25, final: 60 },
      unknown: (seed % 4) * 0.1,
      shows: 0.25,
      undoing: (seed % 3) * 0.2,
      changes: 0.03,
    });
    const verdict = check(evidence, NOTHING);
    expect(formatVerdict(verdict), formatVerdict(verdict)).not.toContain('VIOLATION');
  });
});

describe('a wrong history', () => {
  it('is made from a right one', () => {
    const verdict = check(wholeStory().evidence(), NOTHING);
    expect(verdict.violations).toEqual([]);
    expect(verdict.figures).toMatchObject({ sold: 5, cancelled: 2, voided: 1, printed: 2, changed: 1, unknown: 2, unknownInLog: 1 });
  });

  const cases = Object.entries(BAD).flatMap(([code, histories]) => Object.entries(histories).map(([name, make]) => ({ code, name, make })));
  it.each(cases)('is caught: $code, $name', ({ code, make }) => {
    const verdict = check(make(), NOTHING);
    expect(
      verdict.violations.map((violation) => violation.code),
      formatVerdict(verdict),
    ).toContain(code);
  });
});

describe('an answer at a kiosk that is cut off (S21, S25)', () => {
  it('is right only where one of the others may have decided it, and is heard', () => {
    const found = (kiosks: number[], hears: boolean, where: Where = {}) => {
      const story = new Story();
      story.do(buy('r1', 2), { kiosk: 1, ...where });
      story.do(buy('r1', 2), { kiosk: 2 });
      const [first, again] = story.history as CommandAttempt[];
      story.history.push({ type: 'isolation', kiosks, hears, start: first!.start - 1, end: again!.end + 1 });
      return check(story.evidence(), NOTHING).violations.map(({ code }) => code);
    };
    expect(found([2], true)).toEqual([]);
    expect(found([2], false)).toContain('minority-sold');
    expect(found([1, 2], true)).toContain('minority-sold');
    expect(found([2], true, { end: 'not-sent' })).toContain('minority-sold');
    expect(found([2], true, { end: 'unheard' })).toEqual([]);
  });
});

describe('a claim that is refused without an entry, as that of a sale that is being given up at its kiosk (rule 10)', () => {
  /** What is found in a history of one sale, its cancel, and then a claim at kiosk 1 that is refused. */
  function found(cancelled: Where, before: (story: Story, claim: CommandCall) => void = () => {}): readonly string[] {
    const story = new Story();
    const sold = story.do(buy('r1', 2)) as BuyAnswer;
    const claim: CommandCall = {
      op: 'print',
      requestId: 'p1',
      sale: sold.sale,
      tickets: sold.tickets.map((number) => ({ event: 'match', number })),
    };
    before(story, claim);
    story.do(cancel('c1', 'r1'), cancelled);
    for (let time = 0; time < 2; time += 1) {
      story.do(claim, { end: 'lost' });
      story.history.push({ ...(story.history.pop() as PrintAttempt), outcome: { kind: 'refused', reason: 'cancelled' } });
    }
    return check(story.evidence(), NOTHING).violations.map(({ code }) => code);
  }
  const claimed = (where: Where) => (story: Story, claim: CommandCall) => void story.do(claim, where);

  it('is right as long as the kiosk may not know what the log said to that', () => {
    expect(found({ end: 'lost' })).toEqual([]);
    expect(found({ end: 'unheard' })).toEqual([]);
    // Nor of a claim that was made elsewhere, or of which it did not hear the end.
    expect(found({ end: 'lost' }, claimed({ kiosk: 2 }))).toEqual([]);
    expect(found({ end: 'lost' }, claimed({ end: 'unheard' }))).toEqual([]);
  });

  it('is wrong where it was given up at another kiosk, or nothing of that had begun', () => {
    expect(found({ kiosk: 2, end: 'lost' })).toContain('refusal-mismatch');
    expect(found({ end: 'not-sent' })).toContain('refusal-mismatch');
  });

  it('is wrong once the kiosk knew the end: of the giving up, or of the claim itself', () => {
    expect(found({})).toContain('refusal-mismatch');
    expect(found({}, claimed({ kiosk: 2 }))).toContain('refusal-mismatch');
    expect(found({ end: 'lost' }, claimed({}))).toContain('refusal-mismatch');
  });
});

describe('a history of next to nothing', () => {
  it('proves nothing', () => {
    const evidence = wholeStory().evidence();
    expect(check(evidence, { sold: 6, confirmedShows: 4 }).tooLittle).toEqual([
      'only 5 requests were sold, and 6 are the least',
      'only 3 confirmed shows, and 4 are the least',
      'no two attempts ever overlapped',
    ]);
    const without = { ...evidence, dumps: evidence.dumps.map((dump) => ({ ...dump, complete: false })) };
    expect(check(without, NOTHING).tooLittle).toContain('no log was read to its end');
    expect(check({ history: [], dumps: [], events: [] }, { sold: 1, confirmedShows: 0 })).toMatchObject({ violations: [] });
  });
});
