import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { DEFAULT_SETTINGS } from '../../shared/constants';
import { type Settings, settingsSchema } from '../../shared/settings';

const FILE_MODE = 0o600;

/** The window's settings in a file of their own. A file that can't be read counts as none: a clerk can choose again. */
export class SettingsFile {
  private current: Settings;
  private writing: Promise<void> = Promise.resolve();
  private readonly listeners: (() => void)[] = [];

  constructor(
    private readonly file: string,
    private readonly log: (line: string) => void,
  ) {
    this.current = this.read();
  }

  get(): Settings {
    return this.current;
  }

  /** Called after each change. */
  subscribe(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Resolves when they are in the file, or the failure is in the log: the window uses them either way. */
  set(settings: Settings): Promise<void> {
    this.current = settings;
    for (const listener of this.listeners) listener();
    this.writing = this.writing.then(() => this.write(settings));
    return this.writing;
  }

  private read(): Settings {
    try {
      const parsed = settingsSchema.safeParse(JSON.parse(readFileSync(this.file, 'utf8')));
      if (parsed.success) return parsed.data;
      this.log(`${this.file} holds no settings of this version; the standard ones are used`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.log(`${this.file} can't be read: ${(error as Error).message}`);
    }
    return DEFAULT_SETTINGS;
  }

  private async write(settings: Settings): Promise<void> {
    try {
      await writeFile(`${this.file}.new`, JSON.stringify(settings), { mode: FILE_MODE });
      await rename(`${this.file}.new`, this.file);
    } catch (error) {
      this.log(`the settings could not be written to ${this.file}: ${(error as Error).message}`);
    }
  }
}
