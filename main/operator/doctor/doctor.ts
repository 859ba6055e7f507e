import path from 'node:path';
import { parseArgs } from 'node:util';
import { dataFolder, demoSiteFile, fromCaller } from '../../site/folders';
import { findKiosk, loadBundle, loadSite } from '../../site/load';
import type { Output } from '../../site/program';
import { kioskOf } from '../place';
import { bad, type Check, checkCertificate, checkData, checkPort, checkRuntime, checkSpace, checkSpeed, good, renewal } from './checks';
import { checkFonts } from './fonts';
import { checkPeer, checkPrinter, checkStatus, statusOf } from './network';

export const DOCTOR_HELP = `npm run doctor -- <kiosk_id> [--site FILE] [--data DIR] [--json]

  Looks at all that a kiosk needs on this machine and tells what is wrong, each with a remedy: site file,
  certificate and keys, data folder, disk space and speed, port, the kiosk itself, every other kiosk's address,
  certificate and clock, the printer, and fonts for the site's names. It changes nothing; the kiosk may run or not.

  Exit status: 0 all is well or there are warnings, 1 something is bad, 2 bad use.
`;

const WELL = 0;
const ILL = 1;
const BAD_USE = 2;
const MARKS = { good: ' ok ', warning: 'WARN', bad: 'BAD ' } as const;

/** `npm run doctor -- ...`. Returns the exit status. */
export async function runDoctor(args: readonly string[], output: Output): Promise<number> {
  let read: { values: { site?: string; data?: string; json?: boolean; help?: boolean }; positionals: string[] };
  try {
    const options = {
      site: { type: 'string' },
      data: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    } as const;
    read = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    output.error(`${(error as Error).message.split(/[.\n]/)[0]}; see npm run doctor -- --help\n`);
    return BAD_USE;
  }
  const { values, positionals } = read;
  if (values.help) {
    output.out(DOCTOR_HELP);
    return WELL;
  }
  const [word, ...more] = positionals;
  const kiosk = kioskOf(word);
  if (kiosk === null || more.length > 0) {
    output.error('name a kiosk, by its number; see npm run doctor -- --help\n');
    return BAD_USE;
  }
  const siteFile = values.site === undefined ? demoSiteFile() : fromCaller(values.site);
  const checks = await examine(kiosk, siteFile, values.data === undefined ? null : fromCaller(values.data));
  if (values.json) output.out(`${JSON.stringify(checks)}\n`);
  else for (const check of checks) output.out(checkText(check));
  return checks.some(({ state }) => state === 'bad') ? ILL : WELL;
}

/** All checks, as far as each has what it needs. */
export async function examine(kiosk: number, siteFile: string, givenData: string | null): Promise<readonly Check[]> {
  const checks: Check[] = [checkRuntime(process.versions.node)];
  const site = await loadSite(siteFile);
  if (!site.ok) return [...checks, bad('site file', site.sentence, 'see to the file, or name another with --site')];
  const self = findKiosk(site.value, siteFile, kiosk);
  if (!self.ok) return [...checks, bad('site file', self.sentence, 'name one of these')];
  checks.push(good('site file', `site ${site.value.site}, ${site.value.kiosks.length} kiosks`));
  const folder = path.dirname(siteFile);
  const bundle = await loadBundle(folder, kiosk, site.value.uid);
  if (bundle.ok) checks.push(...(await checkCertificate(folder, site.value, kiosk, bundle.value, Date.now())));
  else checks.push(bad('certificate', bundle.sentence, `if this machine's clock is right: a new bundle, ${renewal(kiosk)}`));
  const data = givenData ?? dataFolder(site.value.site, kiosk);
  checks.push(await checkData(data, site.value.uid, kiosk), await checkSpace(data), await checkSpeed(data));
  const status = await statusOf(data);
  checks.push(checkStatus(status, kiosk), await checkPort(self.value.host, self.value.port, status !== null));
  if (bundle.ok) {
    const others = site.value.kiosks.filter(({ id }) => id !== kiosk);
    checks.push(...(await Promise.all(others.map((peer) => checkPeer(peer, bundle.value)))).flat());
  }
  checks.push(...(await checkPrinter()), ...(await checkFonts(site.value)));
  return checks;
}

function checkText({ name, state, what, remedy }: Check): string {
  return `[${MARKS[state]}] ${name}: ${what}\n${remedy === null ? '' : `       -> ${remedy}\n`}`;
}
