import { asksClerk, isOnItsWay, type PrintJobView, type PrintReason } from '../../shared/printing';

/** look: all is given to a printer that tells no more, so whoever stands there has to say what came out. */
export type PrintStage = 'ready' | 'under_way' | 'look' | 'printed' | 'trouble';

/**
 * Where the jobs that were ordered stand together. A job that is gone was seen to by a clerk, or its sale is undone.
 * @param ordered how many were ordered
 */
export function printStage(jobs: readonly PrintJobView[], ordered: number): PrintStage {
  if (ordered === 0) return 'ready';
  const asking = jobs.filter(asksClerk);
  if (asking.some(({ reason }) => reason !== 'not_told')) return 'trouble';
  if (jobs.some(isOnItsWay)) return 'under_way';
  return asking.length > 0 ? 'look' : 'printed';
}

/** Why a job asks a clerk that a printer had. */
const AT_A_PRINTER: readonly (PrintReason | null)[] = ['cancelled', 'aborted', 'vanished', 'not_told'];

/** Only a clerk sees whether it came out. */
export function mayBeOnPaper(job: PrintJobView): boolean {
  return asksClerk(job) && AT_A_PRINTER.includes(job.reason);
}
