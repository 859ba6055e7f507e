import { Random } from '../../../main/simulator/random';
import type { Answer } from '../../../shared/answers';
import type { Evidence } from '../checker';
import { attemptOf, type CommandCall, type Frame, type HistoryLine, type ShowCall } from '../history';
import { type Issued, Shop } from './shop';

export interface Crowd {
  readonly clients: number;
  readonly attempts: number;
  readonly capacities: Readonly<Record<string, number>>;
  /** Shares of attempts, from 0 to 1. */
  readonly unknown: number;
  readonly shows: number;
  readonly undoing: number;
  readonly changes: number;
}

const KIOSKS = [1, 2, 3];
const NEWCOMER = 4;
/** Times of the made-up history, in ms. */
const THINK_MS = 4;
const WORK_MS = 12;
/** What nobody waits for may still happen until so long after. */
const LATE_MS = 60;
const REPEATED = 0.25;
const NOT_SENT = 0.04;
const REUSED = 0.02;

interface Waiting {
  readonly issued: Issued;
  answer: Answer | null;
}

/**
 * A history that is right by construction: every command takes effect at one moment between its being asked and its being
 * answered, and one whose answer nobody waits for at any later one, or never.
 */
export function simulate(seed: number, crowd: Crowd): Evidence {
  const simulation = new Simulation(new Random(seed), crowd);
  simulation.run();
  return { history: simulation.history, dumps: simulation.shop.dumps(KIOSKS), events: simulation.shop.events };
}

class Simulation {
  readonly history: HistoryLine[] = [];
  readonly shop: Shop;
  private readonly agenda: { readonly time: number; readonly run: () => void }[] = [];
  private batch: Waiting[] = [];
  private readonly asked: CommandCall[] = [];
  private readonly sold: Extract<Answer, { op: 'buy'; ok: true }>[] = [];
  private counter = 0;
  private left: number;

  constructor(
    private readonly random: Random,
    private readonly crowd: Crowd,
  ) {
    this.shop = new Shop(crowd.capacities);
    this.left = crowd.attempts;
  }

  run(): void {
    for (let client = 0; client < this.crowd.clients; client += 1) this.at(this.random.next(), () => this.next(`c${client}`, 0));
    for (;;) {
      const next = this.agenda.reduce<number>((best, { time }, index) => (time < (this.agenda[best]?.time ?? Infinity) ? index : best), 0);
      const [turn] = this.agenda.splice(next, 1);
      if (turn === undefined) break;
      turn.run();
    }
    this.commit();
  }

  private at(time: number, run: () => void): void {
    this.agenda.push({ time, run });
  }

  private next(client: string, time: number): void {
    if (this.left === 0) return;
    this.left -= 1;
    const { random, crowd } = this;
    const start = time + random.next() * THINK_MS;
    const work = 1 + random.next() * WORK_MS;
    const frame = { client, kiosk: random.pick(KIOSKS), start, end: start + work };
    const within = start + random.next() * work;
    this.at(frame.end, () => this.next(client, frame.end));
    if (random.chance(crowd.shows)) this.show(frame, within);
    else if (random.chance(crowd.changes)) this.change(frame, within);
    else this.command(frame, within);
  }

  private show(frame: Frame, within: number): void {
    const call: ShowCall = { op: 'show' };
    this.at(within, () => {
      const confirmed = this.random.chance(0.8);
      const shown = this.shop.show(confirmed ? this.shop.applied : this.random.int(1, this.shop.applied), confirmed);
      this.history.push({ type: 'attempt', ...frame, call, outcome: { kind: 'ok', answer: shown } });
    });
  }

  /** Kiosk 4 comes and goes. */
  private change(frame: Frame, within: number): void {
    this.counter += 1;
    const requestId = `r${this.counter}`;
    this.at(within, () => {
      this.commit();
      const kind = this.shop.members.includes(NEWCOMER) ? 'remove' : 'add';
      const answer = this.shop.change(requestId, kind, NEWCOMER);
      this.record({ ...frame, kiosk: 1 }, { op: 'change', requestId, change: `${kind} ${NEWCOMER}` }, answer);
    });
  }

  private command(frame: Frame, within: number): void {
    const { random, crowd } = this;
    const call = this.choose();
    this.asked.push(call);
    if (random.chance(NOT_SENT)) {
      this.record(frame, call, { ok: false, op: call.op, reason: 'no_majority', message: '' });
      return;
    }
    const waiting: Waiting = { issued: { call, kiosk: frame.kiosk }, answer: null };
    if (random.chance(crowd.unknown)) {
      if (random.chance(0.5)) this.at(frame.start + random.next() * LATE_MS, () => this.arrive(waiting));
      this.record(frame, call, { ok: false, op: call.op, reason: 'timeout', message: '' });
      return;
    }
    this.at(within, () => this.arrive(waiting));
    this.at(frame.end, () => {
      if (waiting.answer === null) this.commit();
      const answer = waiting.answer!;
      if (answer.ok && answer.op === 'buy') this.sold.push(answer);
      this.record(frame, call, answer);
    });
  }

  private arrive(waiting: Waiting): void {
    const known = this.random.chance(0.5) ? this.shop.known(waiting.issued) : null;
    if (known !== null) waiting.answer = known;
    else this.batch.push(waiting);
    if (this.random.chance(0.6)) this.commit();
    if (this.random.chance(0.05)) this.shop.noOp();
  }

  private commit(): void {
    if (this.batch.length === 0) return;
    const answers = this.shop.commit(this.batch.map(({ issued }) => issued));
    for (const [index, waiting] of this.batch.entries()) waiting.answer = answers[index]!;
    this.batch = [];
  }

  private choose(): CommandCall {
    const { random } = this;
    const earlier = this.asked.length > 0 ? random.pick(this.asked) : null;
    if (earlier !== null && random.chance(REPEATED)) return earlier;
    this.counter += 1;
    const requestId = earlier !== null && random.chance(REUSED) ? earlier.requestId : `r${this.counter}`;
    const sale = this.sold.length > 0 ? random.pick(this.sold) : null;
    const undoing = random.chance(this.crowd.undoing);
    if (undoing && sale !== null && random.chance(0.3)) return { op: 'void', requestId, sale: sale.sale };
    if (undoing && sale !== null && random.chance(0.2)) {
      const tickets = sale.items.flatMap(({ event, tickets: numbers }) => numbers.map((number) => ({ event, number })));
      return { op: 'print', requestId, sale: sale.sale, tickets };
    }
    if (undoing && earlier !== null) return { op: 'cancel', requestId, target: earlier.requestId };
    const events = Object.keys(this.crowd.capacities);
    const lines = random.chance(0.15) ? 2 : 1;
    const items = Array.from({ length: lines }, () => ({ event: random.pick(events), category: 'adult', n: random.int(1, 4) }));
    return { op: 'buy', requestId, items };
  }

  private record(frame: Frame, call: CommandCall, answer: Answer): void {
    this.history.push(attemptOf(frame, call, answer));
  }
}
