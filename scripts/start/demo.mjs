import { execFile, execFileSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { isAlive } from '../setup/lock.mjs';
import { ROOT } from '../setup/paths.mjs';
import { SetupError } from '../setup/report.mjs';

/** The kiosks of the demo site, and those that npm start opens. */
export const ALL_KIOSKS = [1, 2, 3, 4, 5];
export const DEMO_KIOSKS = [1, 2, 3];
const EXAMPLE = path.join(ROOT, 'examples', 'ucsb-soccer', 'site.json');

/** Where this user's sites keep their data; the same rule as in main/site/folders.ts. */
export function homeFolder(environment = process.env) {
  if (environment.QUORUM_HOME) return path.resolve(environment.INIT_CWD ?? process.cwd(), environment.QUORUM_HOME);
  if (process.platform === 'win32') return path.join(environment.APPDATA ?? path.join(os.homedir(), 'AppData', 'Roaming'), 'quorum-kiosk');
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Application Support', 'quorum-kiosk');
  return path.join(environment.XDG_DATA_HOME || path.join(os.homedir(), '.local', 'share'), 'quorum-kiosk');
}

export function demoFolder() {
  return path.join(homeFolder(), 'demo');
}

/** Makes the demo site once: five kiosks, three of them members, a season of soccer. */
export function makeDemoSite() {
  const folder = demoFolder();
  const site = path.join(folder, 'site.json');
  const there = existsSync(site);
  // A demo of before tickets were signed is given the key for that by the same command.
  if (there && existsSync(path.join(folder, 'tickets.pub'))) {
    markAsDemo(site);
    return { site, made: false };
  }
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync(
      process.execPath,
      [
        path.join(ROOT, 'out', 'main', 'site.js'),
        'create',
        folder,
        '--site',
        'demo',
        '--kiosks',
        String(ALL_KIOSKS.length),
        '--members',
        String(DEMO_KIOSKS.length),
        '--from',
        EXAMPLE,
      ],
      { stdio: 'pipe' },
    );
  } catch (error) {
    throw new SetupError(`the demo site could not be made in ${folder}: ${String(error.stderr ?? error.message).trim()}`);
  }
  markAsDemo(site);
  return { site, made: !there };
}

/** The windows of a demo begin with a clerk and an open shift; the site file says that it is one. */
function markAsDemo(file) {
  const site = JSON.parse(readFileSync(file, 'utf8'));
  if (site.demo !== true) writeFileSync(file, `${JSON.stringify({ ...site, demo: true }, null, 2)}\n`);
}

/** The kiosks that vote at the demo site, as the first of them knows it; none before the site is open. */
export function votersOf(siteFile) {
  const args = [path.join(ROOT, 'out', 'main', 'client.js'), String(DEMO_KIOSKS[0]), '--site', siteFile, '--json', 'status'];
  return new Promise((resolve) => {
    execFile(process.execPath, args, (error, stdout) => resolve(error === null ? JSON.parse(stdout).members : []));
  });
}

/** Empties the demo: data of all its kiosks, and the site itself. */
export function resetDemo() {
  rmSync(demoFolder(), { recursive: true, force: true });
}

/**
 * One `npm start` per demo folder. Returns the way to let go of it; throws in words while another is running.
 * A killed one's file is taken over, since its process is gone.
 */
export function holdDemo() {
  const folder = demoFolder();
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'start.pid');
  // Linked into place whole: who finds the file finds the process id in it.
  const draft = `${file}.${process.pid}`;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      writeFileSync(draft, String(process.pid));
      linkSync(draft, file);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const pid = Number(readFileSync(file, 'utf8'));
      if (pid > 0 && isAlive(pid) && isStart(pid)) {
        throw new SetupError(
          `The demo site is running already (npm start, process ${pid}). Use its windows, or end it with Ctrl-C there first.`,
        );
      }
      rmSync(file, { force: true });
    } finally {
      rmSync(draft, { force: true });
    }
  }
  throw new SetupError(`another npm start is beginning at this moment; try again`);
}

/** A process id is used again one day: only a start script counts. */
function isStart(pid) {
  if (process.platform !== 'linux') return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('start.mjs');
  } catch {
    return false;
  }
}

/** The kiosks of the site file whose port is taken. */
export async function busyKiosks(siteFile, kiosks) {
  const site = JSON.parse(readFileSync(siteFile, 'utf8'));
  const busy = [];
  for (const { id, host, port } of site.kiosks) if (kiosks.includes(id) && !(await isFree(host, port))) busy.push({ id, host, port });
  return busy;
}

function isFree(host, port) {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
