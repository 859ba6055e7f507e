import type { KioskId } from '../../shared/ballot';
import type { Message } from '../../shared/messages';
import type { ChosenPrinter } from '../../shared/printing';

export interface ChosenPrintersPorts {
  readonly self: KioskId;
  /** The kiosks that are linked now. */
  readonly linked: () => readonly KioskId[];
  readonly send: (to: KioskId, message: Message) => void;
  /** Somebody's printer is another one now, or in another state. */
  readonly onChange: () => void;
}

/** Where each kiosk prints and how its printer is, told by itself when a link is made and whenever that changes. */
export class ChosenPrinters {
  private readonly known = new Map<KioskId, ChosenPrinter>();

  constructor(private readonly ports: ChosenPrintersPorts) {}

  /** What a kiosk said last over the link that there is; null for nothing. */
  of(kiosk: KioskId): ChosenPrinter | null {
    return this.known.get(kiosk) ?? null;
  }

  /** This kiosk's own. */
  tell(printer: ChosenPrinter): void {
    if (!this.take(this.ports.self, printer)) return;
    for (const kiosk of this.ports.linked()) this.ports.send(kiosk, { t: 'printer', ...printer });
  }

  connected(kiosk: KioskId): void {
    const own = this.of(this.ports.self);
    if (own !== null) this.ports.send(kiosk, { t: 'printer', ...own });
  }

  disconnected(kiosk: KioskId): void {
    this.known.delete(kiosk);
  }

  /** @returns whether the message was about a printer */
  onMessage(from: KioskId, message: Message): boolean {
    if (message.t !== 'printer') return false;
    this.take(from, { label: message.label, state: message.state });
    return true;
  }

  private take(kiosk: KioskId, printer: ChosenPrinter): boolean {
    const before = this.of(kiosk);
    if (before?.label === printer.label && before.state === printer.state) return false;
    this.known.set(kiosk, printer);
    this.ports.onChange();
    return true;
  }
}
