import { type KioskId, kioskIdSchema } from '../../shared/ballot';
import { numeral, quoted } from '../../shared/typing';
import { fromCaller } from '../site/folders';

export interface ClientArguments {
  readonly kiosk: KioskId;
  /** Path of site.json; null for the demo site. */
  readonly site: string | null;
  /** Data folder of the kiosk; null for the default one. */
  readonly data: string | null;
  readonly json: boolean;
  /** A single command; null for a prompt. */
  readonly command: string | null;
}

export type ClientArgumentsResult =
  | { readonly kind: 'run'; readonly value: ClientArguments }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly sentence: string };

/** Reads the client's own arguments, which stand before the command; `--json` may stand anywhere. */
export function readClientArguments(args: readonly string[]): ClientArgumentsResult {
  const paths = new Map<string, string>();
  let json = false;
  let kiosk: KioskId | null = null;
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index]!;
    const [option = '', inline] = word.split(/=(.*)/s);
    if (word === '--help' || word === '-h') return { kind: 'help' };
    if (word === '--json') json = true;
    else if (option === '--site' || option === '--data') {
      if (inline === undefined) index += 1;
      const value = inline ?? args[index];
      if (value === undefined || value === '') return wrong(`${option} needs a value`);
      paths.set(option, fromCaller(value));
    } else if (word.startsWith('--')) return wrong(`there is no option ${quoted(option)} here; options: --site FILE --data DIR --json`);
    else if (kiosk === null) {
      const parsed = kioskIdSchema.safeParse(numeral(word));
      if (!parsed.success) return wrong(`a kiosk id is a whole number from 1 to 255, not ${quoted(word)}`);
      kiosk = parsed.data;
    } else {
      const rest = args.slice(index);
      const command = rest.filter((other) => other !== '--json');
      if (command.join('').trim() === '') return wrong('the command is empty; leave it out for a prompt, or try help');
      return run(kiosk, paths, json || command.length < rest.length, command.join(' '));
    }
  }
  return kiosk === null ? wrong('name the kiosk: npm run client -- <kiosk_id>') : run(kiosk, paths, json, null);
}

function run(kiosk: KioskId, paths: ReadonlyMap<string, string>, json: boolean, command: string | null): ClientArgumentsResult {
  return { kind: 'run', value: { kiosk, site: paths.get('--site') ?? null, data: paths.get('--data') ?? null, json, command } };
}

function wrong(sentence: string): ClientArgumentsResult {
  return { kind: 'wrong', sentence };
}
