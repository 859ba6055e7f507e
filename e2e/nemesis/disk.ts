import { mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { KioskId } from '../../shared/ballot';
import { mountMemory } from './sandbox';

/** Room for all that a run writes. */
const SIZE = '48m';
/** Written until not one more fits; then the last gaps are filled. */
const CHUNKS_BYTES = [1024 * 1024, 4096] as const;

/** A small file system for one kiosk's data, which can be filled up. Only within a sandbox. */
export class SmallDisk {
  private constructor(
    readonly kiosk: KioskId,
    readonly folder: string,
  ) {}

  static async mount(kiosk: KioskId, folder: string): Promise<SmallDisk> {
    await mkdir(folder);
    await mountMemory(folder, SIZE);
    return new SmallDisk(kiosk, folder);
  }

  /** Leaves no byte free. */
  async fill(): Promise<void> {
    const file = await open(this.filler, 'w');
    try {
      for (const bytes of CHUNKS_BYTES) await writeUntilFull(file, Buffer.alloc(bytes));
    } finally {
      await file.close();
    }
  }

  async free(): Promise<void> {
    await rm(this.filler, { force: true });
  }

  private get filler(): string {
    return path.join(this.folder, 'filler');
  }
}

async function writeUntilFull(file: { write(buffer: Buffer): Promise<unknown> }, chunk: Buffer): Promise<void> {
  for (;;) {
    try {
      await file.write(chunk);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return;
      throw error;
    }
  }
}
