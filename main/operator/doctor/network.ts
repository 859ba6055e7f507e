import https from 'node:https';
import type { StatusAnswer } from '../../../shared/answers';
import type { PrinterState } from '../../../shared/printing';
import { certificateName, type KioskSpec } from '../../../shared/site';
import { findEndpoint } from '../../client/address';
import { Connection } from '../../client/connection';
import { certificateFault, isCertificateFault } from '../../mesh/refusals';
import { CupsSpooler, type Spooler } from '../../printing';
import type { Bundle } from '../../site/load';
import { bad, type Check, good, warning } from './checks';

const PEER_TIMEOUT_MS = 3_000;
const MS = 1_000;
/** Certificates and reports go by the clock; sales do not. */
const SKEW_WARNING_S = 5;
const SKEW_BAD_S = 300;

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
  if (status === null)
    return warning(
      'kiosk',
      'it does not run, or was started by another user',
      `start it: npm run kiosk -- ${kiosk}, or Quorum Kiosk from the menu where it is installed`,
    );
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

const NOT_READY: Readonly<Record<Exclude<PrinterState, 'ready' | 'untold'>, readonly [what: string, remedy: string]>> = {
  out_of_paper: ['out of paper', 'put paper in; it goes on by itself'],
  stopped: ['stopped', 'see to paper and jams, then: cupsenable NAME'],
  unreachable: ['can not be reached', 'is it switched on, and its cable in? Then it goes on by itself'],
  none: ['gone', 'choose another printer at the kiosk'],
};

/** Whether there is a printer that is ready, asked as the kiosk asks. */
export async function checkPrinter(spooler: Pick<Spooler, 'printers'> = new CupsSpooler()): Promise<readonly Check[]> {
  if (process.platform === 'win32') return [good('printer', "Windows tells of its printers in the kiosk's window alone")];
  const folder = 'or go on with the PDF folder';
  const printers = await spooler.printers();
  if (printers === null)
    return [
      warning(
        'printer',
        'no printing system answers here: tickets go to the PDF folder',
        `on Debian: apt install cups; if it is installed, systemctl start cups; ${folder}`,
      ),
    ];
  if (printers.length === 0)
    return [warning('printer', 'no printer is set up: tickets go to the PDF folder', `set it up at http://localhost:631, ${folder}`)];
  // One is enough.
  const worse = printers.some(({ state }) => isReady(state)) ? warning : bad;
  return printers.map(({ label, name, state, detail }) => {
    if (isReady(state)) return good('printer', label);
    const [what, remedy] = NOT_READY[state];
    return worse('printer', `${label}: ${what}${detail === null ? '' : ` (${detail})`}`, remedy.replace('NAME', name ?? label));
  });
}

function isReady(state: PrinterState): state is 'ready' | 'untold' {
  return state === 'ready' || state === 'untold';
}
