import type { EventState } from '../../shared/answers';
import { invariant } from '../../shared/invariant';
import type { CategorySpec, EventSpec } from '../../shared/site';

/** The tickets of one event. Their numbers are 1..capacity, lowest free first. */
export class Pool {
  /** The lowest number that is free: none above it is sold, none below it is free. */
  private next = 1;
  private free: number;

  constructor(readonly spec: EventSpec) {
    this.free = spec.capacity;
  }

  get left(): number {
    return this.free;
  }

  category(id: string): CategorySpec | undefined {
    return this.spec.categories.find((category) => category.id === id);
  }

  /**
   * Takes n numbers and returns the first of them; the others follow it.
   * @throws InvariantError if they are not there: whoever calls has seen that n are left
   */
  take(n: number): number {
    invariant(Number.isSafeInteger(n) && n >= 1, `${n} tickets of ${this.spec.id} taken`);
    invariant(n <= this.free, `${n} tickets of ${this.spec.id} taken while ${this.free} are left`);
    const first = this.next;
    this.next += n;
    this.free -= n;
    invariant(this.next - 1 + this.free === this.spec.capacity, `sold and left of ${this.spec.id} are not its capacity`);
    return first;
  }

  view(): EventState {
    return { ...this.spec, sold: this.spec.capacity - this.free, remaining: this.free, open: true };
  }
}
