import { type FileWork, type Said, said, Told } from '../../shared/said';

/** Why a data folder can't be used, or can't be used any longer. */
export type StorageFault = 'locked' | 'foreign' | 'damaged' | 'newer' | 'io';

/** A storage fault in one sentence that a clerk can phone in, with one remedy. */
export class StorageError extends Told {
  override readonly name = 'StorageError';

  constructor(
    readonly fault: StorageFault,
    what: string | Said,
  ) {
    super(typeof what === 'string' ? said('unexpected', what) : what);
  }
}

/** An operating system's refusal as a fault that names errno, file and remedy. */
export function ioError(work: FileWork, file: string, error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  return new StorageError('io', said('file_failed', work, file, code ?? message));
}
