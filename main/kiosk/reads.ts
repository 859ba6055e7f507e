import { randomBytes } from 'node:crypto';
import { InTransit } from '../../shared/inTransit';

export interface ReadPorts {
  readonly now: () => number;
  readonly read: (id: string) => void;
  readonly withdraw: (id: string) => void;
  /** A leader can be reached from here. */
  readonly selling: () => boolean;
}

interface Waiting {
  readonly resolve: (confirmed: boolean) => void;
  readonly deadlineAt: number;
  readonly hopelessAt: number;
}

/** Confirmed reads of this kiosk's clients (rule 11), and how old what it knows is where none can be had. */
export class Reads {
  private readonly waiting = new InTransit<string, Waiting>();
  private readonly name = `r-${randomBytes(6).toString('hex')}`;
  private counter = 0;
  private currentAt: number;

  constructor(private readonly ports: ReadPorts) {
    this.currentAt = ports.now();
  }

  /** True once a majority has confirmed that what is applied here is up to date, after this call. */
  confirm(timeoutMs: number, hopelessMs: number): Promise<boolean> {
    this.counter += 1;
    const id = `${this.name}:${this.counter}`;
    const now = this.ports.now();
    return new Promise((resolve) => {
      this.waiting.set(id, { resolve, deadlineAt: now + timeoutMs, hopelessAt: now + hopelessMs });
      this.ports.read(id);
    });
  }

  onConfirmed(id: string): void {
    const waiting = this.waiting.get(id);
    if (waiting === undefined) return;
    this.waiting.delete(id);
    this.currentAt = this.ports.now();
    waiting.resolve(true);
  }

  review(): void {
    const now = this.ports.now();
    const selling = this.ports.selling();
    if (selling) this.currentAt = now;
    for (const [id, { resolve, deadlineAt, hopelessAt }] of this.waiting) {
      if (now < deadlineAt && (selling || now < hopelessAt)) continue;
      this.waiting.delete(id);
      this.ports.withdraw(id);
      resolve(false);
    }
  }

  /** The disk failed: whoever waits gets what is known. */
  fail(): void {
    for (const { resolve } of this.waiting.values()) resolve(false);
    this.waiting.clear();
  }

  /** Whole seconds since this kiosk last heard from a leader that serves. */
  ageSeconds(): number {
    return Math.max(0, Math.floor((this.ports.now() - this.currentAt) / 1_000));
  }
}
