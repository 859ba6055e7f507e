import path from 'node:path';
import { parseArgs } from 'node:util';
import { demoSiteFile, fromCaller } from '../site/folders';
import { loadSite } from '../site/load';
import { loadTicketPublicKeys } from '../site/ticketKeys';
import { verifyCode } from './code';

export const VERIFY_HELP = `npm run verify -- <code> [--site FILE] [--json]

  Checks the code of a ticket, as a scanner reads it, against the public keys beside the site file
  (tickets.pub). It needs no network and no running kiosk; so it can't know whether the ticket was
  voided or used since: ask a kiosk for that (admit, verify).
  Exit status: 0 good, 1 not good, 2 bad use or no key.
`;

const GOOD = 0;
const NOT_GOOD = 1;
const BAD_USE = 2;

export interface Output {
  /** Both take whole text, line ends included. */
  out(text: string): void;
  error(text: string): void;
}

/** `npm run verify -- ...`. Returns the exit status. */
export async function runVerify(args: readonly string[], output: Output): Promise<number> {
  const wrong = (sentence: string) => {
    output.error(`${sentence}\n`);
    return BAD_USE;
  };
  let read: { values: { site?: string; json?: boolean; help?: boolean }; positionals: string[] };
  try {
    const options = { site: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
    read = parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    return wrong(`${(error as Error).message.split(/[.\n]/)[0]}; see npm run verify -- --help`);
  }
  const { values, positionals } = read;
  if (values.help) {
    output.out(VERIFY_HELP);
    return GOOD;
  }
  const [code, ...more] = positionals;
  if (code === undefined || more.length > 0) return wrong('give one code, as a scanner reads it; see npm run verify -- --help');
  const file = values.site === undefined ? demoSiteFile() : fromCaller(values.site);
  const site = await loadSite(file);
  if (!site.ok) return wrong(site.sentence);
  const keys = await loadTicketPublicKeys(path.dirname(file));
  if (!keys.ok) return wrong(keys.sentence);
  const verified = verifyCode(code, { uid: site.value.uid, publicKeys: keys.value });
  if (values.json) output.out(`${JSON.stringify(verified.ok ? { ok: true, ...verified.ticket } : verified)}\n`);
  else if (verified.ok) output.out(`${goodText(verified.ticket, site.value.events)}\n`);
  else output.out(`NOT GOOD: ${verified.message}\n`);
  return verified.ok ? GOOD : NOT_GOOD;
}

function goodText(
  { event, number, sale }: { readonly event: string; readonly number: number; readonly sale: string },
  events: readonly { readonly id: string; readonly name: string }[],
): string {
  const name = events.find(({ id }) => id === event)?.name;
  return `signed by this site: ticket ${number} of ${event}${name === undefined ? '' : ` (${name})`}, sale ${sale}; whether it was voided or used, only a kiosk knows`;
}
