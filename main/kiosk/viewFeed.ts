import { EventEmitter } from 'node:events';
import type { KioskView } from '../../shared/service';
import { STARTING_VIEW_MS, VIEW_MS } from './timing';

/**
 * What screens are told of a kiosk: at once after a quiet while, then every `VIEW_MS` at most, and only what is new. Of one
 * that starts every `STARTING_VIEW_MS`, and at once when it has started.
 */
export class ViewFeed {
  private readonly changes = new EventEmitter<{ change: [KioskView] }>();
  private pending: NodeJS.Timeout | null = null;
  private lookedAt = 0;
  private shownAt = Number.NEGATIVE_INFINITY;
  private shown = '';
  private shownStarting = false;
  private later: NodeJS.Timeout | null = null;
  private version = 0;

  constructor(private readonly look: () => Omit<KioskView, 'version'>) {
    this.changes.setMaxListeners(0);
  }

  get view(): KioskView {
    return { version: this.version, ...this.look() };
  }

  /** Returns what ends it. */
  subscribe(listener: (view: KioskView) => void): () => void {
    this.changes.on('change', listener);
    return () => this.changes.off('change', listener);
  }

  /** There may be something new to see. */
  changed(): void {
    if (this.pending !== null || this.changes.listenerCount('change') === 0) return;
    const waitMs = Math.max(0, this.lookedAt + VIEW_MS - performance.now());
    this.pending = setTimeout(() => this.show(), waitMs);
  }

  private show(): void {
    this.pending = null;
    this.lookedAt = performance.now();
    const view = this.look();
    const starting = view.connection === 'starting';
    const waitMs = starting && this.shownStarting ? this.shownAt + STARTING_VIEW_MS - this.lookedAt : 0;
    if (waitMs > 0) {
      this.later ??= setTimeout(() => {
        this.later = null;
        this.changed();
      }, waitMs);
      return;
    }
    const text = JSON.stringify(view);
    if (text === this.shown) return;
    this.shown = text;
    this.shownAt = this.lookedAt;
    this.shownStarting = starting;
    this.version += 1;
    this.changes.emit('change', { version: this.version, ...view });
  }
}
