import { afterEach, describe, expect, it, type TestContext } from 'vitest';
import type { StatusAnswer } from '../../shared/answers';
import { skipBecause } from '../../shared/testing/skip';
import { DiskSite } from './testing/disks';
import { type Failure, PrivateMounts } from './testing/mounts';
import { cast, checkBooks, keepSelling, type Part, sell, sellsAt, THREE, told } from './testing/trade';

let site: DiskSite | null = null;
afterEach(async () => {
  await site?.remove();
  site = null;
});

/** Three kiosks that sell, each with its data folder on a disk of its own that can be made to fail so. */
async function sellingOn(failure: Failure, context: TestContext): Promise<DiskSite> {
  const mounts = await PrivateMounts.open();
  if (typeof mounts === 'string') skipBecause(context, mounts);
  site = await DiskSite.make(mounts);
  for (const kiosk of THREE) {
    const refusal = await site.mount(kiosk, failure);
    if (refusal !== null) skipBecause(context, refusal);
  }
  await Promise.all(THREE.map((kiosk) => site!.start(kiosk)));
  for (const kiosk of THREE) await sellsAt(site, kiosk);
  return site;
}

/** Sells at all the kiosks while the victim's disk fails, until it says so; the sentence that it says. */
async function sellIntoFailure(at: DiskSite, kiosks: readonly number[], victim: number, failure: Failure): Promise<string> {
  let over = false;
  // Of a sync that is under way when ext4 gives itself up the kernel may say that all is well, though nothing was written. No
  // kiosk can tell that before its next start, when its peers know more of it than its disk (rule 8).
  if (failure === 'EROFS') await at.failDisk(victim, failure);
  const sellers = kiosks.map((kiosk) => keepSelling(at, kiosk, () => over));
  if (failure !== 'EROFS') await at.failDisk(victim, failure);
  const sentence = await at.kiosk(victim).said(/has stopped voting/);
  over = true;
  await Promise.all(sellers);
  expect(sentence).not.toBeNull();
  return sentence!;
}

/** ext4 gives up at its first error: a sync that is under way ends with EIO, and what begins afterwards, the history's next line too, hears EROFS. */
const GAVE_UP =
  /\((EIO\); the disk reports an error: check or replace it|EROFS\); the disk has become read-only: check it), then start this kiosk again$/;
const WORDS: Readonly<Record<Failure, RegExp>> = {
  ENOSPC: /\(ENOSPC\); the disk is full: free some space, then start this kiosk again$/,
  EIO: GAVE_UP,
  EROFS: GAVE_UP,
};
/** A disk that failed under ext4 is read-only from then on. */
const READ_ONLY = /\(EROFS\); the disk has become read-only: check it, then start this kiosk again$/;
const WORDS_AT_START: Readonly<Record<Failure, RegExp>> = { ENOSPC: WORDS.ENOSPC, EIO: READ_ONLY, EROFS: READ_ONLY };

const CASES: readonly (readonly [Failure, Part])[] = [
  ['ENOSPC', 'follower'],
  ['ENOSPC', 'leader'],
  ['EIO', 'leader'],
  ['EROFS', 'follower'],
];

/** A busy machine may take its time. */
const TEST_TIMEOUT = { timeout: 60_000 };

describe('a disk that fails (S12)', TEST_TIMEOUT, () => {
  it.for(CASES)(
    '%s at the %s: it says so and votes no more, the others sell on, and it comes back whole',
    async ([failure, part], context) => {
      const at = await sellingOn(failure, context);
      const [victim, ...others] = await cast(at, THREE, part);
      for (const kiosk of THREE) await sell(at, kiosk, 3);

      const sentence = await sellIntoFailure(at, THREE, victim, failure);
      expect(sentence).toMatch(WORDS[failure]);
      for (const kiosk of others) {
        await sellsAt(at, kiosk);
        await sell(at, kiosk, 10);
        await expect.poll(async () => ((await at.ask(kiosk, { op: 'status' })) as StatusAnswer).connected).not.toContain(victim);
      }

      const status = await at.client(victim, 'status');
      expect(status.status).toBe(0);
      expect(status.answers[0]).toMatchObject({ ok: true, role: 'faulty', leader: null, majority: false, connected: [] });
      const { problem } = status.answers[0] as unknown as StatusAnswer;
      expect(sentence.endsWith(problem!)).toBe(true);
      const show = await at.client(victim, 'show', '--last', '1');
      expect(show.status).toBe(0);
      expect(show.answers[0]).toMatchObject({ ok: true, confirmed: false, ageSeconds: expect.any(Number) });
      const buy = await at.client(victim, 'buy', '1');
      expect(buy.status).toBe(1);
      expect(buy.answers[0]).toMatchObject({ ok: false, reason: 'faulty', message: problem, requestId: expect.any(String) });
      const lastWords = await at.log(victim);

      expect(await at.kiosk(victim).end('SIGTERM')).toBe(0);
      const early = at.launch(victim);
      expect(await early.said(/\(E[A-Z]+\)/), early.lines.join('\n')).toMatch(WORDS_AT_START[failure]);
      await early.end('SIGKILL');

      await at.mendDisk(victim, failure);
      await at.start(victim);
      await sellsAt(at, victim);
      // Of the three one is now gone: what is sold needs the vote of the one that came back.
      await at.kiosk(others[0]!).end('SIGKILL');
      await sellsAt(at, victim);
      await sell(at, victim, 3);
      await at.start(others[0]!);
      const log = await checkBooks(at, THREE);
      expect(lastWords.map(told)).toEqual(log.slice(0, lastWords.length).map(told));
    },
  );

  it.for([
    ['ENOSPC', 'leader'],
    ['EIO', 'follower'],
  ] as const)('%s at the %s: whatever two of three acknowledged is on the disk that failed', async ([failure, part], context) => {
    const at = await sellingOn(failure, context);
    const [victim, mate, away] = (await cast(at, THREE, part)) as [number, number, number];
    // From here on every sale needs the vote of the victim, whose word is no better than its disk.
    await at.kiosk(away).end('SIGKILL');
    for (const kiosk of [victim, mate]) await sell(at, kiosk, 3);
    await sellIntoFailure(at, [victim, mate], victim, failure);
    expect(await at.buy(mate)).toMatchObject({ ok: false });
    for (const kiosk of [victim, mate]) await at.kiosk(kiosk).end('SIGKILL');

    await at.mendDisk(victim, failure);
    await Promise.all([victim, away].map((kiosk) => at.start(kiosk)));
    await sellsAt(at, victim);
    await checkBooks(at, [victim, away]);
    await at.start(mate);
    await checkBooks(at, THREE);
  });
});
