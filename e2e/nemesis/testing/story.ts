import type { Answer } from '../../../shared/answers';
import type { Evidence } from '../checker';
import { attemptOf, type BuyCall, type CommandCall, type HistoryLine } from '../history';
import { Shop } from './shop';

const STEP_MS = 10;
const WORK_MS = 4;

export interface Where {
  readonly client?: string;
  readonly kiosk?: number;
  /** Whether it takes effect, and whether its client hears of it. */
  readonly end?: 'answered' | 'unheard' | 'lost' | 'not-sent';
  /** A repeat that its kiosk passes on to the log although it knows the answer. */
  readonly throughLog?: boolean;
}

/** A history told step by step, each step taking its time after the one before it. */
export class Story {
  readonly history: HistoryLine[] = [];
  readonly shop = new Shop({ match: 12, final: 3 });
  private now = 0;

  do(call: CommandCall, { client = 'ann', kiosk = 1, end = 'answered', throughLog = false }: Where = {}): Answer {
    const frame = this.frame(client, kiosk);
    const issued = { call, kiosk };
    const happens = end === 'answered' || end === 'unheard';
    const known = throughLog ? null : this.shop.known(issued);
    const answer = happens ? (known ?? this.shop.commit([issued])[0]!) : null;
    const heard: Answer =
      end === 'answered' ? answer! : { ok: false, op: call.op, reason: end === 'not-sent' ? 'no_majority' : 'timeout', message: '' };
    this.history.push(attemptOf(frame, call, heard));
    return heard;
  }

  change(requestId: string, change: 'add' | 'remove', kiosk: number): void {
    const frame = this.frame('ann', 1);
    const answer = this.shop.change(requestId, change, kiosk);
    this.history.push(attemptOf(frame, { op: 'change', requestId, change: `${change} ${kiosk}` }, answer));
  }

  /** @param applied the slot after which the state is shown */
  show(client: string, kiosk: number, confirmed = true, applied = this.shop.applied): void {
    const answer = this.shop.show(applied, confirmed);
    this.history.push({ type: 'attempt', ...this.frame(client, kiosk), call: { op: 'show' }, outcome: { kind: 'ok', answer } });
  }

  evidence(): Evidence {
    return { history: this.history, dumps: this.shop.dumps(), events: this.shop.events };
  }

  private frame(client: string, kiosk: number) {
    this.now += STEP_MS;
    return { client, kiosk, start: this.now, end: this.now + WORK_MS };
  }
}

export function buy(requestId: string, n: number, event = 'match'): BuyCall {
  return { op: 'buy', requestId, items: [{ event, category: 'adult', n }] };
}

export function cancel(requestId: string, target: string): CommandCall {
  return { op: 'cancel', requestId, target };
}

/** Everything that can happen to a request, once: all of it right. */
export function wholeStory(): Story {
  const story = new Story();
  const first = story.do(buy('r1', 2));
  story.do(buy('r2', 3), { client: 'bob', kiosk: 2 });
  const final = story.do(buy('r3', 1, 'final'));
  story.do(cancel('c1', 'r2'), { client: 'bob', kiosk: 2 });
  story.do(buy('r4', 2), { client: 'cid', kiosk: 3 });
  story.show('ann', 1);
  story.show('cid', 3);
  if (first.ok && first.op === 'buy' && final.ok && final.op === 'buy') {
    story.do({ op: 'void', requestId: 'v1', sale: final.sale });
    story.do(buy('r5', 2, 'final'), { client: 'cid', kiosk: 3 });
    story.do(buy('r2', 3), { client: 'bob', kiosk: 3 });
    story.do(buy('r3', 1, 'final'), { kiosk: 2 });
    story.do(buy('r1', 2), { client: 'cid', kiosk: 3, throughLog: true });
    story.do(buy('r6', 2, 'final'));
    story.do(buy('r7', 1), { client: 'bob', kiosk: 2, end: 'unheard' });
    story.do(buy('r8', 1), { end: 'lost' });
    story.do(buy('r9', 1), { end: 'not-sent' });
    story.do(cancel('c3', 'r8'));
    story.do(buy('r8', 1), { client: 'bob', kiosk: 2, throughLog: true });
    const tickets = first.tickets.map((number) => ({ event: 'match', number }));
    story.do({ op: 'print', requestId: 'p1', sale: first.sale, tickets });
    story.do(cancel('c2', 'r1'), { client: 'cid', kiosk: 3 });
    story.do({ op: 'print', requestId: 'p2', sale: first.sale, tickets }, { client: 'cid', kiosk: 3 });
  }
  story.change('m1', 'add', 4);
  story.show('bob', 2, false, 4);
  story.show('ann', 1);
  return story;
}
