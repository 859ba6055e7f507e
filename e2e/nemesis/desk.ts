import type { KioskId } from '../../shared/ballot';
import type { Request } from '../../shared/requests';
import { type Attempt, attemptOf, type CommandCall, type ShowCall } from './history';
import type { Links } from './links';
import { now, type Recorder } from './recorder';

/** Asks kiosks on behalf of clients, and records what was asked and answered. */
export class Desk {
  /** What no kiosk may answer, whatever happens to it. */
  readonly problems: string[] = [];

  constructor(
    private readonly links: Links,
    private readonly recorder: Recorder,
  ) {}

  async ask(client: string, kiosk: KioskId, call: CommandCall | ShowCall, timeoutMs: number, page: ShowPage = {}): Promise<Attempt> {
    const start = now();
    const answer = await this.links.ask(kiosk, requestOf(call, timeoutMs, page));
    if (!answer.ok && answer.reason === 'bad_request')
      this.problems.push(`kiosk ${kiosk} does not understand ${call.op}: ${answer.message}`);
    const attempt = attemptOf({ client, kiosk, start, end: now() }, call, answer);
    this.recorder.add(attempt);
    return attempt;
  }
}

/** Which part of the log a `show` asks for. */
export interface ShowPage {
  readonly from?: number;
  readonly last?: number;
}

function requestOf(call: CommandCall | ShowCall, timeoutMs: number, page: ShowPage): Request {
  if (call.op === 'show') return { op: 'show', ...page };
  const stated = { id: call.requestId, timeoutMs };
  switch (call.op) {
    case 'buy':
      return { op: 'buy', items: [...call.items], ...stated };
    case 'cancel':
      return { op: 'cancel', target: call.target, ...stated };
    case 'void':
      return { op: 'void', sale: call.sale, reason: 'changed their mind', ...stated };
    case 'print':
      return { op: 'print', sale: call.sale, tickets: [...call.tickets], ...stated };
    case 'change': {
      const [change = '', kiosk] = call.change.split(' ');
      return change === 'add'
        ? { op: 'add_kiosk', kiosk: Number(kiosk), ...stated }
        : { op: 'change', change: change as 'remove' | 'leader', kiosk: Number(kiosk), ...stated };
    }
  }
}
