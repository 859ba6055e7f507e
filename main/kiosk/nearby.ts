import { createHash } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import { Bonjour, type Browser } from 'bonjour-service';
import { z } from 'zod';
import { type KioskId, kioskIdSchema } from '../../shared/ballot';
import type { NearbyKiosk } from '../../shared/service';
import { hostSchema, portSchema } from '../../shared/site';

const TYPE = 'quorum-kiosk';
const MARK_LETTERS = 16;
/** A kiosk that died without a word is forgotten after a while; who came meanwhile is asked for. */
const UPKEEP_MS = 15_000;
const GOODBYE_MS = 500;
/** Whoever floods the network with names fills no screen. */
const KIOSKS_MAX = 32;
const LOOPBACK = '127.0.0.1';

/** What a kiosk says of itself on the network. It admits nobody: a link takes the site's certificates. */
const announcementSchema = z.object({
  /** Of the site's uid, which is nobody else's business. */
  mark: z.string().length(MARK_LETTERS),
  id: z.coerce.number().pipe(kioskIdSchema),
  name: z.string().max(80),
  host: hostSchema,
  port: z.coerce.number().pipe(portSchema),
});

export interface NearbyOptions {
  readonly uid: string;
  readonly self: NearbyKiosk;
  /** The list is another one now. */
  readonly onChange: () => void;
  /** A network that can't do this is said once, and nothing else comes of it. */
  readonly log: (line: string) => void;
}

/**
 * Kiosks of this site that run on the same network, found by multicast DNS, so that they can be added by name. Where
 * there is no multicast there is nothing: an address can be typed.
 */
export class Nearby {
  private readonly found = new Map<KioskId, NearbyKiosk>();
  private readonly mark: string;
  private readonly bonjour: Bonjour;
  private readonly browser: Browser;
  private readonly upkeep: NodeJS.Timeout;
  private failed = false;

  constructor(private readonly options: NearbyOptions) {
    const { uid, self } = options;
    this.mark = createHash('sha256').update(uid).digest('hex').slice(0, MARK_LETTERS);
    // A site on one machine is told to that machine alone.
    const local = self.host === LOOPBACK || self.host === 'localhost';
    const where: object = local ? { interface: LOOPBACK, bind: '0.0.0.0' } : {};
    this.bonjour = new Bonjour(where, (error: Error) => this.fail(error));
    // The library has no other way to hear of a port that can't be had; unheard, it would end the process.
    const { mdns } = (this.bonjour as unknown as { readonly server: { readonly mdns: EventEmitter } }).server;
    mdns.on('error', (error: Error) => this.fail(error));
    const { id, name, host, port } = self;
    const txt = { mark: this.mark, id: String(id), name, host, port: String(port) };
    this.bonjour.publish({ name: `${TYPE}-${this.mark}-${id}`, type: TYPE, port, probe: false, disableIPv6: true, txt });
    this.browser = this.bonjour.find({ type: TYPE, protocol: 'tcp' });
    this.browser.on('up', (service: { readonly txt?: unknown }) => this.take(service.txt, true));
    this.browser.on('txt-update', (service: { readonly txt?: unknown }) => this.take(service.txt, true));
    this.browser.on('down', (service: { readonly txt?: unknown }) => this.take(service.txt, false));
    this.upkeep = setInterval(() => {
      this.browser.expire();
      this.browser.update();
    }, UPKEEP_MS);
    this.upkeep.unref();
  }

  /** All but this one, by id. */
  list(): readonly NearbyKiosk[] {
    return [...this.found.values()].sort((a, b) => a.id - b.id);
  }

  /** Says goodbye, as far as the network lets it. */
  close(): Promise<void> {
    clearInterval(this.upkeep);
    this.browser.stop();
    if (this.failed) return Promise.resolve();
    return new Promise((resolve) => {
      // Manners are not worth waiting for.
      setTimeout(resolve, GOODBYE_MS);
      this.bonjour.unpublishAll(() => this.bonjour.destroy(() => resolve()));
    });
  }

  private take(txt: unknown, up: boolean): void {
    const parsed = announcementSchema.safeParse(txt);
    if (!parsed.success || parsed.data.mark !== this.mark || parsed.data.id === this.options.self.id) return;
    const { id, name, host, port } = parsed.data;
    if (!up) this.found.delete(id);
    else if (this.found.has(id) || this.found.size < KIOSKS_MAX) this.found.set(id, { id, name, host, port });
    this.options.onChange();
  }

  private fail(error: Error): void {
    if (this.failed) return;
    this.failed = true;
    this.options.log(`kiosks on this network can't be found by themselves (${error.message}); add them by their address`);
  }
}
