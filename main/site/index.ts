import { parseArgs } from 'node:util';
import { kioskIdSchema } from '../../shared/ballot';
import { type EventSpec, hostSchema, nameIdSchema, portSchema, type SiteFile } from '../../shared/site';
import { addKiosk, checkSite, createSite } from './create';
import { fromCaller } from './folders';
import { type Loaded, loadSite } from './load';

const HELP = `npm run site -- <command> <folder> [options]

  create <folder> --site ID [--kiosks 5] [--members 3] [--host 127.0.0.1] [--base-port 7401]
         [--event ID=CAPACITY[:PRICE_CENTS]] ... [--from SITE_FILE]
                    make a site: site.json, its certificate authority and a bundle per kiosk;
                    --from takes place, currency, time zone, events and kiosk names from another site file;
                    without --event and --from there is one event, demo=100:1200
  add <folder> --kiosk ID [--host H] [--port P]
                    put another kiosk into site.json and make its bundle
  check <folder>    check site.json and every bundle
  list <folder>     kiosks and events

An installed kiosk gets only its own bundle (certificates/kiosk-N) and site.json; the authority's key stays with the operator.
`;

const DEFAULT_EVENT = 'demo=100:1200';
const BAD_USE = 2;

class BadUse extends Error {}

function number(text: string | undefined, fallback: number, name: string, min: number, max: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new BadUse(`--${name} must be a whole number from ${min} to ${max}, not "${text}"`);
  return value;
}

/** ID=CAPACITY[:PRICE_CENTS] as an event with one category. */
function eventOf(text: string): EventSpec {
  const match = /^([^=]+)=(\d+)(?::(\d+))?$/.exec(text);
  const id = match?.[1];
  if (match === null || id === undefined || !nameIdSchema.safeParse(id).success) {
    throw new BadUse(`--event must be ID=CAPACITY or ID=CAPACITY:PRICE_CENTS, not "${text}"`);
  }
  return { id, name: id, capacity: Number(match[2]), categories: [{ id: 'adult', name: 'Adult', price: Number(match[3] ?? 0) }] };
}

function need<T>(loaded: Loaded<T>): T {
  if (!loaded.ok) throw new Error(loaded.sentence);
  return loaded.value;
}

async function create(folder: string, args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      site: { type: 'string' },
      kiosks: { type: 'string' },
      members: { type: 'string' },
      host: { type: 'string', default: '127.0.0.1' },
      'base-port': { type: 'string' },
      event: { type: 'string', multiple: true },
      from: { type: 'string' },
    },
  });
  if (values.site === undefined || !nameIdSchema.safeParse(values.site).success) {
    throw new BadUse('--site must name the site: letters, digits, dots, dashes and underscores');
  }
  const kiosks = number(values.kiosks, 5, 'kiosks', 1, 255);
  const members = number(values.members, Math.min(3, kiosks), 'members', 1, Math.min(9, kiosks));
  if (!hostSchema.safeParse(values.host).success) throw new BadUse(`--host must be a host name or an IP address, not "${values.host}"`);
  const basePort = number(values['base-port'], 7401, 'base-port', 1, 65535 - kiosks + 1);
  const from: SiteFile | null = values.from === undefined ? null : need(await loadSite(fromCaller(values.from)));
  const texts = values.event ?? (from === null ? [DEFAULT_EVENT] : []);
  const site = need(
    await createSite({ folder, site: values.site, kiosks, members, host: values.host, basePort, events: texts.map(eventOf), from }),
  );
  process.stdout.write(
    `made site ${site.site} in ${folder}: ${kiosks} kiosks, members ${site.members.join(' ')}, events ${site.events.map(({ id }) => id).join(' ')}\n`,
  );
}

async function add(folder: string, args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { kiosk: { type: 'string' }, host: { type: 'string', default: '127.0.0.1' }, port: { type: 'string' } },
  });
  const kiosk = kioskIdSchema.safeParse(Number(values.kiosk));
  if (!kiosk.success) throw new BadUse(`--kiosk must be a whole number from 1 to 255, not "${values.kiosk ?? ''}"`);
  if (!hostSchema.safeParse(values.host).success) throw new BadUse(`--host must be a host name or an IP address, not "${values.host}"`);
  const port = values.port === undefined ? null : portSchema.safeParse(Number(values.port));
  if (port?.success === false) throw new BadUse(`--port must be a whole number from 1 to 65535, not "${values.port}"`);
  const site = need(await addKiosk(folder, kiosk.data, values.host, port?.data ?? null));
  const spec = site.kiosks.find(({ id }) => id === kiosk.data)!;
  process.stdout.write(`kiosk ${spec.id} added at ${spec.host}:${spec.port}; start it, then vote it in with add_kiosk ${spec.id}\n`);
}

async function check(folder: string): Promise<void> {
  const problems = need(await checkSite(folder));
  if (problems.length > 0) throw new Error(problems.join('\n'));
  process.stdout.write(`site in ${folder}: all is well\n`);
}

async function list(folder: string): Promise<void> {
  const site = need(await loadSite(`${folder}/site.json`));
  const lines = [`site ${site.site} (${site.uid}), ${site.place || 'no place given'}, ${site.currency}, ${site.timeZone}`];
  for (const kiosk of site.kiosks) {
    lines.push(
      `kiosk ${kiosk.id}  ${kiosk.name}  ${kiosk.host}:${kiosk.port}${site.members.includes(kiosk.id) ? '  founding member' : ''}`,
    );
  }
  for (const event of site.events) {
    const prices = event.categories.map(({ id, price }) => `${id} ${(price / 100).toFixed(2)}`).join(', ');
    lines.push(`event ${event.id}  ${event.name}  ${event.starts ?? ''}  ${event.capacity} tickets: ${prices}`);
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function main(args: readonly string[]): Promise<void> {
  const [command, folder, ...rest] = args;
  if (command === undefined || command === '--help' || command === 'help') {
    process.stdout.write(HELP);
    return;
  }
  if (!['create', 'add', 'check', 'list'].includes(command))
    throw new BadUse(`there is no command "${command}"; see npm run site -- --help`);
  if (folder === undefined || folder.startsWith('-')) throw new BadUse(`name the site's folder: npm run site -- ${command} <folder>`);
  const target = fromCaller(folder);
  if (command === 'create') return create(target, rest);
  if (command === 'add') return add(target, rest);
  return command === 'check' ? check(target) : list(target);
}

main(process.argv.slice(2)).catch((error: Error & { code?: string }) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error instanceof BadUse || error.code?.startsWith('ERR_PARSE_ARGS') ? BAD_USE : 1;
});
