import { execFile } from 'node:child_process';
import https from 'node:https';
import { promisify } from 'node:util';
import type { StatusAnswer } from '../../../shared/answers';
import { certificateName, type KioskSpec } from '../../../shared/site';
import { findEndpoint } from '../../client/address';
import { Connection } from '../../client/connection';
import { certificateFault, isCertificateFault } from '../../mesh/refusals';
import type { Bundle } from '../../site/load';
import { bad, type Check, good, warning } from './checks';

const PEER_TIMEOUT_MS = 3_000;
const MS = 1_000;
/** Certificates and reports go by the clock; sales do not. */
const SKEW_WARNING_S = 5;
const SKEW_BAD_S = 300;
const execute = promisify(execFile);

/** What the process of this kiosk says of itself; null where none runs. */
export async function statusOf(data: string): Promise<StatusAnswer | null> {
  try {
    const connection = await Connection.open(await findEndpoint(data));
    const answer = await connection.execute({ op: 'status' });
    connection.close();
    return answer.ok && answer.op === 'status' ? answer : null;
  } catch {
    return null;
  }
}

export function checkStatus(status: StatusAnswer | null, kiosk: number): Check {
  if (status === null) return warning('kiosk', 'it does not run, or was started by another user', `start it: npm run kiosk -- ${kiosk}`);
  if (status.problem !== null) return bad('kiosk', `it has stopped: ${status.problem}`, 'see to what it says, then start it again');
  if (status.role === 'removed')
    return bad('kiosk', 'it was removed from the site', `add it again: add_kiosk ${kiosk}, at a kiosk that sells`);
  if (!status.majority)
    return bad(
      'kiosk',
      `it runs and reaches no majority: linked with ${status.connected.join(', ') || 'nobody'} of the members ${status.members.join(', ')}`,
      // A kiosk of an earlier version does not tell.
      status.notSelling ?? 'start the others, or mend the network: see the peers below',
    );
  return good('kiosk', `it runs (${status.role}, version ${status.version}) and reaches a majority`);
}

/** One other kiosk as seen from here: its address, its certificate, its clock. */
export async function checkPeer(peer: KioskSpec, bundle: Bundle): Promise<readonly Check[]> {
  const name = `kiosk ${peer.id}`;
  const where = `${peer.host}:${peer.port}`;
  const began = Date.now();
  const seen = await ask(peer, bundle);
  const took = Date.now() - began;
  if (seen.kind === 'error') {
    if (isCertificateFault(seen.code))
      return [
        bad(
          name,
          `at ${where}: ${certificateFault(seen.code)}`,
          'set the clocks of both machines; if they are right, renew the certificates where the site was made, or correct the address',
        ),
      ];
    if (seen.code === 'ECONNREFUSED')
      return [
        warning(
          name,
          `nothing listens at ${where}`,
          `start kiosk ${peer.id} there, or correct its address: change address ${peer.id} HOST:PORT`,
        ),
      ];
    if (seen.code === 'ENOTFOUND' || seen.code === 'EAI_AGAIN')
      return [bad(name, `the name ${peer.host} is not known here`, "correct its host in the site file, or the network's name service")];
    if (seen.code === 'ECONNRESET' || seen.code === 'EPROTO')
      return [
        bad(
          name,
          `at ${where} something hangs up at once`,
          "is it this site's kiosk, and does it take this kiosk's certificate? Look at its log file",
        ),
      ];
    return [
      bad(
        name,
        `${where} does not answer (${seen.code})`,
        'is the machine on, and the cable in? A firewall must let this port through, both ways',
      ),
    ];
  }
  if (seen.certified !== certificateName(peer.id))
    return [bad(name, `at ${where} answers ${seen.certified}`, `correct the address of one of them: change address ${peer.id} HOST:PORT`)];
  return [good(name, `answers at ${where} in ${took} ms`), clock(peer.id, seen.date, (began + Date.now()) / 2)];
}

function clock(kiosk: number, date: number, here: number): Check {
  const name = `clock of kiosk ${kiosk}`;
  if (Number.isNaN(date)) return warning(name, 'it does not tell its time', `update kiosk ${kiosk}`);
  // Its answer is in whole seconds.
  const skew = Math.abs(date + MS / 2 - here) / MS;
  const what = skew < 1 ? 'agrees with this one' : `${skew.toFixed(0)} s apart from this one`;
  const remedy = 'set both clocks by the network (NTP): on Debian, apt install systemd-timesyncd';
  if (skew > SKEW_BAD_S) return bad(name, what, remedy);
  return skew > SKEW_WARNING_S ? warning(name, what, remedy) : good(name, what);
}

type Seen =
  | { readonly kind: 'answer'; readonly certified: string; readonly date: number }
  | { readonly kind: 'error'; readonly code: string };

function ask({ host, port }: KioskSpec, bundle: Bundle): Promise<Seen> {
  return new Promise((resolve) => {
    let certified = 'nobody';
    const request = https.get(
      {
        host,
        port,
        path: '/',
        ...bundle,
        agent: false,
        timeout: PEER_TIMEOUT_MS,
        checkServerIdentity: (_host, certificate) => {
          certified = String(certificate.subject?.CN);
          return undefined;
        },
      },
      (response) => {
        response.resume();
        resolve({ kind: 'answer', certified, date: Date.parse(response.headers.date ?? '') });
      },
    );
    request.on('timeout', () => request.destroy(Object.assign(new Error('timeout'), { code: 'no answer' })));
    request.on('error', (error: NodeJS.ErrnoException) => resolve({ kind: 'error', code: error.code ?? error.message }));
  });
}

/** Whether the system's printing knows a printer that is ready. */
export async function checkPrinter(command = 'lpstat'): Promise<Check> {
  const install =
    'install CUPS and set the printer up (on Debian: apt install cups, then http://localhost:631), or go on with the PDF folder';
  if (process.platform === 'win32') return good('printer', 'tickets go to the PDF folder on Windows');
  try {
    const { stdout } = await execute(command, ['-p'], { env: { ...process.env, LC_ALL: 'C' }, timeout: PEER_TIMEOUT_MS });
    const printers = stdout.split('\n').filter((line) => line.startsWith('printer '));
    const ready = printers.filter((line) => !line.includes('disabled'));
    if (printers.length === 0) return warning('printer', 'no printer is set up: tickets go to the PDF folder', install);
    const names = printers.map((line) => line.split(' ')[1]).join(', ');
    if (ready.length === 0) return bad('printer', `${names}: stopped`, 'see to paper and jams, then: cupsenable NAME');
    return good('printer', names);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return warning(
      'printer',
      code === 'ENOENT' ? 'there is no printing system here: tickets go to the PDF folder' : 'the printing system does not answer',
      install,
    );
  }
}
