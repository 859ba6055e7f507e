import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from './setup/paths.mjs';

/** The scenarios of the design, by their numbers, and those of them that real kiosks have to survive, too. */
const SCENARIOS = Array.from({ length: 34 }, (_, index) => index + 1);
const REAL = [1, 3, 11, 12, 13, 14, 15, 18, 19, 21, 22, 23, 25, 29, 31, 32, 33];
/** Shown by real processes alone: what the simulator can't have, a program's own calls of the system, or its sockets and certificates. */
const REAL_ONLY = [11, 15];
/** The runs of the nemesis that `npm test` makes have their numbers in its own words. */
const NEMESIS = [25];

/** Titles of the tests in a folder, groups included. */
function titles(folder: string): string {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(test|spec)\.ts$/.test(name))
    .flatMap(
      (name) => readFileSync(path.join(ROOT, folder, name), 'utf8').match(/\b(?:it|test|describe)(?:\.\w+\([^)]*\))?\(\s*[^\n]*/g) ?? [],
    )
    .join('\n');
}

function named(text: string, numbers: readonly number[]): readonly number[] {
  return numbers.filter((number) => new RegExp(`\\bS${number}\\b`).test(text));
}

describe('each scenario is shown by its number', () => {
  it('in the simulator, or by a replica that is told everything by hand', () => {
    const simulated = SCENARIOS.filter((number) => !REAL_ONLY.includes(number));
    expect(named(titles('main/simulator'), simulated)).toEqual(simulated);
  });

  it('by real kiosks, those that the design asks for', () => {
    const real = ['main/kiosk', 'main/storage', 'main/mesh', 'main/window', 'e2e'].map(titles).join('\n');
    const expected = REAL.filter((number) => !NEMESIS.includes(number));
    expect(named(real, expected)).toEqual(expected);
    expect(named(readFileSync(path.join(ROOT, 'scripts', 'test.mjs'), 'utf8'), NEMESIS)).toEqual(NEMESIS);
  });
});
