import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { type Answer, exitStatus, type ProgressAnswer, type ShowAnswer } from '../../shared/answers';
import { kioskIdSchema } from '../../shared/ballot';
import { HELP_TEXT, parseLine } from '../../shared/commandLine';
import type { Request, ShowRequest } from '../../shared/requests';
import { answerText, entryLine, progressText, stateLine } from '../../shared/text';
import { dataFolder, demoSiteFile, fromCaller } from '../site/folders';
import { loadSite } from '../site/load';
import { findEndpoint } from './address';
import { Connection } from './connection';

const BAD_USE = 2;
const UNREACHABLE = 3;
/** `show` as text is read from the kiosk in pages of this many entries, and never held whole. */
const SHOW_PAGE = 1_000;
const CLIENT_ID_BYTES = 6;

const USAGE = `npm run client -- <kiosk_id> [--site FILE] [--data DIR] [--json] [command ...]

With no command it is a prompt. npm run -s keeps npm's own lines away.

${HELP_TEXT}
`;

interface Arguments {
  readonly kiosk: number;
  readonly site: string | null;
  readonly data: string | null;
  readonly json: boolean;
  readonly command: string | null;
}

/** Own options stand before the command; whatever follows its first word is the command's. */
function readArguments(args: readonly string[]): Arguments | string {
  let site: string | null = null;
  let data: string | null = null;
  let json = false;
  let kiosk: number | null = null;
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index]!;
    if (word === '--json') json = true;
    else if (word === '--site' || word === '--data') {
      const value = args[index + 1];
      if (value === undefined) return `${word} needs a value`;
      if (word === '--site') site = fromCaller(value);
      else data = fromCaller(value);
      index += 1;
    } else if (kiosk === null) {
      const parsed = kioskIdSchema.safeParse(/^\d+$/.test(word) ? Number(word) : Number.NaN);
      if (!parsed.success) return `a kiosk id is a whole number from 1 to 255, not "${word}"`;
      kiosk = parsed.data;
    } else {
      const command = args.slice(index).filter((other) => other !== '--json');
      return { kiosk, site, data, json: json || command.length < args.length - index, command: command.join(' ') };
    }
  }
  return kiosk === null ? 'name the kiosk: npm run client -- <kiosk_id>' : { kiosk, site, data, json, command: null };
}

class Client {
  private status = 0;
  private counter = 0;
  private readonly name = `c-${randomBytes(CLIENT_ID_BYTES).toString('hex')}`;

  constructor(
    private readonly options: Arguments,
    private readonly data: string,
    private connection: Connection | null,
  ) {}

  get exitStatus(): number {
    return this.status;
  }

  async run(line: number, text: string): Promise<void> {
    const parsed = parseLine(text);
    if (parsed === null) return;
    if (!parsed.ok) {
      const changes = ['buy', 'add_kiosk', 'change'].includes(parsed.op);
      this.answer(line, {
        ok: false,
        op: parsed.op,
        ...(changes ? { requestId: this.newId() } : {}),
        reason: 'bad_request',
        message: parsed.message,
      });
      return;
    }
    const request = this.named(parsed.request);
    if (request.op === 'help') {
      this.answer(line, { ok: true, op: 'help', text: HELP_TEXT });
      return;
    }
    const connection = await this.connected();
    if (connection === null) this.answer(line, this.unreachable(request));
    else if (request.op === 'show' && !this.options.json) await this.show(connection, line, request);
    else this.answer(line, await connection.execute(request, (progress) => this.progress(line, progress)));
  }

  close(): void {
    this.connection?.close();
  }

  /** The client names its requests itself, so that it can tell the id even when the kiosk dies. */
  private named(request: Request): Request {
    if ((request.op === 'buy' || request.op === 'add_kiosk' || request.op === 'change') && request.id === undefined)
      return { ...request, id: this.newId() };
    return request;
  }

  private newId(): string {
    this.counter += 1;
    return `${this.name}:${this.counter}`;
  }

