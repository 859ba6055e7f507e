import { createInterface } from 'node:readline';
import { HELP_TEXT } from '../../shared/commandLine';
import { dataFolder, demoSiteFile } from '../site/folders';
import { findKiosk, loadSite } from '../site/load';
import { type ClientArguments, readClientArguments } from './arguments';
import { Client, type Place } from './client';
import { Output } from './output';

const BAD_USE = 2;
/** Exit status of a client that found itself wrong. */
const FATAL_STATUS = 70;
/** A prompt reads on when fewer lines than this wait for their answers. */
const IN_FLIGHT_MAX = 1_000;

const USAGE = `npm run client -- <kiosk_id> [--site FILE] [--data DIR] [--json] [command ...]

With no command it is a prompt: one command a line, several may be in flight, end with Ctrl-D.
npm run -s client keeps npm's own lines away. Exit status: 0 ok, 1 refused, 2 bad use, 3 no such kiosk process, 4 not known.

${HELP_TEXT}
`;

async function locate({ kiosk, site, data }: ClientArguments): Promise<Place> {
  if (data !== null) return { ok: true, data };
  const file = site ?? demoSiteFile();
  const loaded = await loadSite(file);
  if (!loaded.ok) return loaded;
  const found = findKiosk(loaded.value, file, kiosk);
  return found.ok ? { ok: true, data: dataFolder(loaded.value.site, kiosk) } : found;
}

/** How the kiosk that these arguments mean is started. */
function startCommand({ kiosk, site, data }: ClientArguments): string {
  return `npm run kiosk -- ${kiosk}${site === null ? '' : ` --site ${site}`}${data === null ? '' : ` --data ${data}`}`;
}

/** Reads commands from standard input until it ends; resolves when all are answered. */
async function prompt(client: Client, kiosk: number): Promise<void> {
  const interactive = process.stdin.isTTY === true;
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: interactive, prompt: `kiosk ${kiosk}> ` });
  const running = new Set<Promise<void>>();
  let line = 0;
  if (interactive) lines.prompt();
  for await (const text of lines) {
    line += 1;
    const run = client.run(line, text).finally(() => {
      running.delete(run);
      if (interactive) lines.prompt();
    });
    running.add(run);
    if (running.size >= IN_FLIGHT_MAX) await Promise.race(running);
  }
  await Promise.all(running);
}

async function run(args: readonly string[]): Promise<number> {
  const parsed = readClientArguments(args);
  if (parsed.kind === 'help' || args.length === 0) {
    process.stderr.write(USAGE);
    return parsed.kind === 'help' ? 0 : BAD_USE;
  }
  if (parsed.kind === 'wrong') {
    process.stderr.write(`${parsed.sentence}; more: npm run client -- --help\n`);
    return BAD_USE;
  }
  const options = parsed.value;
  const client = new Client({
    json: options.json,
    place: await locate(options),
    startCommand: startCommand(options),
    output: new Output(process.stdout),
    note: (text) => process.stderr.write(`${text}\n`),
  });
  if (options.command === null) await prompt(client, options.kiosk);
  else await client.run(1, options.command);
  await client.close();
  return client.exitStatus;
}

/** `npm run client -- ...`. Returns the exit status. */
export async function runClient(args: readonly string[]): Promise<number> {
  // Whoever read the answers has gone: there is nobody left to work for.
  process.stdout.on('error', () => process.exit());
  try {
    return await run(args);
  } catch (error) {
    const { stack, message } = error as Error;
    process.stderr.write(`${stack ?? message}\n`);
    return FATAL_STATUS;
  }
}
