import { type ParseArgsConfig, parseArgs } from 'node:util';
import { type KioskId, kioskIdSchema } from '../../shared/ballot';
import { MAX_CAPACITY, MAX_PRICE_CENTS } from '../../shared/constants';
import { describeIssue, type EventSpec, eventSchema, hostSchema, siteIdSchema } from '../../shared/site';

import { AUTHORITY_DAYS } from './authority';

export const SITE_HELP = `npm run site -- <command> <folder> [options]

  create <folder> --site ID [--kiosks 5] [--members 3] [--host 127.0.0.1] [--base-port 7401]
         [--event ID=CAPACITY[:PRICE_CENTS]] ... [--from SITE_FILE]
                    make a site: site.json, its certificate authority, its key for signing
                    tickets and a bundle per kiosk; a site that was made before tickets
                    were signed gets that key, and nothing else of it is changed;
                    without --event it has one event, demo=100:1200;
                    --from takes id, place, currency, time zone, events, and the number, names
                    and members of the kiosks from another site file; other options go before it
  add <folder> --kiosk ID [--host H] [--port P]
                    put another kiosk into site.json and make its bundle
  renew <folder> [--kiosk ID] [--days 800]
                    make new keys and certificates, for all kiosks or one; copy each kiosk's new
                    bundle to it, and it takes it without a restart
  revoke <folder> --kiosk ID
                    put the kiosk's certificate on site.json's list of those that nobody links with;
                    copy site.json to every kiosk
  rotate <folder>   make a new key for signing tickets; tickets signed with the old ones stay good. Copy
                    tickets.pub to every kiosk first, then each one's bundle; no restart
  drop-old-keys <folder>
                    tickets signed with the old keys are not good any more: when none is to come
                    to a gate again; copy tickets.pub to every kiosk
  provision <folder> [--kiosk ID] [--to DIR]
                    make a provisioning file for each kiosk, or one: site.json and the kiosk's own
                    bundle, encrypted; the code that opens each is printed here and nowhere else;
                    into <folder>/provisioning, or DIR
  check <folder>    check site.json and the bundles
  list <folder>     kiosks and events

An installed kiosk gets site.json and its own bundle (certificates/kiosk-N) alone; the folder
"authority" stays with the operator: who has its key can make a kiosk of this site.
`;

const KIOSKS_MAX = 255;
const MEMBERS_MAX = 9;
const PORT_MAX = 65_535;

export type SiteCommand =
  | { readonly command: 'help' }
  | {
      readonly command: 'create';
      readonly folder: string;
      /** Null: not said. */
      readonly site: string | null;
      readonly kiosks: number | null;
      readonly members: number | null;
      readonly host: string | null;
      readonly basePort: number | null;
      readonly events: readonly EventSpec[];
      readonly from: string | null;
    }
  | {
      readonly command: 'add';
      readonly folder: string;
      readonly kiosk: KioskId;
      readonly host: string | null;
      readonly port: number | null;
    }
  | {
      readonly command: 'renew';
      readonly folder: string;
      /** Null: all. */
      readonly kiosk: KioskId | null;
      readonly days: number | null;
    }
  | { readonly command: 'revoke'; readonly folder: string; readonly kiosk: KioskId }
  | {
      readonly command: 'provision';
      readonly folder: string;
      /** Null: all. */
      readonly kiosk: KioskId | null;
      readonly to: string | null;
    }
  | { readonly command: 'rotate' | 'drop-old-keys' | 'check' | 'list'; readonly folder: string };

export type SiteArguments = { readonly ok: true; readonly value: SiteCommand } | { readonly ok: false; readonly sentence: string };

const OPTIONS = {
  create: ['site', 'kiosks', 'members', 'host', 'base-port', 'event', 'from'],
  add: ['kiosk', 'host', 'port'],
  renew: ['kiosk', 'days'],
  revoke: ['kiosk'],
  rotate: [],
  'drop-old-keys': [],
  provision: ['kiosk', 'to'],
  check: [],
  list: [],
} as const;

class BadUse extends Error {}

