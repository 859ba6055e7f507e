import type { EventState } from '../../shared/answers';
import { invariant } from '../../shared/invariant';
import type { CategorySpec, EventSpec } from '../../shared/site';

/** Consecutive numbers: the first, and how many. */
export type Range = readonly [first: number, count: number];

/** A pool as a snapshot has it. */
export interface PoolState {
  readonly spec: EventSpec;
  readonly next: number;
  readonly returned: readonly Range[];
}

/** The tickets of one event. Their numbers are 1..capacity, lowest free first. */
export class Pool {
  /** No number from here on was ever sold. */
  private next = 1;
  /** Numbers below `next` that came back, as a binary heap: the lowest is the first. */
  private readonly returned: number[] = [];

  constructor(readonly spec: EventSpec) {}

  get left(): number {
    return this.spec.capacity - (this.next - 1) + this.returned.length;
  }

  category(id: string): CategorySpec | undefined {
    return this.spec.categories.find((category) => category.id === id);
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

  view(): EventState {
    return { ...this.spec, sold: this.spec.capacity - this.left, remaining: this.left, open: true };
  }

  state(): PoolState {
    return { spec: this.spec, next: this.next, returned: rangesOf([...this.returned].sort((a, b) => a - b)) };
  }

  static restore({ spec, next, returned }: PoolState): Pool {
    const pool = new Pool(spec);
    pool.next = next;
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
