import { mkdirSync, readdirSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { saleIdSchema } from '../../shared/values';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/**
 * Prints that began here and are not known to have ended: an empty file each, named after its sale, so that
 * neither a power cut nor a printer without paper makes a kiosk forget what a customer still waits for (S23).
 */
export class PrintJobs {
  private readonly open = new Set<string>();

  /** @param folder made if it is missing */
  constructor(
    private readonly folder: string,
    log: (line: string) => void,
  ) {
    try {
      mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
      for (const name of readdirSync(folder)) if (saleIdSchema.safeParse(name).success) this.open.add(name);
    } catch (error) {
      log(`prints that did not finish could not be looked up in ${folder}: ${(error as Error).message}`);
    }
  }

  /** Sales whose printing began and did not end. */
  list(): readonly string[] {
    return [...this.open];
  }

  /** To be durable before a ticket is claimed for the printer. @throws Error in words where it can't be written down */
  async begin(sale: string): Promise<void> {
    this.open.add(sale);
    try {
      await this.note(sale);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new Error(
        `nothing was printed: the print could not be noted in ${this.folder} (${code ?? String(error)}); make room, and print again`,
      );
    }
  }

  /** The pages are out, or the sale has none any more. */
  async end(sale: string): Promise<void> {
    this.open.delete(sale);
    await rm(path.join(this.folder, sale), { force: true });
  }

  private async note(sale: string): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: FOLDER_MODE });
    const file = await open(path.join(this.folder, sale), 'w', FILE_MODE);
    try {
      await file.sync();
    } finally {
      await file.close();
    }
    await this.syncFolder();
  }

  /** A new name is durable with its folder; Windows can't open one, and does it by itself. */
  private async syncFolder(): Promise<void> {
    if (process.platform === 'win32') return;
    const folder = await open(this.folder, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}
