/** What is sold for, as the site file has it. */
export interface EventPlan {
  readonly id: string;
  readonly capacity: number;
  /** Cents, by category. */
  readonly prices: ReadonlyMap<string, number>;
}

interface Pool {
  readonly plan: EventPlan;
  /** By ticket number, the live sale that owns it. */
  readonly owners: Map<number, string>;
  /** No number below this one is free. */
  lowest: number;
}

/** Who owns which ticket at one place of the log. Deliberately plain: it is what the kiosks are held against. */
export class Pools {
  private readonly pools: ReadonlyMap<string, Pool>;

  constructor(plans: readonly EventPlan[]) {
    this.pools = new Map(plans.map((plan) => [plan.id, { plan, owners: new Map(), lowest: 1 }]));
  }

  plan(event: string): EventPlan | null {
    return this.pools.get(event)?.plan ?? null;
  }

  sold(event: string): number {
    return this.pools.get(event)?.owners.size ?? 0;
  }

  left(event: string): number {
    return (this.pools.get(event)?.plan.capacity ?? 0) - this.sold(event);
  }

  owner(event: string, ticket: number): string | null {
    return this.pools.get(event)?.owners.get(ticket) ?? null;
  }

  /** The n lowest free numbers, ascending; they may go beyond the capacity. */
  lowestFree(event: string, n: number): readonly number[] {
    const pool = this.pools.get(event);
    const free: number[] = [];
    if (pool === undefined) return free;
    while (pool.owners.has(pool.lowest)) pool.lowest += 1;
    for (let ticket = pool.lowest; free.length < n; ticket += 1) if (!pool.owners.has(ticket)) free.push(ticket);
    return free;
  }

  take(event: string, tickets: readonly number[], sale: string): void {
    for (const ticket of tickets) this.pools.get(event)?.owners.set(ticket, sale);
  }

  /** Gives back what of these numbers the sale still owns. */
  giveBack(event: string, tickets: readonly number[], sale: string): void {
    const pool = this.pools.get(event);
    if (pool === undefined) return;
    for (const ticket of tickets) {
      if (pool.owners.get(ticket) !== sale) continue;
      pool.owners.delete(ticket);
      pool.lowest = Math.min(pool.lowest, ticket);
    }
  }

  /** Tickets sold, in the order of the plans. */
  counts(): readonly number[] {
    return [...this.pools.values()].map(({ owners }) => owners.size);
  }
}
