import type { EventState } from '../../shared/answers';
import { invariant } from '../../shared/invariant';
import type { CategorySpec, EventSpec } from '../../shared/site';

/** Consecutive numbers: the first, and how many. */
export type Range = readonly [first: number, count: number];

/** A category that is not sold any more stays, so that old sales can name it. */
export interface Category extends CategorySpec {
  readonly retired?: true | undefined;
}

/** An event as it is now. */
export interface PoolSpec extends Omit<EventSpec, 'categories'> {
  /** In the order in which they came; none is ever taken away. */
  readonly categories: readonly Category[];
}

/** A pool as a snapshot has it. */
export interface PoolState {
  readonly spec: PoolSpec;
  readonly open: boolean;
  readonly next: number;
  readonly returned: readonly Range[];
  /** How many numbers are held back; left out where none is. */
  readonly heldBack?: number | undefined;
}

/** The tickets of one event. Their numbers are 1..capacity, lowest free first. */
export class Pool {
  /** No number from here on was ever sold. */
  private next = 1;
  /** Numbers below `next` that came back, as a binary heap: the lowest is the first. */
  private returned: number[] = [];
  /** Numbers below `next` that are neither sold nor for sale: the lost part of the log may have sold them (rule 8). */
  private heldBack = 0;
  /** Sold at the moment. */
  open = true;

  constructor(private current: PoolSpec) {}

  get spec(): PoolSpec {
    return this.current;
  }

  get left(): number {
    return this.spec.capacity - (this.next - 1) + this.returned.length;
  }

  /** Those that are for sale. */
  get categories(): readonly CategorySpec[] {
    return this.spec.categories.filter(({ retired }) => !retired);
  }

  /** A category for sale, by its place among all that there ever were; -1 for none. */
  indexOf(id: string): number {
    return this.spec.categories.findIndex((category) => category.id === id && !category.retired);
  }

  /** The highest number that somebody has; 0 for none. */
  get highestSold(): number {
    const free = new Set(this.returned);
    let highest = this.next - 1;
    while (free.has(highest)) highest -= 1;
    return highest;
  }

  rename(name: string, starts: string | null | undefined): void {
    const { starts: before, ...rest } = this.current;
    const now = starts === undefined ? before : (starts ?? undefined);
    this.current = { ...rest, name, ...(now === undefined ? {} : { starts: now }) };
  }

  /** @throws InvariantError if a number above it is sold */
  resize(capacity: number): void {
    invariant(capacity >= this.highestSold, `${this.spec.id} shrinks to ${capacity} while number ${this.highestSold} is sold`);
    this.current = { ...this.current, capacity };
    if (capacity >= this.next - 1) return;
    this.next = capacity + 1;
    // Ascending order is a heap.
    this.returned = this.returned.filter((number) => number <= capacity).sort((a, b) => a - b);
  }

  /** These, and no others, are for sale from now on. */
  price(wanted: readonly CategorySpec[]): void {
    const now = new Map(wanted.map((category) => [category.id, category]));
    const kept = this.spec.categories.map((category): Category => {
      const renewed = now.get(category.id);
      now.delete(category.id);
      const { id, name, price } = category;
      return renewed ?? { id, name, price, retired: true };
    });
    this.current = { ...this.current, categories: [...kept, ...now.values()] };
  }

  /**
   * Takes n numbers, the lowest that are free, ascending.
   * @throws InvariantError if they are not there: whoever calls has seen that n are left
   */
  take(n: number): number[] {
    invariant(Number.isSafeInteger(n) && n >= 1, `${n} tickets of ${this.spec.id} taken`);
    invariant(n <= this.left, `${n} tickets of ${this.spec.id} taken while ${this.left} are left`);
    const taken: number[] = [];
    while (taken.length < n && this.returned.length > 0) taken.push(this.lowest());
    while (taken.length < n) {
      taken.push(this.next);
      this.next += 1;
    }
    return taken;
  }

  /** Numbers of a sale that was undone. */
  giveBack(numbers: readonly number[]): void {
    for (const number of numbers) {
      invariant(number >= 1 && number < this.next, `ticket ${number} of ${this.spec.id} comes back and was never sold`);
      this.insert(number);
    }
    invariant(this.left <= this.spec.capacity, `more tickets of ${this.spec.id} came back than were sold`);
  }

  /** Takes every free number up to this one out of sale. */
  holdBack(upTo: number): void {
    const last = Math.min(upTo, this.spec.capacity);
    const free = this.returned.filter((number) => number > last).sort((a, b) => a - b);
    this.heldBack += this.returned.length - free.length + Math.max(0, last - (this.next - 1));
    // Ascending order is a heap.
    this.returned = free;
    this.next = Math.max(this.next, last + 1);
  }

  view(): EventState {
    const { heldBack } = this;
    return {
      ...this.spec,
      categories: this.categories,
      sold: this.spec.capacity - this.left - heldBack,
      remaining: this.left,
      open: this.open,
      ...(heldBack > 0 ? { heldBack } : {}),
    };
  }

  state(): PoolState {
    return {
      spec: this.spec,
      open: this.open,
      next: this.next,
      returned: rangesOf([...this.returned].sort((a, b) => a - b)),
      ...(this.heldBack > 0 ? { heldBack: this.heldBack } : {}),
    };
  }

  static restore({ spec, open, next, returned, heldBack = 0 }: PoolState): Pool {
    const pool = new Pool(spec);
    pool.open = open;
    pool.next = next;
    pool.heldBack = heldBack;
    // Ascending order is a heap.
    pool.returned.push(...returned.flatMap(numbersOf));
    return pool;
  }

  private lowest(): number {
    const { returned } = this;
    const least = returned[0]!;
    const moved = returned.pop()!;
    if (returned.length === 0) return least;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= returned.length) break;
      if (child + 1 < returned.length && returned[child + 1]! < returned[child]!) child += 1;
      if (returned[child]! >= moved) break;
      returned[at] = returned[child]!;
      at = child;
    }
    returned[at] = moved;
    return least;
  }

  private insert(number: number): void {
    const { returned } = this;
    let at = returned.length;
    returned.push(number);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (returned[parent]! <= number) break;
      returned[at] = returned[parent]!;
      at = parent;
    }
    returned[at] = number;
  }
}

/** Ascending numbers as ranges. */
export function rangesOf(numbers: readonly number[]): Range[] {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last !== undefined && last[0] + last[1] === number) last[1] += 1;
    else ranges.push([number, 1]);
  }
  return ranges;
}

export function numbersOf([first, count]: Range): number[] {
  return Array.from({ length: count }, (_, index) => first + index);
}
