import { randomBytes } from 'node:crypto';
import { type Answer, exitStatus, type ProgressAnswer } from '../../shared/answers';
import { changesState, HELP_TEXT, parseLine } from '../../shared/commandLine';
import type { Request, ShowRequest } from '../../shared/requests';
import { answerText, progressText } from '../../shared/text';
import { findEndpoint } from './address';
import { Connection, changesState as needsId } from './connection';
import type { Output } from './output';
import { showText, showWhole } from './show';

const CLIENT_ID_BYTES = 6;
/** How often a status that is watched is looked at. */
const WATCH_MS = 500;

/** Where the kiosk's data is, or why that is not known. */
export type Place = { readonly ok: true; readonly data: string } | { readonly ok: false; readonly sentence: string };

type Opened = { readonly ok: true; readonly connection: Connection } | { readonly ok: false; readonly sentence: string };

export interface ClientOptions {
  readonly json: boolean;
  readonly place: Place;
  /** The command that starts the kiosk. */
  readonly startCommand: string;
  readonly output: Output;
  /** Progress as text, one line at a time. */
  readonly note: (text: string) => void;
}

/** Carries out typed lines at a running kiosk and prints their answers as they come. */
export class Client {
  private status: number = 0;
  private counter = 0;
  private opened: Promise<Opened> | null = null;
  private readonly name = `c-${randomBytes(CLIENT_ID_BYTES).toString('hex')}`;

  constructor(private readonly options: ClientOptions) {}

  /** The highest of all answers. */
  get exitStatus(): number {
    return this.status;
  }

  /** Resolves when the line's last answer is printed. @param line its number, from 1 */
  async run(line: number, text: string): Promise<void> {
    const parsed = parseLine(text);
    if (parsed === null) return;
    if (!parsed.ok) {
      const { op, message, id } = parsed;
      const requestId = changesState(op) ? { requestId: id ?? this.newId() } : {};
      return this.answer(line, { ok: false, op, ...requestId, reason: 'bad_request', message });
    }
    const request = this.named(parsed.request);
    if (request.op === 'help') return this.answer(line, { ok: true, op: 'help', text: HELP_TEXT });
    const opened = await this.connected();
    if (!opened.ok) return this.answer(line, unreachable(request, opened.sentence));
    if (request.op === 'show') return this.show(opened.connection, line, request);
    if (request.op === 'status' && request.watch) return this.watch(line);
    return this.answer(line, await opened.connection.execute(request, (progress) => this.progress(line, progress)));
  }

  /** Tells the status whenever it changed, also that the kiosk is gone and back, until the client is ended. */
  private async watch(line: number): Promise<never> {
    let last = '';
    for (;;) {
      const opened = await this.connected();
      const answer = opened.ok ? await opened.connection.execute({ op: 'status' }) : unreachable({ op: 'status' }, opened.sentence);
      const text = JSON.stringify(answer);
      if (text !== last) await this.answer(line, answer);
      last = text;
      await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
    }
  }

  async close(): Promise<void> {
    const opened = await this.opened;
    if (opened?.ok) opened.connection.close();
  }

  /** The client names its requests itself, so that it can tell the id even when the kiosk dies. */
  private named(request: Request): Request {
    return needsId(request) && request.id === undefined ? { ...request, id: this.newId() } : request;
  }

  private newId(): string {
    this.counter += 1;
    return `${this.name}:${this.counter}`;
  }

  /** One connection for all lines, which are sent in their order; a kiosk that was restarted is found again. */
  private async connected(): Promise<Opened> {
    for (;;) {
      this.opened ??= this.open();
      const tried = this.opened;
      const opened = await tried;
      if (opened.ok && !opened.connection.closed) return opened;
      if (this.opened === tried) this.opened = null;
      if (!opened.ok) return opened;
    }
  }

  private async open(): Promise<Opened> {
    const { place, startCommand } = this.options;
    if (!place.ok) return place;
    try {
      return { ok: true, connection: await Connection.open(await findEndpoint(place.data)) };
    } catch (error) {
      return { ok: false, sentence: whyNot((error as NodeJS.ErrnoException).code, place.data, startCommand) };
    }
  }

  /** As text the state, then the log page by page as it comes. */
  private async show(connection: Connection, line: number, request: ShowRequest): Promise<void> {
    const { json, output } = this.options;
    const ask = (page: ShowRequest) => connection.execute(page);
    if (json) return this.answer(line, await showWhole(ask, request));
    const pages = showText(ask, request);
    let next = await pages.next();
    const release = await output.claim();
    try {
      for (; !next.done; next = await pages.next()) await output.write(next.value);
    } finally {
      release();
    }
    if (next.value !== null) await this.answer(line, next.value);
  }

  private progress(line: number, { ok, ...rest }: ProgressAnswer): void {
    if (this.options.json) void this.options.output.print(JSON.stringify({ ok, line, ...rest }));
    else this.options.note(progressText({ ok, ...rest }));
  }

  private async answer(line: number, answer: Answer): Promise<void> {
    this.status = Math.max(this.status, exitStatus(answer));
    const { ok, ...rest } = answer;
    await this.options.output.print(this.options.json ? JSON.stringify({ ok, line, ...rest }) : answerText(answer));
  }
}

function unreachable(request: Request, message: string): Answer {
  const id = 'id' in request && request.id !== undefined ? { requestId: request.id } : {};
  return { ok: false, op: request.op, ...id, reason: 'unreachable', message };
}

function whyNot(code: string | undefined, data: string, startCommand: string): string {
  if (code === 'EACCES' || code === 'EPERM') return `the kiosk at ${data} was started by another user: only that user can command it`;
  if (code === 'ENOENT' || code === 'ECONNREFUSED') return `no process of this kiosk answers at ${data}; start it with: ${startCommand}`;
  return `the kiosk at ${data} can't be reached (${code ?? 'unknown error'}); start it with: ${startCommand}`;
}
