const NEWLINE = 0x0a;

export interface LineHandlers {
  /** A whole line, without its newline. */
  readonly onLine: (line: string) => void;
  /** A line longer than `maxBytes`; what it said is dropped up to its newline. Called once for it, as soon as it is known. */
  readonly onTooLong: () => void;
}

/** Cuts a byte stream into lines of UTF-8, whatever the pieces in which it comes, in bounded memory. */
export class LineReader {
  private pieces: Buffer[] = [];
  private bytes = 0;
  private dropping = false;

  constructor(
    private readonly maxBytes: number,
    private readonly handlers: LineHandlers,
  ) {}

  add(chunk: Buffer): void {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      this.keep(chunk.subarray(from, end));
      this.finish();
      from = end + 1;
    }
    this.keep(chunk.subarray(from));
  }

  private keep(piece: Buffer): void {
    if (this.dropping || piece.length === 0) return;
    if (this.bytes + piece.length > this.maxBytes) {
      this.dropping = true;
      this.pieces = [];
      this.bytes = 0;
      this.handlers.onTooLong();
      return;
    }
    this.pieces.push(piece);
    this.bytes += piece.length;
  }

  private finish(): void {
    const { pieces, dropping } = this;
    this.pieces = [];
    this.bytes = 0;
    this.dropping = false;
    if (!dropping) this.handlers.onLine((pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)).toString('utf8'));
  }
}
