import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { access, chmod, copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { SiteFile } from '../../shared/site';
import { Machines } from './netns';
import { BUILD_MS, dist, output, RELEASE, ROOT } from './release';
import { asRoot, CLEAN_ROOT, outside, withUsers } from './root';
import { TemporaryUser, whyNoUser } from './user';

const SITE = 'deb-test';
/** What installs a package on this machine does so only where the machine is CI's, or into a Debian of its own. */
const SKIP =
  process.env.CI === 'true' || CLEAN_ROOT !== null
    ? (whyNoUser() ?? (existsSync('/usr/bin/dpkg-deb') ? null : 'the deb is installed on Debian only'))
    : 'the deb is installed on this machine with CI=true only, or into a debootstrap root with QK_ROOT=<folder>';
/** Three windows that start at once on a busy machine. */
const READY_MS = 90_000;
const COMMAND_MS = 60_000;

type Answer = Record<string, unknown> & { readonly ok: boolean };

/** A site's deb, installed, and machines of their own that its kiosks run on. */
class Installed {
  private readonly running = new Map<number, ChildProcess>();

  private constructor(
    readonly folder: string,
    readonly user: TemporaryUser,
    readonly machines: Machines,
    private readonly display: string,
  ) {}

  static async make(): Promise<Installed> {
    const user = await TemporaryUser.make();
    const installed = new Installed(path.join(user.home, 'operator'), user, await Machines.up(4), await user.startDisplay());
    await installed.site('create', '--site', SITE, '--kiosks', '3', '--members', '3', '--event', 'match=100:1200');
    const file = path.join(installed.folder, 'site.json');
    const site = JSON.parse(await readFile(file, 'utf8')) as SiteFile;
    const kiosks = site.kiosks.map((kiosk) => ({ ...kiosk, host: Machines.address(kiosk.id) }));
    await writeFile(file, JSON.stringify({ ...site, kiosks }));
    // The addresses stand in the certificates, too.
    await installed.site('renew');
    return installed;
  }

  async site(command: string, ...args: readonly string[]): Promise<string> {
    return output(process.execPath, path.join(ROOT, 'out/main/site.js'), command, this.folder, ...args);
  }

  home(id: number): string {
    return path.join(this.user.home, `kiosk-${id}`);
  }

  /** Brings a kiosk its file and code, as on a stick. */
  async bring(id: number, file: string, code: string): Promise<{ readonly brought: string; readonly codeFile: string }> {
    await mkdir(this.home(id), { recursive: true });
    const brought = path.join(this.home(id), 'stick.provision');
    const codeFile = path.join(this.home(id), 'code');
    await copyFile(file, brought);
    await writeFile(codeFile, `${code}\n`);
    await this.user.owns(this.home(id));
    return { brought, codeFile };
  }

  /** Brings a kiosk its file and code, and starts it for the first time. */
  async provision(id: number, file: string, code: string): Promise<void> {
    const { brought, codeFile } = await this.bring(id, file, code);
    await this.start(id, '--provision', brought, '--code-file', codeFile, '--kiosk-mode');
  }

  /** Starts the installed program as its user does; resolves once its kiosk is ready. */
  async start(id: number, ...args: readonly string[]): Promise<void> {
    const environment = {
      DISPLAY: this.display,
      QUORUM_HOME: path.join(this.home(id), 'data'),
      XDG_CONFIG_HOME: path.join(this.home(id), 'config'),
    };
    const [program = '', ...words] = this.machines.on(id, withUsers(this.user.command('/usr/bin/quorum-kiosk', args, environment)));
    const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH } });
    this.running.set(id, child);
    let said = '';
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`kiosk ${id} ${why}:\n${said.slice(-2_000)}`));
      const timer = setTimeout(() => fail('did not get ready'), READY_MS);
      child.once('exit', (status, signal) => fail(`ended with ${status ?? signal}`));
      child.stderr.on('data', (data) => {
        said += data;
      });
      child.stdout.on('data', (data) => {
        said += data;
        if (!/^ready /m.test(said)) return;
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** One of the operator's programs, by the kiosk's user on its machine; what it printed. */
  async tool(id: number, ...words: readonly string[]): Promise<string> {
    const environment = { QUORUM_HOME: path.join(this.home(id), 'data'), XDG_CONFIG_HOME: path.join(this.home(id), 'config') };
    const [program = '', ...args] = this.machines.on(id, withUsers(this.user.command('/usr/bin/quorum-kiosk-tool', words, environment)));
    return output('env', '-u', 'DISPLAY', program, ...args);
  }

  async cut(id: number): Promise<void> {
    const child = this.running.get(id)!;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  /** One command of the local client, to the kiosk's own socket; the final answer. */
  async client(id: number, ...command: readonly string[]): Promise<Answer> {
    const data = path.join(this.home(id), 'data', SITE, `kiosk-${id}`);
    const args = [
      path.join(ROOT, 'out/main/client.js'),
      String(id),
      '--site',
      path.join(this.folder, 'site.json'),
      '--data',
      data,
      '--json',
    ];
    // A read has no time limit of its own.
    const patience = command[0] === 'show' ? [] : ['--timeout', String(COMMAND_MS)];
    const deadline = Date.now() + COMMAND_MS;
    for (;;) {
      const printed = await output(process.execPath, ...args, ...command, ...patience).catch(({ stdout }: { stdout: string }) => stdout);
      const answer = JSON.parse(printed.trim().split('\n').at(-1) ?? '') as Answer;
      // Nothing came of it, for certain: on a busy machine a majority may be missed for a moment.
      const missed = answer.reason === 'no_majority' || answer.confirmed === false;
      if (!missed || Date.now() > deadline) return answer;
    }
  }

  async remove(): Promise<void> {
    await this.user.remove();
    await this.machines.down();
  }
}

/** A program of the system that the package is installed into. */
async function system(...command: readonly string[]): Promise<string> {
  const [program = '', ...args] = asRoot(...command);
  return output(program, ...args);
}

test.describe.configure({ mode: 'serial', timeout: 300_000 });
test.skip(SKIP !== null, SKIP ?? '');

let site: Installed;
let release: string;
const codes = new Map<number, string>();

test.beforeAll(async () => {
  if (SKIP !== null) return;
  test.setTimeout(BUILD_MS);
  const before = await system('sh', '-c', 'dpkg-query -W quorum-kiosk 2>/dev/null || true');
  if (before !== '') throw new Error('quorum-kiosk is installed there already; purge it first');
  release = path.join(RELEASE, SITE);
  site = await Installed.make();
  await dist('--site', site.folder, 'deb');
});
test.afterAll(async () => {
  if (site === undefined) return;
  await site.remove();
  await system('sh', '-c', 'apt-get purge -y -qq quorum-kiosk >/dev/null 2>&1 || true');
  await rm(release, { recursive: true, force: true });
});

test("a site's installer has its public files alone; each kiosk's own file is beside it, sealed", async () => {
  const resources = path.join(release, 'linux-unpacked/resources');
  expect((await readdir(path.join(resources, 'site'))).sort()).toEqual(['site.json', 'tickets.pub']);
  const list = await readFile(path.join(release, 'codes.txt'), 'utf8');
  for (const [, id, code] of list.matchAll(/^kiosk (\d+) .* code (\S+)$/gm)) codes.set(Number(id), code!);
  expect([...codes.keys()]).toEqual([1, 2, 3]);
  for (const file of ['codes.txt', ...[1, 2, 3].map((id) => `provisioning/${SITE}-kiosk-${id}.provision`)])
    expect((await stat(path.join(release, file))).mode & 0o777, file).toBe(0o600);
  // Every secret of the site, looked for by a line of its own in all that leaves the operator.
  const secrets = ['authority/ca.key', 'authority/tickets.key', ...[1, 2, 3].map((id) => `certificates/kiosk-${id}/kiosk.key`)];
  for (const secret of secrets) {
    const [, line] = (await readFile(path.join(site.folder, secret), 'utf8')).split('\n');
    const found = await output('sh', '-c', 'grep -rlF -- "$0" "$1" "$2" || true', line!, resources, path.join(release, 'provisioning'));
    expect(found, secret).toBe('');
  }
});

test('three installed kiosks of an ordinary user start from their files, sell, lose one, and take in a fourth', async () => {
  const [deb] = (await readdir(release)).filter((name) => name.endsWith('.deb'));
  // Where apt's own user may read it.
  const shown = path.join(site.user.home, deb!);
  await copyFile(path.join(release, deb!), shown);
  await chmod(site.user.home, 0o755);
  await system('apt-get', 'install', '-y', '-qq', '--no-install-recommends', shown);
  expect(await system('dpkg', '--verify', 'quorum-kiosk')).toBe('');
  // A library that the package does not ask for would be missing in a clean Debian.
  const linked = await system('sh', '-c', 'ldd "/opt/Quorum Kiosk/quorum-kiosk" "/opt/Quorum Kiosk/"*.so*');
  expect(linked.split('\n').filter((line) => line.includes('not found'))).toEqual([]);
  const provisioned = (id: number) => path.join(release, 'provisioning', `${SITE}-kiosk-${id}.provision`);
  await Promise.all([1, 2, 3].map((id) => site.provision(id, provisioned(id), codes.get(id)!)));
  expect(await site.client(1, 'buy', '2')).toMatchObject({ ok: true, tickets: [1, 2] });
  expect(await site.client(2, 'buy', '1')).toMatchObject({ ok: true, tickets: [3] });
  expect(await site.client(3, 'buy', '1')).toMatchObject({ ok: true, remaining: 96 });

  const running = await site.user.processes();
  expect(running.flatMap(({ command }) => command).filter((word) => word.startsWith('--no-sandbox'))).toEqual([]);
  const renderers = running.filter(({ command }) => command.includes('--type=renderer'));
  expect(renderers.length).toBeGreaterThanOrEqual(3);
  for (const renderer of renderers) expect(renderer).toMatchObject({ seccomp: 2, noNewPrivileges: true });

  await site.cut(3);
  expect(await site.client(1, 'buy', '4')).toMatchObject({ ok: true, remaining: 92 });

  // A kiosk that the installer knows nothing of: its own file brings the newer site file.
  await site.site('add', '--kiosk', '4', '--host', Machines.address(4), '--port', '7404');
  const sticks = path.join(site.folder, 'sticks');
  const said = await site.site('provision', '--kiosk', '4', '--to', sticks);
  await site.provision(4, path.join(sticks, `${SITE}-kiosk-4.provision`), / code (\S+)/.exec(said)![1]!);
  expect(await site.client(1, 'add_kiosk', '4', `${Machines.address(4)}:7404`)).toMatchObject({ ok: true });
  expect(await site.client(4, 'buy', '2')).toMatchObject({ ok: true, remaining: 90 });

  // The operator's programs are there too, without Node, a display or a checkout.
  expect(await site.tool(1, 'client', '1', 'status')).toContain('kiosk 1 is ');
  expect(await site.tool(1, 'doctor', '1')).toMatch(/\[ ok \] kiosk: it runs/);
  const backup = path.join(site.home(1), 'season.backup');
  expect(await site.tool(1, 'backup', '1', backup)).toContain(`wrote ${backup}: slots 1 to`);
  expect(await site.tool(1, 'audit', backup)).toMatch(/signed by the site.*ALL IS AS IT WAS SOLD/s);

  // New certificates reach a kiosk that sells, by a new file.
  await site.site('renew', '--kiosk', '1');
  const newer = await site.site('provision', '--kiosk', '1', '--to', sticks);
  const { brought, codeFile } = await site.bring(1, path.join(sticks, `${SITE}-kiosk-1.provision`), / code (\S+)/.exec(newer)![1]!);
  expect(await site.tool(1, 'provision', brought, '--code-file', codeFile)).toContain(`this machine is kiosk 1 of site ${SITE}`);
  const log = path.join(site.home(1), 'data', SITE, 'kiosk-1/logs/kiosk.log');
  await expect.poll(() => readFile(log, 'utf8'), { timeout: COMMAND_MS }).toContain('the certificate of kiosk 1 was renewed');

  // The lost one comes back by its icon, without an argument, and knows what it is.
  await site.start(3);
  expect(await site.client(3, 'buy', '1')).toMatchObject({ ok: true, remaining: 89 });
  const seen = await Promise.all([1, 2, 3, 4].map((id) => site.client(id, 'show')));
  for (const answer of seen) expect(answer).toMatchObject({ ok: true, confirmed: true, state: { members: [1, 2, 3, 4] } });
});

test('purging the package leaves nothing of it, and all that was sold', async () => {
  const files = (await system('dpkg', '-L', 'quorum-kiosk')).split('\n').filter((file) => /quorum-kiosk|Quorum Kiosk/.test(file));
  expect(files).toContain('/opt/Quorum Kiosk/quorum-kiosk');
  for (const id of [1, 2, 3, 4]) await site.cut(id);
  await system('apt-get', 'purge', '-y', '-qq', 'quorum-kiosk');
  expect(files.filter((file) => existsSync(outside(file)))).toEqual([]);
  await expect(access(outside('/usr/bin/quorum-kiosk'))).rejects.toThrow();
  await expect(system('dpkg-query', '-W', 'quorum-kiosk')).rejects.toThrow();
  for (const id of [1, 2, 3, 4]) {
    await access(path.join(site.home(id), 'data', SITE, 'site.json'));
    await access(path.join(site.home(id), 'data', SITE, `kiosk-${id}`));
  }
});