/** Reads the words after `npm run site --`. A refusal names the word that is wrong. */
export function readSiteArguments(args: readonly string[]): SiteArguments {
  try {
    return { ok: true, value: read(args) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') return { ok: false, sentence: `${/--[a-z-]+/.exec(message)?.[0]} needs a value` };
    // parseArgs adds advice on dashes, which is not ours to give.
    if (code?.startsWith('ERR_PARSE_ARGS')) return { ok: false, sentence: message.split(/[.\n]/)[0] ?? message };
    if (error instanceof BadUse) return { ok: false, sentence: message };
    throw error;
  }
}

function read(args: readonly string[]): SiteCommand {
  const [command, ...rest] = args;
  if (command === undefined || command === 'help' || args.includes('--help') || args.includes('-h')) return { command: 'help' };
  if (!isCommand(command))
    throw new BadUse(`there is no command "${command}": say create, add, renew, revoke, rotate, drop-old-keys, provision, check or list`);
  const { folder, text, texts } = options(command, rest);
  switch (command) {
    case 'create': {
      const kiosks = whole(text('kiosks'), '--kiosks', KIOSKS_MAX);
      return {
        command,
        folder,
        site: siteId(text('site')),
        kiosks,
        members: whole(text('members'), '--members', Math.min(MEMBERS_MAX, kiosks ?? MEMBERS_MAX)),
        host: host(text('host')),
        basePort: whole(text('base-port'), '--base-port', PORT_MAX),
        events: distinct(texts('event').map(eventOf)),
        from: text('from'),
      };
    }
    case 'add': {
      return {
        command,
        folder,
        kiosk: kioskId(text('kiosk')),
        host: host(text('host')),
        port: whole(text('port'), '--port', PORT_MAX),
      };
    }
    case 'renew': {
      const one = text('kiosk');
      return { command, folder, kiosk: one === null ? null : kioskId(one), days: whole(text('days'), '--days', AUTHORITY_DAYS) };
    }
    case 'revoke':
      return { command, folder, kiosk: kioskId(text('kiosk')) };
    case 'provision': {
      const one = text('kiosk');
      return { command, folder, kiosk: one === null ? null : kioskId(one), to: text('to') };
    }
    case 'rotate':
    case 'drop-old-keys':
    case 'check':
    case 'list':
      return { command, folder };
  }
}

function isCommand(word: string): word is keyof typeof OPTIONS {
  return Object.hasOwn(OPTIONS, word);
}

interface Options {
  readonly folder: string;
  /** An option's last value; null if it was not said. */
  readonly text: (name: string) => string | null;
  readonly texts: (name: string) => readonly string[];
}

function options(command: keyof typeof OPTIONS, args: readonly string[]): Options {
  const known: NonNullable<ParseArgsConfig['options']> = {};
  for (const name of OPTIONS[command]) known[name] = { type: 'string', multiple: true };
  const { values, positionals } = parseArgs({ args: [...args], options: known, allowPositionals: true });
  const [folder, ...more] = positionals;
  if (folder === undefined || folder === '') throw new BadUse(`name the site's folder: npm run site -- ${command} <folder>`);
  if (more.length > 0) throw new BadUse(`${command} takes one folder; what is "${more.join(' ')}"?`);
  const texts = (name: string) => (Array.isArray(values[name]) ? values[name].map(String) : []);
  return { folder, texts, text: (name) => texts(name).at(-1) ?? null };
}

/** Digits only: "1e3", "1.5" and "" are no whole numbers here. */
function numeral(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
}

function whole(text: string | null, option: string, max: number): number | null {
  if (text === null) return null;
  const value = numeral(text);
  if (Number.isNaN(value) || value < 1 || value > max) throw new BadUse(`${option} is a whole number from 1 to ${max}, not "${text}"`);
  return value;
}

function kioskId(text: string | null): KioskId {
  const kiosk = kioskIdSchema.safeParse(numeral(text ?? ''));
  if (!kiosk.success) throw new BadUse(`say which kiosk: --kiosk ID, a whole number from 1 to ${KIOSKS_MAX}`);
  return kiosk.data;
}

function host(text: string | null): string | null {
  if (text !== null && !hostSchema.safeParse(text).success) throw new BadUse(`--host is a host name or an IP address, not "${text}"`);
  return text;
}

function siteId(text: string | null): string | null {
  if (text !== null && !siteIdSchema.safeParse(text).success)
    throw new BadUse(`--site is 1 to 64 of A-Z a-z 0-9 . _ - and begins with a letter or digit; "${text}" does not`);
  return text;
}

/** ID=CAPACITY[:PRICE_CENTS] as an event with one category. */
export function eventOf(text: string): EventSpec {
  const [, id = '', capacity = '', price = '0'] = /^([^=]*)=(\d{1,9})(?::(\d{1,9}))?$/.exec(text) ?? [];
  const event = eventSchema.safeParse({
    id,
    name: id,
    capacity: Number(capacity),
    categories: [{ id: 'adult', name: 'Adult', price: Number(price) }],
  });
  if (event.success) return event.data;
  if (capacity === '') throw new BadUse(`--event is ID=CAPACITY or ID=CAPACITY:PRICE_CENTS, for example match=100:1200, not "${text}"`);
  const [issue] = event.error.issues;
  const place = issue?.path[0];
  if (place === 'capacity') throw new BadUse(`--event ${text}: the capacity is a whole number from 1 to ${MAX_CAPACITY}`);
  if (place === 'categories') throw new BadUse(`--event ${text}: the price is a whole number of cents from 0 to ${MAX_PRICE_CENTS}`);
  throw new BadUse(`--event ${text}: ${issue === undefined ? 'is not right' : describeIssue(issue)}`);
}

function distinct(events: readonly EventSpec[]): readonly EventSpec[] {
  const ids = events.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new BadUse(`--event ${twice} stands there twice`);
  return events;
}
