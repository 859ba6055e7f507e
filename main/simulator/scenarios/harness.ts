import { expect } from 'vitest';
import type { Asked } from '../site';
import { Site, type SiteOptions } from '../site';

/** Every scenario runs with a few seeds: other delays, the same story. */
export const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8] as const;

/** A founded site with a leader. */
export function opened(seed: number, options: Partial<SiteOptions> = {}): Site {
  const site = new Site({ seed, founders: 3, ...options });
  site.awaitLeader();
  return site;
}

/** Waits until the request has its definite end, and returns that. */
export function ended(site: Site, asked: Asked, withinMs = 10_000) {
  expect(
    site.until(() => asked.result !== null, withinMs),
    `${asked.command.requestId} has no end within ${withinMs} ms`,
  ).toBe(true);
  return asked.result!;
}

export function settled(site: Site, withinMs = 10_000): void {
  expect(
    site.until(() => site.converged(), withinMs),
    'the kiosks have not converged',
  ).toBe(true);
}

/** Adds kiosks one after another, each until it counts. */
export function grow(site: Site, at: number, kiosks: readonly number[]): void {
  for (const kiosk of kiosks) {
    expect(ended(site, site.change(at, 'add', kiosk))).toMatchObject({ ok: true });
    expect(site.until(() => site.view(at).inForce && site.view(at).members.some((member) => member.kiosk === kiosk), 10_000)).toBe(true);
  }
}
