import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { Cluster, expect, result, sell, sellAndDismiss, test } from '../cluster';
import { BUILD_MS, dist, output, RELEASE, released, TestedCopy, UNPACKED } from './release';
import { TemporaryUser, whyNoUser } from './user';

/** Every fuse, as it ships. A name that Electron adds is to be decided here and in electron-builder.yml. */
const FUSES: Readonly<Record<keyof typeof FuseV1Options, boolean>> = {
  RunAsNode: false,
  EnableCookieEncryption: false,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
};
/** A fuse is a character of the executable. */
const FUSE_ON = '1'.charCodeAt(0);
const ICON_SIZES = [16, 22, 24, 32, 48, 64, 96, 128, 256, 512, 1024];

test.describe.configure({ mode: 'serial', timeout: 240_000 });
test.skip(process.platform !== 'linux', 'the packages of this system are tested on Linux');

let copy: TestedCopy;
test.beforeAll(async () => {
  test.setTimeout(BUILD_MS);
  // Those of an earlier version lie beside the new ones.
  for (const name of await readdir(RELEASE).catch(() => [])) if (/\.(deb|tar\.gz)$/.test(name)) await rm(path.join(RELEASE, name));
  const said = await dist('dir', 'tar.gz', 'deb');
  expect(said).toContain('The packages are in');
  copy = await TestedCopy.make();
});
test.afterAll(() => copy?.remove());

test('what ships holds the app and nothing of its making; every fuse is set', async () => {
  const files = listPackage(path.join(UNPACKED, 'resources/app.asar'), { isPack: false });
  expect(files).toContain('/out/main/window.cjs');
  expect(files).toContain('/out/main/window.cache');
  expect(files.filter((file) => /\.(map|key|ts|tsx)$|\.test\.|nemesis|simulate|\/e2e\/|node_modules/.test(file))).toEqual([]);
  expect((await readdir(path.join(UNPACKED, 'resources'))).includes('default_app.asar')).toBe(false);
  const wire = await getCurrentFuseWire(path.join(UNPACKED, 'quorum-kiosk'));
  const states = Object.keys(FUSES).map((name) => [name, wire[FuseV1Options[name as keyof typeof FUSES]] === FUSE_ON]);
  expect(Object.fromEntries(states)).toEqual(FUSES);
});

test('the shipped program takes no orders but its own', async () => {
  const run = async (args: readonly string[], environment: Readonly<Record<string, string>>) => {
    const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
    const child = spawn(path.join(UNPACKED, 'quorum-kiosk'), [...args, ...root, '0'], { env: { ...process.env, ...environment } });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        said += data;
      });
    const [status] = await once(child, 'close');
    return { said, status };
  };
  // Each ends as the app itself does with a kiosk id that is none.
  for (const { said, status } of [
    await run(['-p', '6 * 7'], { ELECTRON_RUN_AS_NODE: '1' }),
    await run(['--inspect=0'], {}),
    await run([], { NODE_OPTIONS: '--require=/nonexistent.js' }),
  ]) {
    expect(said).toContain('a kiosk id is a whole number from 1 to 255');
    expect(said).not.toMatch(/^42$|Debugger listening|nonexistent/m);
    // What V8 compiled for the build is good for the runtime with these fuses, too.
    expect(said).not.toMatch(/compiled anew/);
    expect(status).toBe(1);
  }
});

