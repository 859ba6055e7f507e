import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { PinHash } from '../../shared/clerks';

/** log2 of scrypt's cost: some 50 ms and 16 MB a try. */
const COST = 14;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
/** Wrong tries in a row that cost nothing: fingers slip. */
const FREE_TRIES = 3;
/** What the next wrong try costs; each one after it twice as much. */
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 5 * 60_000;

/** What goes into the log instead of a PIN. */
export async function hashPin(pin: string): Promise<PinHash> {
  const salt = randomBytes(SALT_BYTES);
  return { cost: COST, salt: salt.toString('hex'), key: (await derive(pin, salt, COST)).toString('hex') };
}

export async function isPin(pin: string, { cost, salt, key }: PinHash): Promise<boolean> {
  return timingSafeEqual(await derive(pin, Buffer.from(salt, 'hex'), cost), Buffer.from(key, 'hex'));
}

function derive(pin: string, salt: Buffer, cost: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(pin, salt, KEY_BYTES, { N: 2 ** cost, r: 8, p: 1, maxmem: 256 * 2 ** cost * 8 }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

/** Slows down whoever tries PINs: after a few wrong ones each costs a wait that doubles. */
export class PinGate {
  private readonly tries = new Map<string, { wrong: number; openAt: number }>();

  /** @param now milliseconds of a clock that never goes back */
  constructor(private readonly now: () => number) {}

  /** Milliseconds until a PIN of this clerk is looked at again; 0 for now. */
  waitMs(clerk: string): number {
    return Math.max(0, Math.ceil((this.tries.get(clerk)?.openAt ?? 0) - this.now()));
  }

  /** Takes the answer to one try. @returns as `waitMs` */
  judge(clerk: string, right: boolean): number {
    if (right) {
      this.tries.delete(clerk);
      return 0;
    }
    const wrong = (this.tries.get(clerk)?.wrong ?? 0) + 1;
    const waitMs = wrong <= FREE_TRIES ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (wrong - FREE_TRIES - 1));
    this.tries.set(clerk, { wrong, openAt: this.now() + waitMs });
    return waitMs;
  }
}
