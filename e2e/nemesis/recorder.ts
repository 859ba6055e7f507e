import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { HistoryLine } from './history';

/** The one clock of a history: milliseconds, never going back. */
export function now(): number {
  return performance.now();
}

/** Keeps a history, and writes it to a file line by line, so that it is there whatever becomes of this process. */
export class Recorder {
  readonly history: HistoryLine[] = [];
  private readonly file: WriteStream;

  constructor(path: string) {
    this.file = createWriteStream(path);
  }

  add(line: HistoryLine): void {
    this.history.push(line);
    this.file.write(`${JSON.stringify(line)}\n`);
  }

  async close(): Promise<void> {
    this.file.end();
    await finished(this.file);
  }
}
