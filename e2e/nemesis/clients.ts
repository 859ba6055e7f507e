import type { Random } from '../../main/simulator/random';
import type { BuyAnswer } from '../../shared/answers';
import type { KioskId } from '../../shared/ballot';
import type { BuyItem } from '../../shared/values';
import type { Desk } from './desk';
import { type Attempt, type CommandCall, isSettled } from './history';
import { now } from './recorder';

/** A small pool, always nearly sold out and refilled by what is given back, and one that never ends. */
export const CONTESTED = { event: 'match', category: 'adult', capacity: 40, priceCents: 1_200 };
export const ENDLESS = { event: 'final', category: 'adult', capacity: 500_000, priceCents: 0 };

const CLIENTS_PER_KIOSK = 2;
const THINK_MS = [5, 60] as const;
const TIMEOUT_MS = [300, 2_500] as const;
/** Before the same is asked at another kiosk. */
const RETRY_MS = 40;
const TRIES_MAX = 4;
/** Of a request whose end is not known: asked again elsewhere, given up, or forgotten. */
const ASKED_AGAIN = 0.65;
const GIVEN_UP = 0.2;
const TICKETS_MAX = 4;
/** Sales and requests that clients still think of. */
const REMEMBERED = 300;

/** What all clients know of: they see each other's receipts. */
interface Talk {
  readonly sales: BuyAnswer[];
  readonly calls: CommandCall[];
}

/** Clerks and customers at all kiosks until the time is up: buy, cancel, void, claim for the printer, ask again, look. */
export async function crowd(kiosks: readonly KioskId[], desk: Desk, random: Random, until: number): Promise<void> {
  const talk: Talk = { sales: [], calls: [] };
  const clients = kiosks.flatMap((home) =>
    Array.from({ length: CLIENTS_PER_KIOSK }, (_, index) => new Client(`c${home}-${index + 1}`, home, kiosks, desk, random, talk)),
  );
  await Promise.all(clients.map((client) => client.run(until)));
}

class Client {
  private counter = 0;

  constructor(
    private readonly name: string,
    private readonly home: KioskId,
    private readonly kiosks: readonly KioskId[],
    private readonly desk: Desk,
    private readonly random: Random,
    private readonly talk: Talk,
  ) {}

  async run(until: number): Promise<void> {
    while (now() < until) {
      await this.once();
      await pause(this.random.int(...THINK_MS));
    }
  }

  private async once(): Promise<void> {
    const { random, talk } = this;
    if (random.chance(0.2)) {
      await this.desk.ask(this.name, this.home, { op: 'show' }, 0, { last: random.int(1, 5) });
      return;
    }
    const call = this.choose();
    remember(talk.calls, call);
    const attempt = await this.until(call);
    if (attempt.outcome.kind !== 'unknown') return;
    // Whoever gives up on a buy says so; it may be too late (rule 10).
    if (random.chance(GIVEN_UP)) await this.until({ op: 'cancel', requestId: this.newId(), target: call.requestId });
  }

  /** Asks until the end is known, here and elsewhere, or until the client no longer cares. */
  private async until(call: CommandCall): Promise<Attempt> {
    const { random } = this;
    let attempt = await this.ask(this.home, call);
    for (let tries = 1; tries < TRIES_MAX && !isSettled(attempt); tries += 1) {
      if (!random.chance(ASKED_AGAIN)) break;
      await pause(RETRY_MS);
      attempt = await this.ask(random.pick(this.kiosks), call);
    }
    return attempt;
  }

  private async ask(kiosk: KioskId, call: CommandCall): Promise<Attempt> {
    const attempt = await this.desk.ask(this.name, kiosk, call, this.random.int(...TIMEOUT_MS));
    if (attempt.call.op === 'buy' && attempt.outcome.kind === 'ok') remember(this.talk.sales, attempt.outcome.answer as BuyAnswer);
    return attempt;
  }

  private choose(): CommandCall {
    const { random, talk } = this;
    const requestId = this.newId();
    const sale = talk.sales.length > 0 ? random.pick(talk.sales) : null;
    const earlier = talk.calls.length > 0 ? random.pick(talk.calls) : null;
    const drawn = random.next();
    if (drawn < 0.1 && earlier !== null) return earlier;
    if (drawn < 0.27 && earlier !== null) return { op: 'cancel', requestId, target: earlier.requestId };
    if (drawn < 0.37 && sale !== null) return { op: 'void', requestId, sale: sale.sale };
    if (drawn < 0.42 && sale !== null) {
      const tickets = sale.items.flatMap(({ event, tickets: numbers }) => numbers.map((number) => ({ event, number })));
      return { op: 'print', requestId, sale: sale.sale, tickets };
    }
    // An id of another request, by mistake: refused, or sold in its place.
    const reused = drawn > 0.99 && earlier !== null;
    return { op: 'buy', requestId: reused ? earlier.requestId : requestId, items: this.basket() };
  }

  private basket(): readonly BuyItem[] {
    const { random } = this;
    const line = ({ event, category }: { readonly event: string; readonly category: string }): BuyItem => ({
      event,
      category,
      n: random.int(1, TICKETS_MAX),
    });
    const drawn = random.next();
    if (drawn < 0.1) return [line(CONTESTED), line(ENDLESS)];
    return [line(drawn < 0.55 ? CONTESTED : ENDLESS)];
  }

  private newId(): string {
    this.counter += 1;
    return `${this.name}:${this.counter}`;
  }
}

function remember<T>(list: T[], item: T): void {
  list.push(item);
  if (list.length > REMEMBERED) list.shift();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
