import { EventEmitter, once } from 'node:events';
import type { Answer, LogEntryView, ProgressAnswer, ShowAnswer } from '../../../shared/answers';
import { HELP_TEXT } from '../../../shared/commandLine';
import { type Request, SHOW_ENTRIES_MAX } from '../../../shared/requests';
import type { KioskService } from '../../../shared/service';

type Handler = (request: Request, onProgress: (progress: ProgressAnswer) => void) => Promise<Answer> | Answer;

/** A kiosk's service whose answers the test gives; it keeps what it was asked. */
export class FakeService implements KioskService {
  readonly asked: Request[] = [];
  private readonly arrivals = new EventEmitter<{ asked: [] }>();

  constructor(private readonly handler: Handler) {}

  async execute(request: Request, onProgress: (progress: ProgressAnswer) => void = () => {}): Promise<Answer> {
    this.asked.push(request);
    this.arrivals.emit('asked');
    return this.handler(request, onProgress);
  }

  /** Resolves when so many requests have come. */
  async came(count: number): Promise<void> {
    while (this.asked.length < count) await once(this.arrivals, 'asked');
  }

  view(): never {
    throw new Error('no client asks for the view');
  }
  subscribe(): never {
    throw new Error('no client subscribes');
  }
  log(): never {
    throw new Error('no client asks for the log but by show');
  }
  sale(): null {
    return null;
  }
}

/** A committed sale of one ticket. */
export function sold(request: Request, ticket = 1): Answer {
  const requestId = request.op === 'buy' ? (request.id ?? '') : '';
  return {
    ok: true,
    op: 'buy',
    requestId,
    sale: `${ticket + 1}.1`,
    event: 'match',
    tickets: [ticket],
    items: [{ event: 'match', category: 'adult', n: 1, tickets: [ticket] }],
    total: 1_200,
    payment: { kind: 'cash', given: 1_200, change: 0 },
    shift: null,
    remaining: 100 - ticket,
    slot: ticket + 1,
  };
}

/** What a kiosk with `applied` entries shows: the founding, then one sale a slot. */
export function shown(request: Extract<Request, { op: 'show' }>, applied: number): ShowAnswer {
  const limit = request.last ?? SHOW_ENTRIES_MAX;
  const from = Math.max(1, request.from ?? applied - limit + 1);
  const log: LogEntryView[] = [];
  for (let slot = from; slot <= Math.min(applied, from + limit - 1); slot += 1) log.push(entry(slot));
  return {
    ok: true,
    op: 'show',
    confirmed: true,
    state: {
      events: [
        {
          id: 'match',
          name: 'Match',
          capacity: 100_000,
          categories: [{ id: 'adult', name: 'Adult', price: 1_200 }],
          sold: applied - 1,
          remaining: 100_001 - applied,
          open: true,
        },
      ],
      members: [1, 2, 3],
      leader: 2,
      applied,
      hash: 'abc',
    },
    log,
    firstSlot: 1,
    ...(from + limit <= applied ? { nextSlot: from + limit } : {}),
  };
}

function entry(slot: number): LogEntryView {
  if (slot === 1)
    return { slot, ballot: '1.0.2', kind: 'founding', commands: [], members: [1, 2, 3], events: [{ id: 'match', capacity: 100_000 }] };
  const items = [{ event: 'match', category: 'adult', n: 1 }];
  const result = { ok: true, sale: `${slot}.1`, tickets: [slot - 1] };
  return {
    slot,
    ballot: '1.0.2',
    kind: 'batch',
    commands: [{ requestId: `r${slot}`, kiosk: 1, op: 'buy', n: 1, event: 'match', items, clerk: 'operator', at: 0, result }],
  };
}

/** Answers every command at once, with `applied` entries in its log. */
export function obliging(applied = 3): FakeService {
  return new FakeService((request) => {
    switch (request.op) {
      case 'buy':
        return sold(request);
      case 'show':
        return shown(request, applied);
      case 'help':
        return { ok: true, op: 'help', text: HELP_TEXT };
      case 'stop':
      case 'exit':
        return { ok: true, op: request.op };
      case 'add_kiosk':
      case 'change':
        return { ok: true, op: request.op, requestId: request.id ?? '', kiosk: request.kiosk, members: [1, 2, 3] };
      case 'cancel':
        return {
          ok: true,
          op: 'cancel',
          requestId: request.id ?? '',
          target: request.target,
          sale: null,
          tickets: [],
          items: [],
          slot: applied,
        };
      case 'void':
        return {
          ok: true,
          op: 'void',
          requestId: request.id ?? '',
          sale: request.sale,
          tickets: [1],
          items: [],
          total: 1_200,
          payment: 'cash',
          slot: applied,
        };
      case 'print':
        return { ok: true, op: 'print', requestId: request.id ?? '', sale: request.sale, copies: [0], slot: applied };
      case 'confirm':
        return { ok: true, op: 'confirm', requestId: request.id ?? '', sale: request.sale, slot: applied };
      case 'reprint':
        return { ok: true, op: 'reprint', requestId: request.id ?? '', sale: request.sale, copies: [1] };
      case 'admit':
        return { ok: true, op: 'admit', requestId: request.id ?? '', sale: '2.1', event: 'match', number: 1, slot: applied };
      case 'verify':
        return { ok: true, op: 'verify', sale: '2.1', event: 'match', number: 1, checked: 'log' };
      case 'event':
        return { ok: true, op: 'event', requestId: request.id ?? '', event: 'match', slot: applied };
      case 'clerk':
        return { ok: true, op: 'clerk', requestId: request.id ?? '', clerk: request.action.target, slot: applied };
      case 'shift':
        return { ok: true, op: 'shift', requestId: request.id ?? '', shift: 1, expected: 0, slot: applied };
      case 'recover':
        return { ok: true, op: 'recover', generation: 2 };
      case 'status':
        return {
          ok: true,
          op: 'status',
          kiosk: 1,
          incarnation: 'incarnation1',
          role: 'leader',
          leader: 1,
          ballot: '1.0.1',
          applied,
          committed: applied,
          members: [1],
          connected: [],
          majority: true,
          pid: 1,
          runtime: 'node',
          version: '0.0.0',
          problem: null,
          notSelling: null,
        };
    }
  });
}
