import type { EventState } from '../../shared/answers';
import { invariant } from '../../shared/invariant';
import type { EventSpec } from '../../shared/site';

/** The tickets of one event. Numbers are 1..capacity, lowest free first; invariant: sold + left = capacity. */
export class Pool {
  private sold = 0;

  constructor(readonly spec: EventSpec) {}

  get left(): number {
    return this.spec.capacity - this.sold;
  }

  /** Price of one ticket in cents; undefined for an unknown category. */
  price(category: string): number | undefined {
    return this.spec.categories.find(({ id }) => id === category)?.price;
  }

  /** Takes the next n numbers. Whoever calls has seen that n are left. */
  take(n: number): number[] {
    invariant(n >= 1 && n <= this.left, `${n} tickets of ${this.spec.id} taken while ${this.left} are left`);
    const first = this.sold + 1;
    this.sold += n;
    invariant(this.sold <= this.spec.capacity, `${this.spec.id} is oversold`);
    return Array.from({ length: n }, (_, index) => first + index);
  }

  view(): EventState {
    return { ...this.spec, sold: this.sold, remaining: this.left, open: true };
  }
}
