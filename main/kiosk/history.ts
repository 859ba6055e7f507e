import type { LogEntryView } from '../../shared/answers';
import type { Slot } from '../../shared/ballot';
import { PAGE_BYTES } from '../../shared/constants';
import type { Message } from '../../shared/messages';
import type { Archive, ArchiveEntry } from '../storage';
import { chainHash, FIRST_HASH } from '../tickets';
import { readHistoryPage } from './historyPage';
import { viewOf } from './logText';

/** Entries are asked for in pages of about so many bytes of JSON. */
const READ_BYTES = 512 * 1024;
/** Entries reach the archive this late, many at a time: the journal has them meanwhile. */
const WRITE_AFTER_MS = 10;
/** So many are hashed and written in one turn of the event loop: a sale that is on its way meanwhile does not wait for all of them. */
const TURN_ENTRIES = 8;
/** So many at the most wait for that. */
const WAITING_MAX = 512;
/** A page of history for another kiosk leaves room for its envelope. */
const SENT_BYTES = PAGE_BYTES - 4 * 1024;

/** What a kiosk's state at some slot is known to be, without the entries before it. */
export interface Base {
  readonly slot: Slot;
  readonly hash: string;
}

/**
 * The applied log as `show` and the window read it: the newest entries from memory until they are in the archive,
 * all others from the disk, page by page. Whatever history this kiosk lacks below a snapshot it takes from others,
 * from the newest page back, each held against the chain of hashes (rules 12, 13).
 */
export class History {
  private queue: ArchiveEntry[] = [];
  /** The archive is written by one at a time. */
  private turn: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | null = null;
  private failed = false;

  constructor(
    private readonly archive: Archive,
    private base: Base,
    private readonly onFault: (error: Error) => void,
  ) {}

  add(entry: ArchiveEntry): void {
    this.queue.push(entry);
    if (this.queue.length === WAITING_MAX) void this.flush();
    else this.timer ??= setTimeout(() => void this.flush(), WRITE_AFTER_MS);
  }

  /** The application goes on from a snapshot. */
  restart(base: Base): void {
    this.base = base;
  }

  /** Everything that was added is in the archive when this resolves. */
  flush(): Promise<void> {
    return this.inTurn(() => this.write());
  }

  get last(): Slot {
    return Math.max(this.queue.at(-1)?.slot ?? 0, this.archive.last, this.base.slot);
  }

  /** The slot from which the whole log is here, up to the newest. */
  get firstSlot(): Slot {
    if (this.archive.last > this.base.slot) return this.archive.firstSlot;
    if (this.archive.last === this.base.slot && this.base.slot > 0) return this.archive.firstSlot;
    return this.base.slot + 1;
  }

  /** Entries of slots [from, to], oldest first; those that are here. */
  async range(from: Slot, to: Slot): Promise<readonly LogEntryView[]> {
    return (await this.entries(Math.max(from, this.firstSlot, 1), to)).map(viewOf);
  }

  /** Entries of slots [from, to] that speak of the event, with just those commands. */
  async ofEvent(event: string, from: Slot, to: Slot): Promise<readonly LogEntryView[]> {
    return (await this.range(from, to)).flatMap((view) => {
      const commands = view.commands.filter((command) => command.items?.some((item) => item.event === event));
      return commands.length === 0 ? [] : [{ ...view, commands }];
    });
  }

  /** What is asked of another kiosk next; null when nothing is missing. */
  wanted(): Extract<Message, { t: 'history-request' }> | null {
    const { firstSlot } = this;
    return firstSlot <= 1 ? null : { t: 'history-request', to: firstSlot - 1 };
  }

  /** The page that another kiosk asks for; null if it is not here. */
  async page(to: Slot): Promise<Extract<Message, { t: 'history-page' }> | null> {
    await this.flush();
    const entries = await this.archive.readBack(to, SENT_BYTES);
    const first = entries[0];
    if (first === undefined) return null;
    const before = first.slot === 1 ? FIRST_HASH : (await this.archive.readBack(first.slot - 1, 1)).at(-1)?.hash;
    return before === undefined ? null : { t: 'history-page', to, before, entries: [...entries] };
  }

  /** Takes a page that was asked for; false if it is not what the chain of hashes says. */
  async take(message: Extract<Message, { t: 'history-page' }>): Promise<boolean> {
    const { firstSlot } = this;
    const entries = readHistoryPage(message);
    const last = entries?.at(-1);
    if (entries === null || last === undefined || last.slot !== firstSlot - 1) return false;
    let hash = message.before;
    for (const { slot, value, results, hash: said } of entries) {
      hash = chainHash(hash, slot, value, results);
      if (hash !== said) return false;
    }
    if (!(await this.joins(hash, firstSlot)) || (entries[0]!.slot === 1) !== (message.before === FIRST_HASH)) return false;
    await this.inTurn(() => this.archive.insert(entries));
    return true;
  }

  /** Whether this is the state hash right before a slot. */
  private async joins(hash: string, next: Slot): Promise<boolean> {
    if (next === this.base.slot + 1) return hash === this.base.hash;
    const [entry] = await this.archive.read(next, 1);
    return entry !== undefined && chainHash(hash, next, entry.value, entry.results) === entry.hash;
  }

  private async entries(from: Slot, to: Slot): Promise<readonly ArchiveEntry[]> {
    const found: ArchiveEntry[] = [];
    for (let slot = from; slot <= to; ) {
      const page = await this.archive.read(slot, READ_BYTES);
      if (page.length === 0) {
        if (this.firstSlot <= slot) break;
        // A damaged file was put aside just now: what stands before the gap does not join on.
        found.length = 0;
        slot = this.firstSlot;
        continue;
      }
      found.push(...page.filter((entry) => entry.slot <= to));
      slot = page.at(-1)!.slot + 1;
    }
    const next = (found.at(-1)?.slot ?? from - 1) + 1;
    found.push(...this.queue.filter(({ slot }) => slot >= next && slot <= to));
    return found;
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.turn.then(work);
    this.turn = done.catch(() => {});
    return done;
  }

  private async write(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    try {
      while (this.queue.length > 0 && !this.failed) {
        const batch = this.queue.slice(0, TURN_ENTRIES);
        await this.archive.append(batch);
        this.queue = this.queue.slice(batch.length);
        if (this.queue.length > 0) await new Promise(setImmediate);
      }
    } catch (error) {
      this.failed = true;
      this.onFault(error as Error);
    }
  }
}
