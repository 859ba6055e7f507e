/** What can be wrong with a history; each is one broken promise of the design, and has a bad history in the self-test. */
export type Code =
  /** The recording or a log is no history that this checker can judge. */
  | 'malformed'
  /** One client has two attempts open at once: the recording is wrong. */
  | 'client-overlap'
  // The logs, against each other.
  | 'log-gap'
  | 'log-diverged'
  | 'log-shrank'
  | 'log-behind'
  /** Two kiosks had applied the same slots and had different states. */
  | 'state-diverged'
  // The log, against the rules of selling.
  | 'committed-twice'
  | 'bad-repeat'
  | 'double-sold'
  | 'oversold'
  | 'false-sold-out'
  | 'ticket-range'
  | 'ticket-count'
  | 'ticket-order'
  | 'wrong-total'
  | 'wrong-sale'
  | 'wrong-return'
  | 'wrong-refusal'
  | 'wrong-copies'
  | 'wrong-members'
  /** A command in the log that nobody issued, or that was issued with other contents. */
  | 'phantom'
  // The answers, against the log.
  | 'lost-ack'
  | 'answer-mismatch'
  | 'refusal-mismatch'
  | 'definite-but-committed'
  | 'show-sum'
  | 'show-mismatch'
  // Real time.
  | 'realtime-order'
  | 'stale-read'
  | 'future-read'
  | 'read-went-back'
  | 'impossible-read'
  // Kiosks that were cut off from every majority.
  | 'minority-sold'
  | 'minority-read';

export interface Violation {
  readonly code: Code;
  readonly message: string;
  /** What of the history and of the logs shows it. */
  readonly evidence: readonly unknown[];
}

/** Collects what is found wrong. */
export class Findings {
  readonly violations: Violation[] = [];

  add(code: Code, message: string, ...evidence: readonly unknown[]): void {
    this.violations.push({ code, message, evidence: evidence.filter((item) => item !== undefined && item !== null) });
  }

  get codes(): readonly Code[] {
    return [...new Set(this.violations.map(({ code }) => code))];
  }
}
