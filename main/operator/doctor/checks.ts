import { constants } from 'node:fs';
import { access, lstat, open, rm, stat, statfs } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { EXPIRY_WARNING_MS } from '../../../shared/constants';
import type { SiteFile } from '../../../shared/site';
import { BUNDLE_FILES, type Bundle, bundleFolder, expiryOf, serialOf } from '../../site/load';
import { loadTicketPublicKeys, TICKET_KEY_FILE } from '../../site/ticketKeys';
import { ownerOf } from '../source';

/** What the doctor found of one thing. */
export interface Check {
  readonly name: string;
  /** warning: it works, and should be seen to; bad: it does not, or soon will not. */
  readonly state: 'good' | 'warning' | 'bad';
  /** One sentence. */
  readonly what: string;
  /** What to do about it; null where there is nothing. */
  readonly remedy: string | null;
}

export function good(name: string, what: string): Check {
  return { name, state: 'good', what, remedy: null };
}

export function warning(name: string, what: string, remedy: string): Check {
  return { name, state: 'warning', what, remedy };
}

export function bad(name: string, what: string, remedy: string): Check {
  return { name, state: 'bad', what, remedy };
}

const NODE_LEAST = [20, 18] as const;
const OTHERS = 0o077;
const MIB = 1024 * 1024;
/** A season of a million sales takes about half a gibibyte at each kiosk. */
const SPACE_WARNING_BYTES = 2_048 * MIB;
const SPACE_BAD_BYTES = 200 * MIB;
/** So many small writes, each made durable as a vote is. */
const PROBES = 30;
const PROBE_BYTES = 4_096;
/** Every sale waits for this at two kiosks. */
const SYNC_WARNING_MS = 30;
const SYNC_BAD_MS = 300;

export function checkRuntime(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const right = major > NODE_LEAST[0] || (major === NODE_LEAST[0] && minor >= NODE_LEAST[1]);
  return right
    ? good('runtime', `Node ${version}`)
    : bad('runtime', `Node ${version} is too old`, `install Node ${NODE_LEAST.join('.')} or later`);
}

/** Where new certificates come from. */
export function renewal(kiosk: number): string {
  return `where the site was made: npm run site -- renew <folder> --kiosk ${kiosk}; then copy certificates/kiosk-${kiosk} here (to an installed kiosk: site provision there, quorum-kiosk-tool provision here)`;
}

export async function checkCertificate(
  folder: string,
  site: SiteFile,
  kiosk: number,
  bundle: Bundle,
  now: number,
): Promise<readonly Check[]> {
  const renew = renewal(kiosk);
  const expires = expiryOf(bundle);
  const date = new Date(expires).toISOString().slice(0, 10);
  const checks: Check[] = [];
  if (site.revoked?.includes(serialOf(bundle.cert)) === true)
    checks.push(bad('certificate', 'it is revoked: no kiosk links with it', `a new one, ${renew}`));
  else if (expires - now < EXPIRY_WARNING_MS)
    checks.push(warning('certificate', `it ends on ${date}, and no kiosk links with it after that`, renew));
  else checks.push(good('certificate', `good until ${date}`));
  for (const name of [BUNDLE_FILES.key, TICKET_KEY_FILE]) {
    const file = path.join(bundleFolder(folder, kiosk), name);
    const found = await stat(file).catch(() => null);
    if (found === null)
      checks.push(
        warning(
          'keys',
          `there is no ${file}: this kiosk sells, and prints no tickets`,
          `copy certificates/kiosk-${kiosk} whole from where the site was made`,
        ),
      );
    else if (process.platform !== 'win32' && (found.mode & OTHERS) !== 0)
      checks.push(bad('keys', `${file} can be read by others on this machine`, `chmod 600 ${file}`));
  }
  const known = await loadTicketPublicKeys(folder);
  if (!known.ok) checks.push(warning('keys', known.sentence, 'until then this kiosk knows no tickets of a changed key'));
  return checks;
}

