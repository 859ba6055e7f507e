import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PrintJobs } from './printJobs';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'qk-print-jobs-'));
});
afterEach(() => rm(root, { recursive: true }));

describe('prints that began', () => {
  it('are remembered over a restart until they end', async () => {
    const said: string[] = [];
    const open = () => new PrintJobs(path.join(root, 'printing'), (line) => said.push(line));
    const jobs = open();
    await jobs.begin('12.1');
    await jobs.begin('12.1');
    await jobs.begin('13.2');
    expect(open().list().toSorted()).toEqual(['12.1', '13.2']);
    await jobs.end('12.1');
    await jobs.end('99.1');
    expect(jobs.list()).toEqual(['13.2']);
    expect(open().list()).toEqual(['13.2']);
    expect(said).toEqual([]);
  });

  it('are no files of another kind', async () => {
    await writeFile(path.join(root, 'README'), '');
    expect(new PrintJobs(root, () => undefined).list()).toEqual([]);
  });

  it('can’t begin where they can’t be written down; a start goes on and says so', async () => {
    const file = path.join(root, 'file');
    await writeFile(file, '');
    const said: string[] = [];
    const jobs = new PrintJobs(file, (line) => said.push(line));
    expect(said).toEqual([expect.stringContaining('could not be looked up')]);
    await expect(jobs.begin('1.1')).rejects.toThrow(/nothing was printed.*could not be noted in .*file/);
  });
});
