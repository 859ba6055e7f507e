import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { install, readInstallation } from '../kiosk/installation';
import { runSite } from '../site/program';
import { gatherProvisioning, writeProvisioning } from '../site/provisioning';
import { toolWords } from './firstKiosk';
import { runTool, TOOLS_HELP } from './tools';

let root: string;
let home: string;
let made: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'qk-tools-'));
  home = path.join(root, 'home');
  made = path.join(root, 'site');
  const quiet = { out: () => {}, error: () => {} };
  expect(await runSite(['create', made, '--site', 'arena', '--kiosks', '1', '--members', '1'], quiet)).toBe(0);
  const contents = await gatherProvisioning(made, 1);
  if (!contents.ok) throw new Error(contents.sentence);
  await install(contents.value, { kioskMode: true, startAtLogin: false, language: null }, home);
});
afterAll(() => rm(root, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

/** Runs a tool; what it printed, on either stream. */
async function run(...words: string[]): Promise<{ status: number; text: string }> {
  let text = '';
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((more) => {
      text += String(more);
      return true;
    });
  const status = await runTool(words, home);
  vi.restoreAllMocks();
  return { status, text };
}

describe("the operator's programs of an installed kiosk", () => {
  it('are asked for by a switch, behind those of Chromium', () => {
    expect(toolWords(['--disable-gpu', '--tool', 'client', '3', 'buy', '1'])).toEqual(['client', '3', 'buy', '1']);
    expect(toolWords(['--kiosk-mode', '3'])).toBeNull();
  });

  it('are listed, and each tells its use', async () => {
    expect(await run('--help')).toEqual({ status: 0, text: TOOLS_HELP });
    expect(await run()).toEqual({ status: 2, text: TOOLS_HELP });
    expect(await run('conjure')).toMatchObject({ status: 2, text: expect.stringContaining('client, doctor, backup') });
    for (const name of ['client', 'doctor', 'backup', 'restore', 'audit', 'verify', 'site'])
      expect(await run(name, '--help'), name).toMatchObject({ status: 0, text: expect.stringContaining(`npm run ${name} --`) });
  });

  it('work on the installed site unless another is named', async () => {
    const code = path.join(root, 'code');
    await writeFile(code, 'x');
    expect(await run('verify', 'QK2NONSENSE')).toMatchObject({ status: 1, text: expect.stringContaining('NOT GOOD') });
    expect(await run('verify', 'QK2NONSENSE', '--site', code)).toMatchObject({ status: 2, text: expect.stringContaining(code) });
    // No kiosk has ever run there.
    expect(await run('client', '1', 'status')).toMatchObject({ status: 3 });
    expect(await run('site', 'check', path.join(home, 'arena'))).toMatchObject({ status: 0 });
  });

  it('bring a kiosk renewed certificates by a new provisioning file, and leave it as it was set up', async () => {
    const quiet = { out: () => {}, error: () => {} };
    expect(await runSite(['renew', made], quiet)).toBe(0);
    const written = await writeProvisioning(made, path.join(root, 'stick'), 1);
    if (!written.ok) throw new Error(written.sentence);
    const { file, code } = written.value[0]!;
    const codeFile = path.join(root, 'stick-code');
    await writeFile(codeFile, `${code}\n`);
    const certificate = (folder: string) => readFile(path.join(folder, 'certificates/kiosk-1/kiosk.crt'), 'utf8');
    const installed = path.join(home, 'arena');
    expect(await certificate(installed)).not.toBe(await certificate(made));
    expect(await run('provision', file, '--code-file', codeFile)).toEqual({ status: 0, text: 'this machine is kiosk 1 of site arena\n' });
    expect(await certificate(installed)).toBe(await certificate(made));
    const choices = { kioskMode: true, startAtLogin: false, language: null };
    expect(await readInstallation(home)).toMatchObject({ ok: true, value: { kiosk: 1, ...choices } });
    await run('provision', file, '--code-file', codeFile, '--start-at-login');
    expect(await readInstallation(home)).toMatchObject({ ok: true, value: { ...choices, startAtLogin: true } });
    await writeFile(codeFile, 'AAAAA-AAAAA-AAAAA-AAAAA');
    expect(await run('provision', file, '--code-file', codeFile)).toMatchObject({
      status: 1,
      text: expect.stringContaining('does not open'),
    });
    for (const words of [[], ['--code-file', codeFile], [file]]) expect((await run('provision', ...words)).status).toBe(2);
    expect(await run('provision', '--help')).toMatchObject({ status: 0, text: expect.stringContaining('--code-file FILE') });
  });
});
