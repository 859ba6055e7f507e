interface Task {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** What happens when, in simulated milliseconds; a binary heap, first come first served at equal times. */
export class Schedule {
  now = 0;
  private readonly heap: Task[] = [];
  private order = 0;

  after(delayMs: number, run: () => void): void {
    this.order += 1;
    this.push({ at: this.now + Math.max(0, delayMs), order: this.order, run });
  }

  /** Runs the next task if it is due by `limit`; false if there is none. */
  step(limit: number): boolean {
    const next = this.heap[0];
    if (next === undefined || next.at > limit) {
      this.now = Math.max(this.now, limit);
      return false;
    }
    this.pop();
    this.now = next.at;
    next.run();
    return true;
  }

  private push(task: Task): void {
    const { heap } = this;
    heap.push(task);
    let index = heap.length - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(heap[index]!, heap[parent]!)) return;
      [heap[index], heap[parent]] = [heap[parent]!, heap[index]!];
      index = parent;
    }
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    heap[0] = last;
    let index = 0;
    for (;;) {
      let least = index;
      for (const child of [2 * index + 1, 2 * index + 2]) if (child < heap.length && before(heap[child]!, heap[least]!)) least = child;
      if (least === index) return;
      [heap[index], heap[least]] = [heap[least]!, heap[index]!];
      index = least;
    }
  }
}

function before(a: Task, b: Task): boolean {
  return a.at !== b.at ? a.at < b.at : a.order < b.order;
}