test('the deb and the tar.gz hold the program, icons in all sizes, a man page and a menu entry', async () => {
  const names = await readdir(RELEASE);
  const list = await output('tar', '-tzf', await released(/\.tar\.gz$/, names));
  expect(list).toMatch(/\/quorum-kiosk$/m);
  expect(list).toMatch(/\/resources\/app\.asar$/m);
  const licences = await readFile(path.join(UNPACKED, 'licences.md'), 'utf8');
  const deb = await released(/\.deb$/, names);
  const control = await output('dpkg-deb', '--field', deb);
  expect(control).toMatch(/^Package: quorum-kiosk$/m);
  expect(control).toMatch(/^Depends: libgtk-3-0, libnss3, libasound2, libgbm1, libx11-xcb1$/m);
  const contents = (await output('dpkg-deb', '--contents', deb)).split('\n');
  const mode = (file: string) => contents.find((line) => line.endsWith(` .${file}`))?.split(/\s+/, 2);
  for (const size of ICON_SIZES)
    expect(mode(`/usr/share/icons/hicolor/${size}x${size}/apps/quorum-kiosk.png`), `${size}`).toEqual(['-rw-r--r--', 'root/root']);
  for (const file of ['/usr/share/man/man1/quorum-kiosk.1.gz', '/usr/share/doc/quorum-kiosk/copyright'])
    expect(mode(file), file).toEqual(['-rw-r--r--', 'root/root']);
  const copyright = await output('sh', '-c', 'dpkg-deb --fsys-tarfile "$0" | tar -xO ./usr/share/doc/quorum-kiosk/copyright', deb);
  // One of the main process, one of the page, and one that comes with another.
  for (const library of ['socket.io', 'react-dom', 'engine.io-parser']) {
    expect(licences).toMatch(new RegExp(`^## ${library} - [\\d.]+ \\(MIT\\)$`, 'm'));
    expect(copyright).toMatch(new RegExp(`^ {2}${library} - [\\d.]+ \\(MIT\\)$`, 'm'));
  }
  const entry = await output('sh', '-c', 'dpkg-deb --fsys-tarfile "$0" | tar -xO ./usr/share/applications/quorum-kiosk.desktop', deb);
  expect(entry).toMatch(/^Exec="\/opt\/Quorum Kiosk\/quorum-kiosk"/m);
  expect(entry).toMatch(/^Icon=quorum-kiosk$/m);
  // Nothing that anybody else than root could replace.
  expect(contents.filter((line) => /^.{5}w|^.{8}w/.test(line) && !line.startsWith('l'))).toEqual([]);
  const page = await output('sh', '-c', 'dpkg-deb --fsys-tarfile "$0" | tar -xO ./usr/share/man/man1/quorum-kiosk.1.gz | gzip -d', deb);
  expect(page).toContain(`Quorum Kiosk ${JSON.parse(await readFile(path.join(RELEASE, '../package.json'), 'utf8')).version}`);
});

test('three kiosks of the packaged app sell, and go on without one', async () => {
  expect(await copy.differences()).toBe(1);
  const program = { executablePath: copy.executable, args: [], sandbox: process.getuid?.() !== 0 };
  const cluster = await Cluster.make(['--event', 'match=100:1200'], 3, 3, program);
  try {
    await cluster.openAll([1, 2, 3]);
    await cluster.selling(1, 2, 3);
    await sellAndDismiss(cluster.page(1), 2);
    expect(await cluster.kiosk(1).app.evaluate(({ app }) => app.isPackaged)).toBe(true);
    const leader = await cluster.leader(1);
    expect(await cluster.close(leader)).toBe('SIGKILL');
    const [other] = [1, 2, 3].filter((id) => id !== leader);
    await cluster.selling(other!);
    await sellAndDismiss(cluster.page(other!), 3);
    await expect(cluster.page(other!).locator('.event', { hasText: 'match' })).toContainText('95 of 100 left');
  } finally {
    await cluster.remove();
  }
});

test("an ordinary user's kiosk runs in Chromium's sandbox", async () => {
  const reason = whyNoUser();
  test.skip(reason !== null, reason ?? '');
  const user = await TemporaryUser.make();
  let cluster: Cluster | null = null;
  try {
    const executablePath = await user.launcher(copy.executable, { DISPLAY: await user.startDisplay() });
    cluster = await Cluster.make(['--event', 'match=100:1200'], 1, 1, { executablePath, args: [], sandbox: true });
    await user.owns(cluster.folder);
    const { page } = await cluster.open(1);
    await cluster.selling(1);
    await sell(page, 1);
    await expect(result(page)).toContainText('Ticket');
    const running = await user.processes();
    const ofType = (type: string) => running.filter(({ command }) => command.includes(`--type=${type}`));
    const [main] = running.filter(({ command }) => command[0] === copy.executable && !command.some((word) => word.startsWith('--type=')));
    expect(main).toBeDefined();
    expect(running.flatMap(({ command }) => command).filter((word) => word.startsWith('--no-sandbox'))).toEqual([]);
    const renderers = ofType('renderer');
    // The clerk's page and the hidden window that lays out tickets, at least one of them.
    expect(renderers.length).toBeGreaterThanOrEqual(1);
    for (const renderer of renderers) {
      expect(renderer).toMatchObject({ seccomp: 2, noNewPrivileges: true });
      expect(renderer.userNamespace).not.toBe(main!.userNamespace);
    }
  } finally {
    await cluster?.remove();
    await user.remove();
  }
});