export async function checkData(data: string, uid: string, kiosk: number): Promise<Check> {
  const found = await lstat(data).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error) {
    if (found.code === 'ENOENT') return good('data folder', `${data} will be made at the first start`);
    return bad('data folder', `${data} can't be looked at (${found.code})`, 'run the kiosk and the doctor as the user whose folder it is');
  }
  const refused = await access(data, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => null,
    ({ code }: NodeJS.ErrnoException) => code,
  );
  if (refused === 'EROFS')
    return bad(
      'data folder',
      `${data} is on a disk that can only be read`,
      'the system makes a failing disk so: look at its log, and check the disk',
    );
  if (refused !== null)
    return bad('data folder', `${data} can't be written by this user`, 'run the kiosk and the doctor as the user whose folder it is');
  if (process.platform !== 'win32' && (found.mode & OTHERS) !== 0)
    return warning('data folder', `${data} can be opened by others on this machine`, `chmod 700 ${data}; the kiosk does so when it starts`);
  const owner = await ownerOf(data);
  if (owner !== null && (owner.uid !== uid || owner.kiosk !== kiosk))
    return bad(
      'data folder',
      `${data} belongs to kiosk ${owner.kiosk} of the site with uid ${owner.uid}`,
      'give this kiosk a folder of its own, with --data',
    );
  return good('data folder', owner === null ? `${data} is empty` : `${data} is this kiosk's own`);
}

export async function checkSpace(data: string): Promise<Check> {
  const { bavail, bsize } = await statfs(await nearest(data));
  const free = bavail * bsize;
  const what = `${Math.round(free / MIB)} MiB free`;
  const remedy = 'free some space on the disk of the data folder, or move the folder to a larger one while the kiosk is stopped';
  if (free < SPACE_BAD_BYTES) return bad('disk space', what, remedy);
  return free < SPACE_WARNING_BYTES ? warning('disk space', what, remedy) : good('disk space', what);
}

/** Writes as a vote is written, beside the data and never in them. */
export async function checkSpeed(data: string): Promise<Check> {
  const folder = await nearest(data);
  const probe = path.join(folder, `.doctor-${process.pid}`);
  const times: number[] = [];
  try {
    const handle = await open(probe, 'wx', 0o600);
    try {
      const bytes = Buffer.alloc(PROBE_BYTES, 1);
      for (let count = 0; count < PROBES; count += 1) {
        const began = performance.now();
        await handle.write(bytes);
        await handle.datasync();
        times.push(performance.now() - began);
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    return bad(
      'disk speed',
      `nothing can be written in ${folder} (${(error as NodeJS.ErrnoException).code})`,
      'see to the disk: is it full, read-only or failing? Its errors are in the system log',
    );
  } finally {
    await rm(probe, { force: true });
  }
  times.sort((a, b) => a - b);
  const median = times[PROBES >> 1]!;
  const what = `a durable write takes ${median.toFixed(1)} ms, at worst ${times.at(-1)!.toFixed(0)} ms`;
  const remedy =
    'use an SSD for the data folder, and nothing else that writes a lot; a disk that has become slow may be failing: look at its SMART figures';
  if (median > SYNC_BAD_MS) return bad('disk speed', what, remedy);
  return median > SYNC_WARNING_MS ? warning('disk speed', what, remedy) : good('disk speed', what);
}

/** Whether this kiosk could listen. @param running it runs, so the port should be its own */
export async function checkPort(host: string, port: number, running: boolean): Promise<Check> {
  const code = await new Promise<string | null>((resolve) => {
    const server = net.createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
  const where = `${host}:${port}`;
  if (running) return good('port', `${where} is this kiosk's`);
  if (code === null) return good('port', `${where} is free`);
  if (code === 'EADDRINUSE')
    return bad(
      'port',
      `${where} is in use by another program`,
      'end that program, or give this kiosk another port in the site file (change address)',
    );
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return bad(
      'port',
      `this machine has no address ${host}`,
      "correct this kiosk's host in the site file, or give the machine that address",
    );
  return bad('port', `${where} can't be listened on (${code})`, 'choose a port from 1024 on in the site file');
}

/** The folder itself, or the first above it that is there. */
async function nearest(folder: string): Promise<string> {
  for (let at = folder; ; at = path.dirname(at)) {
    const found = await stat(at).catch(() => null);
    if (found?.isDirectory() || at === path.dirname(at)) return at;
  }
}
