const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Time zones differ from UTC by whole quarters of an hour, and change on them. */
const QUARTER_MS = 15 * MINUTE_MS;
/** Quarters that are remembered: some years of box office hours. */
const REMEMBERED_MAX = 100_000;

/** Where the hours of a time zone begin. */
export class Hours {
  private minutes: Intl.DateTimeFormat | null = null;
  private readonly starts = new Map<number, number>();

  constructor(private readonly timeZone: string) {}

  /** The beginning of the hour that a moment is in; both in ms since 1970. */
  startOf(at: number): number {
    const quarter = Math.floor(at / QUARTER_MS);
    const known = this.starts.get(quarter);
    if (known !== undefined) return known;
    // Made when it is needed first: the first format of a process takes 10 ms.
    this.minutes ??= new Intl.DateTimeFormat('en', { timeZone: this.timeZone, minute: 'numeric' });
    const begin = quarter * QUARTER_MS;
    const start = begin - ((Number(this.minutes.format(begin)) * MINUTE_MS) % HOUR_MS);
    if (this.starts.size >= REMEMBERED_MAX) this.starts.clear();
    this.starts.set(quarter, start);
    return start;
  }
}
