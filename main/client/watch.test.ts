import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../shared/answers';
import type { KioskService } from '../../shared/service';
import { Client } from './client';
import { type Endpoint, startEndpoint } from './endpoint';
import { Output } from './output';

let data = '';
let endpoint: Endpoint | null = null;
afterEach(async () => {
  await endpoint?.close();
  await rm(data, { recursive: true, force: true });
});

describe('status --watch', () => {
  it('tells the status once, and again whenever it changed, a kiosk that is gone and back too', async () => {
    data = await mkdtemp(path.join(os.tmpdir(), 'qk-watch-'));
    let role = 'leader';
    const service = { execute: () => Promise.resolve({ ok: true, op: 'status', role } as unknown as Answer) } as unknown as KioskService;
    endpoint = await startEndpoint(data, service);
    const lines: { line: number; role?: string; reason?: string }[] = [];
    let look = (): void => undefined;
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(JSON.parse(String(chunk)) as (typeof lines)[number]);
        look();
        done();
      },
    });
    const until = (count: number) =>
      new Promise<void>((resolve) => {
        look = () => {
          if (lines.length >= count) resolve();
        };
        look();
      });
    const client = new Client({
      json: true,
      place: { ok: true, data },
      startCommand: 'start it',
      output: new Output(stream),
      note: () => undefined,
    });
    void client.run(1, 'status --watch');
    await until(1);
    role = 'follower';
    await until(2);
    await endpoint.close();
    await until(3);
    endpoint = await startEndpoint(data, service);
    await until(4);
    expect(lines.map(({ line, role: told, reason }) => [line, told ?? reason])).toEqual([
      [1, 'leader'],
      [1, 'follower'],
      [1, 'unreachable'],
      [1, 'follower'],
    ]);
  });
});
