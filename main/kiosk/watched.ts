import { stat } from 'node:fs/promises';

/** Tells whether files changed since it was asked last, without reading them. */
export class Watched {
  private seen: string | null = null;

  constructor(private readonly files: readonly string[]) {}

  /** False the first time, which is to be right before they are read. A file that is gone counts as a change. */
  async changed(): Promise<boolean> {
    const marks = await Promise.all(
      this.files.map((file) =>
        stat(file).then(
          ({ ino, size, mtimeMs }) => `${ino} ${size} ${mtimeMs}`,
          () => 'gone',
        ),
      ),
    );
    const now = marks.join();
    const changed = this.seen !== null && this.seen !== now;
    this.seen = now;
    return changed;
  }
}
