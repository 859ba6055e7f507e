import { existsSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';

/** Where Debian's libfaketime lies, by the machine's kind. */
const LIBRARIES = ['x86_64-linux-gnu', 'aarch64-linux-gnu'].map((machine) => `/usr/lib/${machine}/faketime/libfaketimeMT.so.1`);
/** The file is looked at again after this: a jump comes at most so late. */
const CACHE_S = 1;

/** libfaketime; null where it is not installed. */
export function findClockLibrary(): string | null {
  return LIBRARIES.find((file) => existsSync(file)) ?? null;
}

/** The wall clock of one process, which can be made to jump while it runs. Its monotonic clock stays as it is. */
export class Clock {
  private constructor(
    private readonly library: string,
    private readonly file: string,
  ) {}

  static async make(library: string, file: string): Promise<Clock> {
    const clock = new Clock(library, file);
    await clock.jump(0);
    return clock;
  }

  get environment(): Readonly<Record<string, string>> {
    return {
      LD_PRELOAD: this.library,
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_CACHE_DURATION: String(CACHE_S),
      // A monotonic clock that goes back would stop the event loop, and no real one does.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }

  /** @param seconds off the true time from now on */
  async jump(seconds: number): Promise<void> {
    // Never read half written.
    await writeFile(`${this.file}.new`, `${seconds < 0 ? '' : '+'}${seconds}s\n`);
    await rename(`${this.file}.new`, this.file);
  }
}
