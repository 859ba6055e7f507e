import { EventEmitter } from 'node:events';
import type { KioskView } from '../../shared/service';
import { VIEW_MS } from './timing';

/** What screens are told of a kiosk: at once after a quiet while, then every `VIEW_MS` at most, and only what is new. */
export class ViewFeed {
  private readonly changes = new EventEmitter<{ change: [KioskView] }>();
  private pending: NodeJS.Timeout | null = null;
  private shownAt = 0;
  private shown = '';
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
    const waitMs = Math.max(0, this.shownAt + VIEW_MS - performance.now());
    this.pending = setTimeout(() => this.show(), waitMs);
  }

  private show(): void {
    this.pending = null;
    this.shownAt = performance.now();
    const view = this.look();
    const text = JSON.stringify(view);
    if (text === this.shown) return;
    this.shown = text;
    this.version += 1;
    this.changes.emit('change', { version: this.version, ...view });
  }
}
