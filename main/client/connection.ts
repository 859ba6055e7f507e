import net from 'node:net';
import type { Answer, ProgressAnswer } from '../../shared/answers';
import type { EndpointReply } from '../../shared/endpoint';
import { BUY_TIMEOUT_MS, CHANGE_TIMEOUT_MS, type Request } from '../../shared/requests';
import { LineReader } from './lines';

/** Longest answer that is read, in bytes: `show` with 10,000 full entries stays far below it. */
const REPLY_LINE_MAX = 256 * 1024 * 1024;
/** What the kiosk may take longer than the request's own timeout, before its process counts as silent. */
const GRACE_MS = 3_000;
/** A read is waited for this long. */
const READ_PATIENCE_MS = 15_000;

interface Waiting {
  readonly request: Request;
  readonly resolve: (answer: Answer) => void;
  readonly onProgress: (progress: ProgressAnswer) => void;
  readonly patience: NodeJS.Timeout;
}

/** A client's end of a kiosk's local socket. Requests may overlap; each gets one answer, whatever happens to the kiosk. */
export class Connection {
  private readonly waiting = new Map<number, Waiting>();
  private seq = 0;
  private lost = false;

  private constructor(private readonly socket: net.Socket) {
    const lines = new LineReader(REPLY_LINE_MAX, { onLine: (line) => this.read(line), onTooLong: () => socket.destroy() });
    socket.on('data', (chunk: Buffer) => lines.add(chunk));
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.end());
  }

  /** @throws the system's error if no process listens there */
  static open(address: string): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = net.connect(address);
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.removeListener('error', reject);
        resolve(new Connection(socket));
      });
    });
  }

  get closed(): boolean {
    return this.lost;
  }

  execute(request: Request, onProgress: (progress: ProgressAnswer) => void = () => {}): Promise<Answer> {
    if (!this.socket.writable) return Promise.resolve(refusal(request, 'unreachable', 'the kiosk is gone; this was not sent'));
    this.seq += 1;
    const { seq } = this;
    return new Promise((resolve) => {
      const patience = setTimeout(() => this.settle(seq, silent(request)), patienceMs(request));
      this.waiting.set(seq, { request, resolve, onProgress, patience });
      this.socket.write(`${JSON.stringify({ seq, request })}\n`);
    });
  }

  close(): void {
    this.socket.end();
  }

  private read(line: string): void {
    let reply: EndpointReply;
    try {
      reply = JSON.parse(line) as EndpointReply;
    } catch {
      // Not a kiosk, or one whose process died within the line.
      this.socket.destroy();
      return;
    }
    if ('progress' in reply) this.waiting.get(reply.seq)?.onProgress(reply.progress);
    else this.settle(reply.seq, reply.answer);
  }

  private settle(seq: number, answer: Answer): void {
    const waiting = this.waiting.get(seq);
    if (waiting === undefined) return;
    this.waiting.delete(seq);
    clearTimeout(waiting.patience);
    waiting.resolve(answer);
  }

  private end(): void {
    this.lost = true;
    for (const [seq, { request }] of this.waiting) this.settle(seq, unanswered(request));
  }
}

function patienceMs(request: Request): number {
  if (!changesState(request)) return READ_PATIENCE_MS;
  const given = request.op === 'add_kiosk' || request.op === 'change' ? CHANGE_TIMEOUT_MS : BUY_TIMEOUT_MS;
  return (request.timeoutMs ?? given) + GRACE_MS;
}

/** The connection was lost with the request on its way. */
function unanswered(request: Request): Answer {
  if (request.op === 'exit' || request.op === 'stop') return { ok: true, op: request.op };
  return without(request, 'the kiosk went away before it answered');
}

/** The process is there and says nothing: stopped by a signal, or overloaded. */
function silent(request: Request): Answer {
  return without(request, 'the process of the kiosk does not answer');
}

/** No answer came: for whatever changes state, the truth is not known. */
function without(request: Request, what: string): Answer {
  return changesState(request) ? unknown(request, what) : refusal(request, 'unreachable', what);
}

const CHANGING = [
  'buy',
  'cancel',
  'void',
  'print',
  'confirm',
  'reprint',
  'admit',
  'event',
  'clerk',
  'shift',
  'add_kiosk',
  'change',
] as const;
type ChangingRequest = Extract<Request, { op: (typeof CHANGING)[number] }>;

/** Those that the log answers, under an id. */
export function changesState(request: Request): request is ChangingRequest {
  return (CHANGING as readonly string[]).includes(request.op);
}

function unknown(request: ChangingRequest, what: string): Answer {
  const may = request.op === 'buy' ? 'it may have sold this, or may still' : 'it may have done this, or may still';
  return refusal(request, 'timeout', `${what}: ${may}; ask again, here or at another kiosk, with --id ${request.id ?? 'ID'}`);
}

function refusal(request: Request, reason: 'timeout' | 'unreachable', message: string): Answer {
  return { ok: false, op: request.op, ...('id' in request && request.id !== undefined ? { requestId: request.id } : {}), reason, message };
}
