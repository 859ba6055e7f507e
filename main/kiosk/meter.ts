import type { Answer } from '../../shared/answers';
import type { KioskView } from '../../shared/service';

/** Upper bounds of a sale's time in seconds, as a Prometheus histogram has them. */
const BUCKETS_S = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5] as const;
const MS = 1_000;

interface Timing {
  readonly buckets: number[];
  sum: number;
  count: number;
}

/** Counts what this process was asked for, and writes it and the kiosk's state in Prometheus' text format. */
export class Meter {
  /** By operation, and then by outcome. */
  private readonly answers = new Map<string, Map<string, number>>();
  private readonly sale: Timing = { buckets: BUCKETS_S.map(() => 0), sum: 0, count: 0 };

  constructor(private readonly startedAt: number) {}

  /** A request was answered. @param ms how long that took */
  answered(answer: Answer, ms: number): void {
    // What a client calls its request is not to fill the memory: operations are few, and unknown words never get here.
    const outcomes = this.answers.get(answer.op) ?? new Map<string, number>();
    this.answers.set(answer.op, outcomes);
    const outcome = answer.ok ? 'ok' : answer.reason;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (answer.op !== 'buy' || !answer.ok) return;
    const seconds = ms / MS;
    for (let index = BUCKETS_S.length - 1; index >= 0 && seconds <= BUCKETS_S[index]!; index -= 1) this.sale.buckets[index]! += 1;
    this.sale.sum += seconds;
    this.sale.count += 1;
  }

  text(view: KioskView, memoryBytes: number): string {
    const { kiosk, site, kiosks, events, certificate } = view;
    const others = kiosks.filter(({ self }) => !self);
    const families: readonly Family[] = [
      gauge('info', 'Which kiosk this is.', [
        [`kiosk="${kiosk.id}",site="${escaped(site.id)}",version="${escaped(view.appVersion)}",runtime="${escaped(view.runtime)}"`, 1],
      ]),
      gauge('role', 'The role that it has.', [[`role="${view.role}"`, 1]]),
      gauge('selling', '1 while it can sell.', [['', view.connection === 'selling' ? 1 : 0]]),
      gauge('faulty', '1 after a fault stopped it.', [['', view.problem === null ? 0 : 1]]),
      gauge('members', 'Kiosks that vote.', [['', view.memberCount]]),
      gauge('members_reached', 'Of these, how many it reaches, itself counted.', [['', view.reached]]),
      gauge('generation', 'Generation of the site.', [['', view.generation]]),
      gauge('applied_slot', 'Newest slot of the log that it has carried out.', [['', view.applied]]),
      gauge('pending_requests', 'Its requests whose end is not known.', [['', view.pending.length]]),
      gauge(
        'tickets_sold',
        'Tickets sold of an event.',
        events.map(({ id, sold }) => [`event="${escaped(id)}"`, sold]),
      ),
      gauge(
        'tickets_remaining',
        'Tickets left of an event.',
        events.map(({ id, remaining }) => [`event="${escaped(id)}"`, remaining]),
      ),
      gauge(
        'peer_linked',
        '1 while another kiosk is linked.',
        others.map(({ id, linked }) => [`peer="${id}"`, linked ? 1 : 0]),
      ),
      gauge(
        'peer_lag_slots',
        'Slots that another kiosk is behind.',
        others.flatMap(({ id, lag }) => (lag === null ? [] : [[`peer="${id}"`, lag] as const])),
      ),
      gauge('certificate_expiry_timestamp_seconds', 'When its certificate ends.', [['', certificate.expiresAt / MS]]),
      counter(
        'requests_total',
        'Requests of clerks and clients that were answered.',
        [...this.answers].flatMap(([op, outcomes]) =>
          [...outcomes].map(([outcome, count]) => [`op="${escaped(op)}",outcome="${outcome}"`, count] as const),
        ),
      ),
      {
        name: 'sale_seconds',
        help: 'Time from a request to buy to its answer, of those that sold.',
        type: 'histogram',
        samples: [
          ...BUCKETS_S.map((bound, index) => ['_bucket', `le="${bound}"`, this.sale.buckets[index]!] as const),
          ['_bucket', 'le="+Inf"', this.sale.count],
          ['_sum', '', this.sale.sum],
          ['_count', '', this.sale.count],
        ],
      },
      gauge('resident_memory_bytes', 'Memory that the process holds.', [['', memoryBytes]]),
      gauge('start_time_seconds', 'When the process began, since 1970.', [['', this.startedAt / MS]]),
    ];
    return families.map(familyText).join('');
  }
}

interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly samples: readonly (readonly [suffix: string, labels: string, value: number])[];
}

function gauge(name: string, help: string, samples: readonly (readonly [string, number])[]): Family {
  return { name, help, type: 'gauge', samples: samples.map(([labels, value]) => ['', labels, value]) };
}

function counter(name: string, help: string, samples: readonly (readonly [string, number])[]): Family {
  return { ...gauge(name, help, samples), type: 'counter' };
}

function familyText({ name, help, type, samples }: Family): string {
  const full = `quorum_kiosk_${name}`;
  const lines = samples.map(([suffix, labels, value]) => `${full}${suffix}${labels === '' ? '' : `{${labels}}`} ${value}\n`);
  return `# HELP ${full} ${help}\n# TYPE ${full} ${type}\n${lines.join('')}`;
}

/** A label's value, as the format wants it. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
