import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeFresh } from './exports';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'qk-exports-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

it('what a clerk takes away is for its owner alone, and replaces nothing', async () => {
  const folder = path.join(root, 'exports');
  const first = await writeFresh(folder, 'sales.csv', 'one');
  const second = await writeFresh(folder, '../../sales.csv', 'two');
  expect([first, second]).toEqual([path.join(folder, 'sales.csv'), path.join(folder, 'sales-2.csv')]);
  expect(await readFile(first, 'utf8')).toBe('one');
  for (const file of [first, second]) expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
});
