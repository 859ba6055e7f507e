import type { KioskId } from '../../shared/ballot';
import type { Message } from '../../shared/messages';
import type { History } from './history';
import { HISTORY_RETRY_MS } from './timing';

export interface HistorianPorts {
  readonly now: () => number;
  readonly send: (to: KioskId, message: Message) => void;
  /** A peer that is linked and has the whole history; null for none. */
  readonly source: () => KioskId | null;
  /** The history here begins with this slot now. */
  readonly onFirstSlot: (slot: number) => void;
  /** History that came could not be written. */
  readonly onFault: (error: Error) => void;
  readonly log: (line: string) => void;
}

/**
 * Fetches, in the background, the history that this kiosk lacks below a snapshot or a damaged page, and gives
 * others what they lack (rule 12). One page at a time each way: sales come first.
 */
export class Historian {
  private asked: { readonly kiosk: KioskId; readonly to: number; readonly at: number } | null = null;
  private giving = false;
  private toldSlot = 0;

  constructor(
    private readonly history: History,
    private readonly ports: HistorianPorts,
  ) {}

  /** To be called every now and then. */
  review(): void {
    this.tell();
    const { asked } = this;
    if (asked !== null && this.ports.now() - asked.at < HISTORY_RETRY_MS) return;
    this.ask();
  }

  /** @returns whether the message was history's business */
  onMessage(from: KioskId, message: Message): boolean {
    if (message.t === 'history-request') {
      void this.give(from, message.to);
      return true;
    }
    if (message.t !== 'history-page') return false;
    if (this.asked?.kiosk === from && this.asked.to === message.to) void this.take(message);
    return true;
  }

  private ask(): void {
    const request = this.history.wanted();
    const kiosk = request === null ? null : this.ports.source();
    if (request === null || kiosk === null) {
      this.asked = null;
      return;
    }
    this.asked = { kiosk, to: request.to, at: this.ports.now() };
    this.ports.send(kiosk, request);
  }

  private async give(to: KioskId, slot: number): Promise<void> {
    if (this.giving) return;
    this.giving = true;
    try {
      const page = await this.history.page(slot);
      if (page !== null) this.ports.send(to, page);
    } catch (error) {
      // Whoever asked asks again, or another kiosk; this one loses no vote by it.
      this.ports.log(`history up to slot ${slot} can not be read for kiosk ${to}: ${(error as Error).message}`);
    } finally {
      this.giving = false;
    }
  }

  private async take(message: Extract<Message, { t: 'history-page' }>): Promise<void> {
    try {
      if (!(await this.history.take(message))) return;
    } catch (error) {
      this.ports.onFault(error as Error);
      return;
    }
    this.asked = null;
    this.tell();
    this.ask();
  }

  private tell(): void {
    const { firstSlot } = this.history;
    if (firstSlot === this.toldSlot) return;
    this.toldSlot = firstSlot;
    this.ports.onFirstSlot(firstSlot);
  }
}
