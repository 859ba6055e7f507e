import type { Refusal } from '../../shared/answers';
import { type Said, said, say, type Undone, type Words, wordsOf } from '../../shared/said';
import type { KioskView } from '../../shared/service';
import type { Outcome } from './sessions';

export interface Standing {
  readonly kiosk: number;
  readonly problem: () => Said | null;
  readonly view: () => KioskView;
}

/** Why a request has no answer of the log. @param undone what is not done, or not known to be */
export function unanswered(
  outcome: Exclude<Outcome, { kind: 'applied' }>,
  requestId: string,
  undone: Undone,
  standing: Standing,
): [Refusal['reason'], Words] {
  switch (outcome.kind) {
    case 'no_majority':
      return ['no_majority', unable(undone, standing)];
    case 'timeout':
      return ['timeout', say('unknown_yet', requestId)];
    case 'faulty':
      return ['faulty', wordsOf(standing.problem() ?? said('stopped'))];
  }
}

/** Nothing left this kiosk, for the reason that its screen gives. */
export function unable(undone: Undone, { kiosk, view }: Standing): Words {
  return say('unable', undone, view().why, kiosk);
}
