import net from 'node:net';
import type { Answer, ProgressAnswer } from '../../shared/answers';
import type { EndpointReply } from '../../shared/endpoint';
import type { Request } from '../../shared/requests';

interface Waiting {
  readonly request: Request;
  readonly resolve: (answer: Answer) => void;
  readonly onProgress: (progress: ProgressAnswer) => void;
}

/** A client's end of a kiosk's local socket. Requests may overlap; each gets one answer, whatever happens to the kiosk. */
export class Connection {
  private readonly waiting = new Map<number, Waiting>();
  private seq = 0;
  private rest = '';
  private lost = false;

  private constructor(private readonly socket: net.Socket) {
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => this.read(text));
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
    if (this.lost) return Promise.resolve(gone(request));
    this.seq += 1;
    const { seq } = this;
    return new Promise((resolve) => {
      this.waiting.set(seq, { request, resolve, onProgress });
      this.socket.write(`${JSON.stringify({ seq, request })}\n`);
    });
  }

  close(): void {
    this.socket.end();
  }

  private read(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop() ?? '';
    for (const line of lines) {
      const reply = JSON.parse(line) as EndpointReply;
      const waiting = this.waiting.get(reply.seq);
      if (waiting === undefined) continue;
      if ('progress' in reply) waiting.onProgress(reply.progress);
      else {
        this.waiting.delete(reply.seq);
        waiting.resolve(reply.answer);
      }
    }
  }

  private end(): void {
    this.lost = true;
    for (const { request, resolve } of this.waiting.values()) resolve(unanswered(request));
    this.waiting.clear();
  }
}

/** The connection was lost with the request on its way: for whatever changes state, the truth is not known. */
function unanswered(request: Request): Answer {
  if (request.op === 'exit' || request.op === 'stop') return { ok: true, op: request.op };
  if (request.op === 'buy' || request.op === 'add_kiosk' || request.op === 'change') {
    return {
      ok: false,
      op: request.op,
      ...(request.id === undefined ? {} : { requestId: request.id }),
      reason: 'timeout',
      message: `the kiosk went away before it answered; this may have been carried out: ask again, here or at another kiosk, with --id ${request.id ?? 'ID'}`,
    };
  }
  return gone(request);
}

function gone(request: Request): Answer {
  const id = 'id' in request && request.id !== undefined ? { requestId: request.id } : {};
  return { ok: false, op: request.op, ...id, reason: 'unreachable', message: 'the kiosk is gone; this was not sent' };
}
