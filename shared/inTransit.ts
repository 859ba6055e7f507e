/** So many are added at the least before the table is made anew. */
const ADDED_MIN = 16;

/**
 * A map, in the order of insertion, of what comes and goes: requests under way, say. A `Map` makes itself a new table
 * every few deletions, and leaves in the old one, for iterators, a pointer to the new. Once a table has lived long
 * enough to be moved to V8's old generation, the dead one keeps the next one from the collector of short-lived objects,
 * that one the next, and with them whatever stood in them just then, until the whole heap is collected: each of these
 * objects is copied twice, while sales wait. So what may have grown old is thrown away here, not reorganized.
 *
 * As with a `Map` entries may be deleted while it is iterated; new keys are not to be added meanwhile.
 */
export class InTransit<K, V> {
  private entries = new Map<K, V>();
  private added = 0;

  get size(): number {
    return this.entries.size;
  }

  get(key: K): V | undefined {
    return this.entries.get(key);
  }

  has(key: K): boolean {
    return this.entries.has(key);
  }

  set(key: K, value: V): void {
    const { size } = this.entries;
    this.entries.set(key, value);
    if (this.entries.size === size) return;
    this.added += 1;
    if (this.added > ADDED_MIN && this.added > 2 * size) this.renew(new Map(this.entries));
  }

  /** Whether it was there. */
  delete(key: K): boolean {
    return this.entries.delete(key);
  }

  clear(): void {
    this.renew(new Map());
  }

  keys(): MapIterator<K> {
    return this.entries.keys();
  }

  values(): MapIterator<V> {
    return this.entries.values();
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries[Symbol.iterator]();
  }

  private renew(entries: Map<K, V>): void {
    this.entries = entries;
    this.added = 0;
  }
}