  /** A kiosk that was restarted is found again. */
  private async connected(): Promise<Connection | null> {
    if (this.connection !== null && !this.connection.closed) return this.connection;
    this.connection = await connect(this.data);
    return this.connection;
  }

  private unreachable(request: Request): Answer {
    const { kiosk, site } = this.options;
    return {
      ok: false,
      op: request.op,
      ...('id' in request && request.id !== undefined ? { requestId: request.id } : {}),
      reason: 'unreachable',
      message: `no process of kiosk ${kiosk} answers at ${this.data}; start it with: npm run kiosk -- ${kiosk}${site === null ? '' : ` --site ${site}`}`,
    };
  }

  /** The state, then the log page by page as it comes. */
  private async show(connection: Connection, line: number, request: ShowRequest): Promise<void> {
    const from = request.last === undefined ? (request.from ?? 1) : request.from;
    let page: Request = { ...request, ...(from === undefined ? {} : { from }), last: request.last ?? SHOW_PAGE };
    for (let first = true; ; first = false) {
      const answer: Answer = await connection.execute(page);
      if (!answer.ok || answer.op !== 'show') {
        this.answer(line, answer);
        return;
      }
      const shown: ShowAnswer = answer;
      process.stdout.write([...(first ? [stateLine(shown)] : []), ...shown.log.map(entryLine)].map((text) => `${text}\n`).join(''));
      if (request.last !== undefined || shown.nextSlot === undefined) return;
      page = { ...request, from: shown.nextSlot, last: SHOW_PAGE };
    }
  }

  private progress(line: number, progress: ProgressAnswer): void {
    if (this.options.json) process.stdout.write(`${JSON.stringify({ ...progress, line })}\n`);
    else process.stderr.write(`${progressText(progress)}\n`);
  }

  private answer(line: number, answer: Answer): void {
    this.status = Math.max(this.status, exitStatus(answer));
    const { ok, ...rest } = answer;
    if (this.options.json) process.stdout.write(`${JSON.stringify({ ok, line, ...rest })}\n`);
    else process.stdout.write(`${answerText(answer)}\n`);
  }
}

async function connect(data: string): Promise<Connection | null> {
  try {
    return await Connection.open(await findEndpoint(data));
  } catch {
    return null;
  }
}

async function locate(options: Arguments): Promise<{ ok: true; data: string } | { ok: false; sentence: string }> {
  if (options.data !== null) return { ok: true, data: options.data };
  const site = await loadSite(options.site ?? demoSiteFile());
  if (!site.ok) return site;
  return { ok: true, data: dataFolder(site.value.site, options.kiosk) };
}

async function prompt(client: Client, kiosk: number): Promise<void> {
  const interactive = process.stdin.isTTY === true;
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: interactive, prompt: `kiosk ${kiosk}> ` });
  const running: Promise<void>[] = [];
  let line = 0;
  if (interactive) lines.prompt();
  for await (const text of lines) {
    line += 1;
    running.push(client.run(line, text).finally(() => interactive && lines.prompt()));
  }
  await Promise.all(running);
}

async function main(): Promise<number> {
  const args = process.argv.slice(2);
  if (args[0] === '--help' || args[0] === '-h' || args.length === 0) {
    process.stderr.write(USAGE);
    return args.length === 0 ? BAD_USE : 0;
  }
  const options = readArguments(args);
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n`);
    return BAD_USE;
  }
  const place = await locate(options);
  if (!place.ok) {
    process.stderr.write(`${place.sentence}\n`);
    return UNREACHABLE;
  }
  const client = new Client(options, place.data, await connect(place.data));
  if (options.command === null) await prompt(client, options.kiosk);
  else await client.run(1, options.command);
  client.close();
  return client.exitStatus;
}

process.stdout.on('error', () => process.exit());
main().then(
  (status) => {
    process.exitCode = status;
  },
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = UNREACHABLE;
  },
);
