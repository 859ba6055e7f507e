import path from 'node:path';
import type { SiteFile } from '../../shared/site';
import { eventOf, readSiteArguments, SITE_HELP, type SiteCommand } from './arguments';
import { checkSite } from './check';
import { addKiosk, BASE_PORT, type Created, changeTicketKeys, createSite, LOCAL_HOST } from './create';
import { fromCaller } from './folders';
import { type Loaded, loadSite, refused, siteFileIn } from './load';
import { writeProvisioning } from './provisioning';
import { renewSite, revokeKiosk } from './renew';

const KIOSKS = 5;
const MEMBERS = 3;
const DEFAULT_EVENT = 'demo=100:1200';
const PORT_MAX = 65_535;
const CENTS = 100;

const OK = 0;
const REFUSED = 1;
const BAD_USE = 2;

export interface Output {
  /** Both take whole text, line ends included. */
  out(text: string): void;
  error(text: string): void;
}

/** `npm run site -- ...`. Returns the exit status: 0 ok, 1 refused, 2 bad use. Asks nothing. */
export async function runSite(args: readonly string[], output: Output): Promise<number> {
  const command = readSiteArguments(args);
  if (!command.ok) {
    output.error(`${command.sentence}; see npm run site -- --help\n`);
    return BAD_USE;
  }
  const done = await carryOut(command.value).catch((error: NodeJS.ErrnoException): Done => {
    if (error.code === undefined || error.path === undefined) throw error;
    return refused(`${error.path} can't be used (${error.code}): choose a folder that you may write in`);
  });
  if (done.ok) output.out(done.value);
  else output.error(`${done.sentence}\n`);
  if (done.ok) return OK;
  return 'badUse' in done ? BAD_USE : REFUSED;
}

/** What to print, or why not. */
type Done = Loaded<string> | { readonly ok: false; readonly sentence: string; readonly badUse: true };

function badUse(sentence: string): Done {
  return { ok: false, sentence: `${sentence}; see npm run site -- --help`, badUse: true };
}

function carryOut(command: SiteCommand): Promise<Done> {
  switch (command.command) {
    case 'help':
      return Promise.resolve({ ok: true, value: SITE_HELP });
    case 'create':
      return create(command);
    case 'add':
      return add(command);
    case 'renew':
      return renew(command);
    case 'revoke':
      return revoke(command);
    case 'rotate':
      return rotate(fromCaller(command.folder));
    case 'drop-old-keys':
      return dropOldKeys(fromCaller(command.folder));
    case 'provision':
      return provision(command);
    case 'check':
      return check(fromCaller(command.folder));
    case 'list':
      return list(fromCaller(command.folder));
  }
}

async function create(command: Extract<SiteCommand, { command: 'create' }>): Promise<Done> {
  const folder = fromCaller(command.folder);
  const from = command.from === null ? null : await loadSite(fromCaller(command.from));
  if (from?.ok === false) return from;
  const like = from?.value ?? null;
  const site = command.site ?? like?.site;
  if (site === undefined) return badUse('say what the site is called: --site ID');
  const kiosks = command.kiosks ?? like?.kiosks.length ?? KIOSKS;
  const members = command.members ?? Math.min(like?.members.length ?? MEMBERS, kiosks);
  if (members > kiosks) return badUse(`--members ${members} is more than the ${kiosks} kiosks`);
  const basePort = command.basePort ?? BASE_PORT;
  if (basePort + kiosks - 1 > PORT_MAX)
    return badUse(`--base-port ${basePort} leaves no room for ${kiosks} kiosks: the last port is ${PORT_MAX}`);
  const events = command.events.length > 0 ? command.events : (like?.events ?? [eventOf(DEFAULT_EVENT)]);
  const made = await createSite({ folder, site, kiosks, members, host: command.host ?? LOCAL_HOST, basePort, events, from: like });
  return made.ok ? { ok: true, value: madeText(folder, made.value) } : made;
}

function madeText(folder: string, { site, onlyTicketKey }: Created): string {
  if (onlyTicketKey) {
    return `site ${site.site} in ${folder} was made before tickets were signed: it has a key for that now, and nothing else was changed
copy tickets.pub to every kiosk, and tickets.key from its bundle (certificates/kiosk-N) to each; no restart
`;
  }
  return `made site ${site.site} in ${folder}: ${site.kiosks.length} kiosks, members ${site.members.join(' ')}, events ${site.events.map(({ id }) => id).join(' ')}
start its kiosks with: npm run kiosk -- 1 --site ${siteFileIn(folder)}
`;
}

