import type { Findings } from './findings';
import type { ShowAttempt, Shown } from './history';
import { signature, type Timeline } from './logs';
import type { Read } from './order';
import type { EventPlan } from './pools';
import type { Replay } from './replay';

/**
 * Holds what `show` said against the log: the state must be the state after its `applied` slot, and its page of
 * the log a piece of the log. Of an unconfirmed one nothing more is asked: it claims to be a prefix. Returns when
 * each was true.
 */
export function judgeShows(
  shows: readonly ShowAttempt[],
  plans: readonly EventPlan[],
  timeline: Timeline,
  replay: Replay,
  findings: Findings,
): readonly Read<ShowAttempt>[] {
  const hashes = new Map<number, { readonly hash: string; readonly show: ShowAttempt }>();
  const reads: Read<ShowAttempt>[] = [];
  for (const show of shows) {
    if (show.outcome.kind !== 'ok') continue;
    const { answer } = show.outcome;
    const other = hashes.get(answer.applied);
    if (other === undefined) hashes.set(answer.applied, { hash: answer.hash, show });
    else if (other.hash !== answer.hash)
      findings.add('state-diverged', `kiosks ${other.show.kiosk} and ${show.kiosk} differ after slot ${answer.applied}`, other.show, show);
    judgeState(show, answer, plans, replay, findings);
    judgePage(show, answer, timeline, findings);
    const place = timeline.endOfSlot[answer.applied];
    const spans = place === undefined ? [] : [[place, place] as const];
    reads.push({ spans, start: show.start, end: show.end, mayBeOld: !answer.confirmed, about: show });
  }
  return reads;
}

function judgeState(show: ShowAttempt, { applied, events }: Shown, plans: readonly EventPlan[], replay: Replay, findings: Findings): void {
  const where = `show of client ${show.client} at kiosk ${show.kiosk}`;
  for (const { id, capacity, sold, remaining } of events) {
    if (sold + remaining !== capacity)
      findings.add('show-sum', `${where}: of ${id} ${sold} are sold and ${remaining} left, of ${capacity}`, show);
  }
  const expected = replay.soldAfter[applied];
  // Before its first entry a kiosk knows of no event.
  if (expected === undefined || (applied === 0 && events.length === 0)) return;
  const wrong = plans.findIndex(
    ({ id, capacity }, index) => !events.some((event) => event.id === id && event.capacity === capacity && event.sold === expected[index]),
  );
  if (wrong >= 0)
    findings.add(
      'show-mismatch',
      `${where}: after slot ${applied} ${expected[wrong]} of ${plans[wrong]?.id} are sold, and it says otherwise`,
      show,
    );
}

function judgePage(show: ShowAttempt, { log }: Shown, timeline: Timeline, findings: Findings): void {
  const wrong = log.find((entry) => {
    const agreed = timeline.entries[entry.slot - 1];
    return agreed !== undefined && signature(agreed) !== signature(entry);
  });
  if (wrong !== undefined)
    findings.add(
      'log-diverged',
      `slot ${wrong.slot}: show of client ${show.client} at kiosk ${show.kiosk} has another entry than the log`,
      wrong,
      timeline.entries[wrong.slot - 1],
    );
}
