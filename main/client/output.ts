import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Writes the answers of many commands to one stream, each in one piece, at the stream's own pace. */
export class Output {
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly stream: Writable) {}

  /** Waits for its turn; nobody else writes until what is returned is called. */
  async claim(): Promise<() => void> {
    const before = this.turn;
    let release = (): void => {};
    const mine = new Promise<void>((resolve) => {
      release = resolve;
    });
    this.turn = before.then(() => mine);
    await before;
    return release;
  }

  /** To be called with a claim. */
  async write(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return;
    if (!this.stream.write(`${lines.join('\n')}\n`)) await once(this.stream, 'drain');
  }

  /** One answer in its turn. */
  async print(line: string): Promise<void> {
    const release = await this.claim();
    try {
      await this.write([line]);
    } finally {
      release();
    }
  }
}
