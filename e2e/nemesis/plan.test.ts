import { describe, expect, it } from 'vitest';
import { Random } from '../../main/simulator/random';
import { drawPlan, type FaultKind, faultWords, type Means } from './plan';

const KIOSKS = [1, 2, 3, 4, 5];
const ALL: Means = { network: true, clock: true, smallDisk: 2 };
const LENGTH_MS = 20_000;

function kinds(means: Means): ReadonlySet<FaultKind> {
  const plans = Array.from({ length: 40 }, (_, seed) => drawPlan(new Random(seed), KIOSKS, means, LENGTH_MS));
  return new Set(plans.flat().map(({ fault }) => fault.kind));
}

describe('the plan of a run', () => {
  it('is the same for the same seed', () => {
    const once = drawPlan(new Random(7), KIOSKS, ALL, LENGTH_MS);
    expect(drawPlan(new Random(7), KIOSKS, ALL, LENGTH_MS)).toEqual(once);
    expect(drawPlan(new Random(8), KIOSKS, ALL, LENGTH_MS)).not.toEqual(once);
  });

  it('comes to every kind of fault where all means are there', () => {
    expect([...kinds(ALL)].sort()).toEqual(
      ['blackout', 'clock', 'full-disk', 'isolate', 'kill', 'loss', 'members', 'one-way', 'pause', 'slow', 'split'].sort(),
    );
  });

  it('keeps to what can be done', () => {
    expect([...kinds({ network: false, clock: false, smallDisk: null })].sort()).toEqual(['blackout', 'kill', 'members', 'pause']);
  });

  it('begins every fault within the run, in their order', () => {
    const plan = drawPlan(new Random(3), KIOSKS, ALL, LENGTH_MS);
    expect(plan.length).toBeGreaterThan(15);
    expect(plan.every(({ at, lastsMs }) => at >= 0 && at < LENGTH_MS && lastsMs >= 0)).toBe(true);
    expect(plan.map(({ at }) => at)).toEqual([...plan].map(({ at }) => at).sort((a, b) => a - b));
  });

  it('says each fault in a few words', () => {
    expect(faultWords({ kind: 'split', side: [2, 5] })).toBe('split 2+5');
    expect(faultWords({ kind: 'loss', target: 'leader', share: 0.2 })).toBe('loss leader 0.2');
  });
});
