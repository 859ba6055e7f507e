import type { CommandResult } from '../../shared/answers';
import type { Slot } from '../../shared/ballot';
import type { RequestId } from '../../shared/values';
import { RequestIndex } from './requestIndex';
import { RowReader, Rows, RowWriter } from './rows';

/** A request that ended otherwise than as a sale: what it asked for, and its answer. */
export interface Settled {
  readonly slot: Slot;
  readonly asked: string;
  readonly result: CommandResult;
}

/** Requests with their answers, oldest first, each for a number of slots. */
export class SettledTable {
  private index = new RequestIndex();
  private readonly writer = new RowWriter();

  /** @param keptSlots an answer that is older than this is forgotten */
  constructor(
    private readonly keptSlots: number,
    private readonly rows = new Rows(),
  ) {
    this.fillIndex();
  }

  /** @param now the slot that is being applied */
  find(id: RequestId, now: Slot): Settled | null {
    const row = this.index.find(id, (candidate) => {
      const reader = new RowReader(this.rows.read(candidate));
      return reader.whole() + this.keptSlots >= now && reader.isAscii(id);
    });
    if (row === null) return null;
    const reader = new RowReader(this.rows.read(row));
    const slot = reader.whole();
    reader.skip(reader.u8());
    return { slot, asked: reader.text(), result: JSON.parse(reader.text()) as CommandResult };
  }

  add(slot: Slot, id: RequestId, asked: string, result: CommandResult): void {
    const row = this.writer.begin().whole(slot).ascii(id).text(asked).text(JSON.stringify(result)).addTo(this.rows);
    this.index.add(id, row);
  }

  /** Lets go of what is older than the table keeps. To be called once a slot. */
  expire(slot: Slot): void {
    if (this.rows.dropWhile((last) => new RowReader(this.rows.read(last)).whole() + this.keptSlots < slot)) this.fillIndex();
  }

  /** Number of the oldest row that is kept. */
  get first(): number {
    return this.rows.first;
  }

  freeze(): readonly Uint8Array[] {
    return this.rows.freeze();
  }

  private fillIndex(): void {
    this.index = new RequestIndex();
    for (let row = this.rows.first; row < this.rows.count; row += 1) {
      const reader = new RowReader(this.rows.read(row)).skip(SLOT_BYTES);
      this.index.add(reader.ascii(), row);
    }
  }
}

const SLOT_BYTES = 8;
