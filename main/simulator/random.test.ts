import { describe, expect, it } from 'vitest';
import { messageSchema } from '../../shared/messages';
import { BranchCoverage } from './coverage';
import { Random } from './random';

/** Seeds of one suite; QK_SEEDS asks for more. */
const SEEDS = Number(process.env.QK_SEEDS ?? 240);
const FIRST = Number(process.env.QK_FIRST_SEED ?? 1_000);
/** All but those of the archive and of printers, which are no part of the consensus. */
const MESSAGE_TYPES = messageSchema.options.length - 3;
const SIZES = [3, 5, 4, 3, 5, 2, 1, 7];

describe('random runs', () => {
  it(`break no rule in ${SEEDS} seeds from ${FIRST} on`, { timeout: 600_000 }, async () => {
    let steps = 0;
    let slots = 0;
    const seen = new Set<string>();
    const points = new Map<string, number>();
    // Only what is loaded after the start is counted whole, functions that never run too.
    const coverage = new BranchCoverage();
    coverage.start();
    const { randomRun } = await import('./run');
    const { CRASH_POINTS } = await import('./kiosk');
    for (let seed = FIRST; seed < FIRST + SEEDS; seed += 1) {
      const kiosks = SIZES[seed % SIZES.length]!;
      try {
        const result = randomRun({ seed, kiosks });
        steps += result.steps;
        slots += result.slots;
        for (const type of result.messages.keys()) seen.add(type);
        for (const [point, { crashed }] of result.crashPoints) points.set(point, (points.get(point) ?? 0) + crashed);
      } catch (error) {
        throw new Error(
          `seed ${seed} with ${kiosks} kiosks; replay: npm run simulate -- --seed ${seed} --kiosks ${kiosks}\n${(error as Error).stack}`,
        );
      }
    }
    console.log(
      `simulated ${SEEDS} seeds from ${FIRST}: ${steps} steps, ${slots} slots chosen; messages seen: ${[...seen].sort().join(' ')}`,
    );
    const branches = coverage.take('/main/paxos/');
    console.log(
      `crash points used: ${[...points].map(([point, times]) => `${point} ${times}`).join(', ')}\n` +
        `branches of main/paxos run: ${branches.run} of ${branches.of}; functions never run: ${branches.idle.join(', ') || 'none'}`,
    );
    for (const point of CRASH_POINTS) expect(points.get(point), `nobody died ${point}`).toBeGreaterThan(0);
    expect(branches.of).toBeGreaterThan(250);
    expect(branches.run / branches.of).toBeGreaterThan(0.75);
    expect(slots).toBeGreaterThan(SEEDS * 10);
    expect(seen.size).toBe(MESSAGE_TYPES);
  });

  it('are the same run for the same seed', async () => {
    const { randomRun } = await import('./run');
    const traces = [0, 1].map(() => {
      const lines: string[] = [];
      randomRun({ seed: 42, kiosks: 3, trace: (line) => lines.push(line) });
      return lines.join('\n');
    });
    expect(traces[0]).toBe(traces[1]);
    expect(traces[0]!.length).toBeGreaterThan(1_000);
  });

  it('draw evenly', () => {
    const random = new Random(7);
    const counts = new Array<number>(10).fill(0);
    for (let draw = 0; draw < 20_000; draw += 1) counts[random.int(0, 9)]! += 1;
    for (const count of counts) expect(Math.abs(count - 2_000)).toBeLessThan(250);
  });
});
