import { describe, expect, it } from 'vitest';
import { Random } from '../../main/simulator/random';
import { messageSchema } from '../../shared/messages';
import { malformed, SAMPLES } from './messages';
import { fuzz } from './run';
import { openSite } from './site';

const COUNT = 20_000;
const SEEDS = 2 ** 31;

describe('what is sent', () => {
  it('begins with a right message of every type, and is never a right one', () => {
    expect(SAMPLES.map(({ t }) => t)).toEqual(messageSchema.options.map((option) => option.shape.t.value));
    for (const sample of SAMPLES) expect(messageSchema.safeParse(sample).success, sample.t).toBe(true);
    const random = new Random(1);
    for (let count = 0; count < 2_000; count += 1) expect(messageSchema.safeParse(malformed(random)).success).toBe(false);
  });
});

describe('a live kiosk', () => {
  it(`stands ${COUNT} malformed frames and messages, and the site sells on`, { timeout: 300_000 }, async () => {
    const seed = Math.floor(Math.random() * SEEDS);
    process.stdout.write(`fuzz: seed ${seed}\n`);
    const site = await openSite();
    try {
      const result = await fuzz(site, COUNT, seed);
      process.stdout.write(`fuzz: ${JSON.stringify(result)}\n`);
      expect(result.failures).toEqual([]);
      expect(result.sent).toBe(COUNT);
      expect(result.handshakes * 100).toBeLessThanOrEqual(COUNT);
      expect(Object.keys(result.attacks).length).toBeGreaterThan(5);
    } finally {
      await site.remove();
    }
  });
});
