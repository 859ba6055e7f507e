import type { Admission } from '../../shared/answers';
import { RequestIndex } from './requestIndex';
import { RowReader, Rows, RowWriter } from './rows';

/** A ticket: the row of its sale, and its place in the sale, from 0. */
interface Key {
  readonly sale: number;
  readonly place: number;
}

/** Who was let in with which ticket, in the order of the log. */
export class Admissions {
  private readonly index = new RequestIndex();
  private readonly writer = new RowWriter();

  constructor(private readonly rows = new Rows()) {
    for (let row = rows.first; row < rows.count; row += 1) {
      const { view, at } = rows.read(row);
      this.index.addBytes(view, at, KEY_BYTES, row);
    }
  }

  add(key: Key, { slot, at, kiosk, clerk }: Admission): void {
    const row = this.writer.begin().u32(key.sale).u8(key.place).whole(slot).whole(at).u8(kiosk).text(clerk).addTo(this.rows);
    const { view, at: start } = this.rows.read(row);
    this.index.addBytes(view, start, KEY_BYTES, row);
  }

  find(key: Key): Admission | null {
    const row = this.index.find(textOf(key), (candidate) => {
      const reader = new RowReader(this.rows.read(candidate));
      return reader.u32() === key.sale && reader.u8() === key.place;
    });
    if (row === null) return null;
    const reader = new RowReader(this.rows.read(row)).skip(KEY_BYTES);
    const [slot, at, kiosk] = [reader.whole(), reader.whole(), reader.u8()];
    return { slot, at, kiosk, clerk: reader.text() };
  }

  freeze(): readonly Uint8Array[] {
    return this.rows.freeze();
  }
}

/** Sale (4) and place (1), at the beginning of a row. */
const KEY_BYTES = 5;

/** The bytes of the key as letters, for the index of ids. */
function textOf({ sale, place }: Key): string {
  return String.fromCharCode(sale >>> 24, (sale >>> 16) & 0xff, (sale >>> 8) & 0xff, sale & 0xff, place);
}