async function add(command: Extract<SiteCommand, { command: 'add' }>): Promise<Done> {
  const added = await addKiosk({ ...command, folder: fromCaller(command.folder) });
  if (!added.ok) return added;
  const { id, host, port } = added.value;
  return { ok: true, value: `kiosk ${id} added at ${host}:${port}; start it, then vote it in with add_kiosk ${id}\n` };
}

async function renew(command: Extract<SiteCommand, { command: 'renew' }>): Promise<Done> {
  const renewed = await renewSite({ ...command, folder: fromCaller(command.folder) });
  if (!renewed.ok) return renewed;
  const { kiosks, until } = renewed.value;
  return {
    ok: true,
    value: `made new certificates for ${kiosks.length === 1 ? 'kiosk' : 'kiosks'} ${kiosks.join(' ')}, good until ${until.toISOString().slice(0, 10)}; copy each new bundle (certificates/kiosk-N) to its kiosk\n`,
  };
}

async function revoke(command: Extract<SiteCommand, { command: 'revoke' }>): Promise<Done> {
  const { kiosk } = command;
  const revoked = await revokeKiosk({ folder: fromCaller(command.folder), kiosk });
  if (!revoked.ok) return revoked;
  return {
    ok: true,
    value: `the certificate of kiosk ${kiosk} (${revoked.value}) is revoked; copy site.json to every kiosk, and take kiosk ${kiosk} out with change remove ${kiosk}\n`,
  };
}

async function rotate(folder: string): Promise<Done> {
  const good = await changeTicketKeys(folder, false);
  if (!good.ok) return good;
  return {
    ok: true,
    value: `made a new key for signing tickets; with it, ${good.value} are good
copy tickets.pub to every kiosk first, so that each knows what the others sign; then each new bundle (certificates/kiosk-N) to its kiosk
when no ticket of the old ones is to come to a gate any more: npm run site -- drop-old-keys ${folder}
`,
  };
}

async function dropOldKeys(folder: string): Promise<Done> {
  const good = await changeTicketKeys(folder, true);
  if (!good.ok) return good;
  return {
    ok: true,
    value: `tickets are good only if the newest key has signed them; copy tickets.pub to every kiosk; the old ones are in tickets.old.pub, for exports that they signed
`,
  };
}

async function provision(command: Extract<SiteCommand, { command: 'provision' }>): Promise<Done> {
  const folder = fromCaller(command.folder);
  const target = command.to === null ? path.join(folder, 'provisioning') : fromCaller(command.to);
  const made = await writeProvisioning(folder, target, command.kiosk);
  if (!made.ok) return made;
  const lines = made.value.map(({ kiosk, name, file, code }) => `kiosk ${kiosk}  ${name}  ${file}  code ${code}`);
  return {
    ok: true,
    value: `${lines.join('\n')}
bring each file to its kiosk, and its code by another way: whoever has both can be that kiosk
`,
  };
}

async function check(folder: string): Promise<Done> {
  const checked = await checkSite(folder);
  if (!checked.ok) return checked;
  const { problems, bundles } = checked.value;
  if (problems.length > 0) return refused(problems.join('\n'));
  return { ok: true, value: `site in ${folder}: all is well (site.json and ${bundles} ${bundles === 1 ? 'bundle' : 'bundles'})\n` };
}

async function list(folder: string): Promise<Done> {
  const loaded = await loadSite(siteFileIn(folder));
  return loaded.ok ? { ok: true, value: listText(loaded.value) } : loaded;
}

function listText(site: SiteFile): string {
  const lines = [`site ${site.site} (uid ${site.uid}), ${site.place || 'no place given'}, ${site.currency}, ${site.timeZone}`];
  for (const { id, name, host, port } of site.kiosks) {
    lines.push(`kiosk ${id}  ${name}  ${host}:${port}${site.members.includes(id) ? '  founding member' : ''}`);
  }
  for (const { id, name, starts, capacity, categories } of site.events) {
    const prices = categories.map((category) => `${category.id} ${(category.price / CENTS).toFixed(2)}`).join(', ');
    lines.push(`event ${id}  ${name}${starts === undefined ? '' : `  ${starts}`}  ${capacity} tickets: ${prices}`);
  }
  return `${lines.join('\n')}\n`;
}
