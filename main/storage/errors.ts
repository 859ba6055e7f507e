/** Why a data folder can't be used, or can't be used any longer. */
export type StorageFault = 'locked' | 'foreign' | 'damaged' | 'newer' | 'io';

/** A storage fault in one sentence that a clerk can phone in, with one remedy. */
export class StorageError extends Error {
  override readonly name = 'StorageError';

  constructor(
    readonly fault: StorageFault,
    message: string,
  ) {
    super(message);
  }
}

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space, then start this kiosk again',
  EDQUOT: 'the disk quota is used up: free some space, then start this kiosk again',
  EROFS: 'the disk has become read-only: check it, then start this kiosk again',
  EIO: 'the disk reports an error: check or replace it, then start this kiosk again',
  EACCES: 'this user may not use the file: correct its owner and mode, then start this kiosk again',
  EPERM: 'this user may not use the file: correct its owner and mode, then start this kiosk again',
};

/** An operating system's refusal as a fault that names errno, file and remedy. */
export function ioError(what: string, file: string, error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const remedy = (code === undefined ? undefined : REMEDIES[code]) ?? 'check the disk, then start this kiosk again';
  return new StorageError('io', `could not ${what} ${file} (${code ?? message}); ${remedy}`);
}
