import { once } from 'node:events';
import net from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { skipAllBecause } from '../../shared/testing/skip';
import { CupsSpooler } from './cups';
import type { SpooledState } from './spooler';
import { missingTools, PrivateCups } from './testing/cups';

const missing = missingTools();
const PDF = new TextEncoder().encode(
  '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 300]>>endobj\ntrailer<</Root 1 0 R>>\n',
);

describe('a real CUPS', () => {
  skipAllBecause(missing);
  let cups: PrivateCups;
  const spooler = new CupsSpooler();
  let count = 0;

  beforeAll(async () => {
    if (missing !== null) return;
    cups = await PrivateCups.start();
    vi.stubEnv('CUPS_SERVER', cups.socket);
  }, 60_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    if (missing === null) await cups.stop();
  });
  beforeEach(async () => {
    await cups.mode('ok');
    await cups.enable('front');
    await vi.waitFor(async () => expect((await printer('front'))?.state).toBe('ready'), WAIT);
  });

  const WAIT = { timeout: 20_000, interval: 50 };

  async function printer(name: string) {
    return (await spooler.printers())?.find((one) => one.name === name);
  }

  async function submit(to = 'front'): Promise<string> {
    count += 1;
    const name = `test-${count}`;
    expect(await spooler.submit({ name, printer: to, paper: 'ticket', document: PDF })).toEqual({ kind: 'taken' });
    return name;
  }

  async function ends(name: string, state: SpooledState, at = 'front'): Promise<void> {
    await vi.waitFor(async () => expect((await spooler.find(at, [name]))?.get(name)).toEqual(state), WAIT);
  }

  it('has printers by name, with the default one', async () => {
    expect(await spooler.printers()).toEqual([
      { name: 'back', label: 'The back printer', isDefault: false, state: 'ready', detail: null },
      { name: 'front', label: 'The front printer', isDefault: true, state: 'ready', detail: null },
    ]);
  });

  it('prints a page, and knows the job by its name afterwards', async () => {
    const name = await submit();
    await ends(name, { state: 'done' });
    expect((await cups.pages()).at(-1)).toContain(`-${name}.pdf`);
    expect(await spooler.find('front', ['no-such-job'])).toEqual(new Map());
  });

  it('refuses in words what is for no printer', async () => {
    expect(await spooler.submit({ name: 'x', printer: 'gone', paper: 'a4', document: PDF })).toEqual({
      kind: 'refused',
      detail: expect.stringMatching(/printer or class does not exist/),
    });
  });

  it('is out of paper, and goes on by itself when there is some', async () => {
    await cups.mode('paper');
    const name = await submit();
    await vi.waitFor(async () => expect((await printer('front'))?.state).toBe('out_of_paper'), WAIT);
    expect((await spooler.find('front', [name]))?.get(name)).toEqual({ state: 'printing' });
    await cups.mode('ok');
    await ends(name, { state: 'done' });
  });

  it('is stopped by a printer that says so, and prints when it is let go', async () => {
    await cups.mode('stop');
    const name = await submit();
    await vi.waitFor(async () => expect(await printer('front')).toMatchObject({ state: 'stopped', detail: 'the cover is open' }), WAIT);
    await cups.mode('ok');
    await cups.enable('front');
    await ends(name, { state: 'done' });
  });

  it('tells of a job that failed, and of one that was cancelled at the printer', async () => {
    await cups.mode('fail');
    const failed = await submit('back');
    await ends(failed, { state: 'failed', reason: 'aborted', detail: expect.stringContaining('fire') as string }, 'back');
    await cups.mode('cancel');
    const cancelled = await submit();
    await ends(cancelled, { state: 'failed', reason: 'cancelled', detail: null });
  });

  it('cancels a job by its name', async () => {
    await cups.mode('paper');
    const name = await submit();
    await ends(name, { state: 'printing' });
    await spooler.cancel('front', name);
    await ends(name, { state: 'failed', reason: 'cancelled', detail: null });
  });

  it('is held up by half a request of another client, and each question to it ends in time all the same', async () => {
    const half = net.connect(cups.socket, () => half.write('POST / HTTP/1.1\r\nHost: local'));
    half.on('error', () => undefined);
    await once(half, 'connect');
    const began = performance.now();
    // CUPS takes the half request first, or the whole one: then the next one has to wait.
    await vi.waitFor(async () => expect(await spooler.printers()).toBeNull(), { timeout: 20_000, interval: 1 });
    expect(performance.now() - began).toBeLessThan(9_000);
    half.destroy();
    const name = await submit();
    await ends(name, { state: 'done' });
  });

  it('gives no answer once it is dead, and may have forgotten a job afterwards', async () => {
    await cups.kill();
    expect(await spooler.printers()).toBeNull();
    expect(await spooler.find('front', ['test-1'])).toBeNull();
    expect(await spooler.submit({ name: 'late', printer: 'front', paper: 'ticket', document: PDF })).toMatchObject({ kind: 'refused' });
    await cups.run();
    await vi.waitFor(async () => expect(await printer('front')).toBeDefined(), WAIT);
    expect(await spooler.find('front', ['late'])).toEqual(new Map());
  });
});
