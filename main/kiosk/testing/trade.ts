import { expect } from 'vitest';
import type { LogEntryView, StatusAnswer } from '../../../shared/answers';
import type { DiskSite } from './disks';

/** Elections on a busy machine. */
export const PATIENCE = { timeout: 20_000 };
export const THREE = [1, 2, 3] as const;
/** What is under way when a kiosk goes is not waited for: the books say that its end is not known. */
const IMPATIENCE_MS = 500;

/** Waits until the kiosk sells, under one id. */
export async function sellsAt(at: DiskSite, kiosk: number): Promise<void> {
  const id = at.newId();
  await expect.poll(() => at.buy(kiosk, id), PATIENCE).toMatchObject({ ok: true });
}

/** Sells single tickets, one after the other. */
export async function sell(at: DiskSite, kiosk: number, count: number): Promise<void> {
  for (let sale = 0; sale < count; sale += 1) expect(await at.buy(kiosk)).toMatchObject({ ok: true });
}

/** Sells single tickets, so many at a time, until that many of the books' sales are acknowledged. */
export async function sellUpTo(at: DiskSite, kiosk: number, total: number, atOnce: number): Promise<void> {
  while (at.sold.size < total) {
    const ids = Array.from({ length: Math.min(total - at.sold.size, atOnce) }, () => at.newId());
    await Promise.all(ids.map((id) => at.buy(kiosk, id)));
    // A machine that is busy leaves some open: under their own ids they are sold once.
    for (const id of ids.filter((open) => !at.sold.has(open))) {
      await expect.poll(() => at.buy(kiosk, id), PATIENCE).toMatchObject({ ok: true });
    }
  }
}

/** Sells one ticket after the other, until it is over or the kiosk can't. */
export async function keepSelling(at: DiskSite, kiosk: number, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const answer = await at.buy(kiosk, at.newId(), IMPATIENCE_MS);
    if (!answer.ok && (answer.reason === 'faulty' || answer.reason === 'unreachable')) return;
  }
}

export type Part = 'leader' | 'follower';

/** Of kiosks that sell, the one that has the part, and the others. */
export async function cast(at: DiskSite, kiosks: readonly number[], part: Part): Promise<readonly [number, ...number[]]> {
  const { leader } = (await at.ask(kiosks[0]!, { op: 'status' })) as StatusAnswer;
  const victim = kiosks.find((kiosk) => (kiosk === leader) === (part === 'leader'))!;
  return [victim, ...kiosks.filter((kiosk) => kiosk !== victim)];
}

/** What an entry says to everybody; its ballot is this kiosk's own memory of how it was chosen. */
export function told({ ballot: _, ...entry }: LogEntryView): Omit<LogEntryView, 'ballot'> {
  return entry;
}

/** The kiosks come to the same state; nothing acknowledged is missing at any, and no ticket was sold twice. */
export async function checkBooks(at: DiskSite, kiosks: readonly number[]): Promise<readonly LogEntryView[]> {
  for (const id of at.unknown) await expect.poll(() => at.buy(kiosks[0]!, id), PATIENCE).toMatchObject({ ok: true });
  await expect
    .poll(async () => {
      const shows = await Promise.all(kiosks.map((kiosk) => at.show(kiosk)));
      return shows.every(({ confirmed, state }) => confirmed && state.applied === shows[0]!.state.applied);
    }, PATIENCE)
    .toBe(true);
  const shows = await Promise.all(kiosks.map((kiosk) => at.show(kiosk)));
  expect(new Set(shows.map(({ state }) => `${state.applied} ${state.hash}`)).size).toBe(1);
  const logs = await Promise.all(kiosks.map((kiosk) => at.log(kiosk)));
  for (const [index, log] of logs.entries()) {
    const sales = log.flatMap(({ commands }) => commands).filter(({ op, result }) => op === 'buy' && result.ok && !result.duplicate);
    const kept = new Map(sales.map(({ requestId, result }) => [requestId, result.tickets]));
    const lost = [...at.sold].filter(([id, tickets]) => String(kept.get(id)) !== String(tickets));
    expect(lost, `lost at kiosk ${kiosks[index]}`).toEqual([]);
    const numbers = sales.flatMap(({ result }) => result.tickets!);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers.length).toBe(shows[index]!.state.events[0]!.sold);
    expect(log.map(told)).toEqual(logs[0]!.map(told));
  }
  return logs[0]!;
}
