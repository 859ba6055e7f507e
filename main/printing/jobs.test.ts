import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { told } from '../../shared/said';
import { Jobs } from './jobs';
import { type PrintJob, Records } from './records';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'qk-jobs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const job = (number: number): PrintJob => ({
  id: `qk-1-a-${number}`,
  kind: 'tickets',
  sale: '2.1',
  clerk: 'ann',
  tickets: [{ event: 'match', number, copy: null }],
  copy: null,
  printer: 'front',
  paper: 'ticket',
  state: 'queued',
  reason: null,
  detail: null,
  file: null,
  at: number,
});

it('an order of several pages whose writing fails half-way is none: neither now nor after a restart', async () => {
  const records = new Records(folder, () => {});
  const save = records.save.bind(records);
  let left = 3;
  records.save = (one) => {
    left -= 1;
    return left < 0 ? Promise.reject(told('queue_unwritable', folder, 'ENOSPC')) : save(one);
  };
  const jobs = new Jobs(records, [], () => {});
  await jobs.add([job(1)]);
  await expect(jobs.add([job(2), job(3), job(4)])).rejects.toMatchObject({ said: { code: 'queue_unwritable' } });
  for (const known of [jobs.all, new Records(folder, () => {}).load().jobs]) expect(known.map(({ id }) => id)).toEqual(['qk-1-a-1']);
  expect(jobs.onTheirWay().map(({ id }) => id)).toEqual(['qk-1-a-1']);
  expect(await readdir(folder)).toEqual(['qk-1-a-1.job.json']);
});
