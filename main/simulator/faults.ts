import type { Random } from './random';

/** How hostile the world is; probabilities are per message, times in simulated ms. */
export interface Faults {
  readonly loss: number;
  readonly doubling: number;
  readonly delayMin: number;
  readonly delayMax: number;
  /** A few messages are held back for so long, across elections and restarts. */
  readonly lateChance: number;
  readonly lateMax: number;
  readonly syncMin: number;
  readonly syncMax: number;
  /** Chance of dying at a crash point that is seldom passed. */
  readonly crashPointChance: number;
  /** Chance, per second, of each kind of event. */
  readonly crashRate: number;
  readonly cutRate: number;
  readonly pauseRate: number;
  readonly changeRate: number;
  /** Clocks leap ahead; kiosks lose their data (and are readmitted); sales are printed, let in, voided and given up, and drawers opened and counted. */
  readonly jumpRate: number;
  readonly wipeRate: number;
  /** A disk fails: whatever is written next is not, and its kiosk ends (S12). */
  readonly diskRate: number;
  readonly officeChance: number;
}

/** A quiet local network and disk. */
export const CALM: Faults = {
  loss: 0,
  doubling: 0,
  delayMin: 1,
  delayMax: 3,
  lateChance: 0,
  lateMax: 0,
  syncMin: 1,
  syncMax: 3,
  crashPointChance: 0,
  crashRate: 0,
  cutRate: 0,
  pauseRate: 0,
  changeRate: 0,
  jumpRate: 0,
  wipeRate: 0,
  diskRate: 0,
  officeChance: 0,
};

/** Swarm testing (Groce et al., ISSTA 12): each seed draws which faults it has, and how hard; all at once would hide what a few alone find. */
export function swarm(random: Random): Faults {
  const some = (most: number) => (random.chance(0.5) ? random.next() * most : 0);
  const delayMin = random.int(0, 5);
  const syncMin = random.int(0, 5);
  return {
    loss: some(0.3),
    doubling: some(0.2),
    delayMin,
    delayMax: delayMin + random.int(1, random.chance(0.3) ? 200 : 15),
    lateChance: some(0.02),
    lateMax: random.int(500, 8_000),
    syncMin,
    syncMax: syncMin + random.int(1, random.chance(0.2) ? 300 : 20),
    crashPointChance: some(0.3),
    crashRate: some(0.6),
    cutRate: some(1),
    pauseRate: some(0.3),
    changeRate: some(0.4),
    jumpRate: some(0.2),
    wipeRate: random.chance(0.25) ? random.next() * 0.3 : 0,
    officeChance: some(0.3),
    diskRate: some(0.2),
  };
}
