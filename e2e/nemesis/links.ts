import { findEndpoint } from '../../main/client/address';
import { Connection } from '../../main/client/connection';
import type { Answer } from '../../shared/answers';
import type { KioskId } from '../../shared/ballot';
import type { Request } from '../../shared/requests';

/** One connection to each kiosk's local endpoint, opened again after the kiosk was. */
export class Links {
  private readonly opened = new Map<KioskId, Promise<Connection | null>>();

  constructor(private readonly dataOf: (kiosk: KioskId) => string) {}

  /** The kiosk's answer; `unreachable` where no process of it listens, in which case nothing was sent. */
  async ask(kiosk: KioskId, request: Request): Promise<Answer> {
    const connection = await this.connection(kiosk);
    if (connection === null) return { ok: false, op: request.op, reason: 'unreachable', message: `no process of kiosk ${kiosk} answers` };
    return connection.execute(request);
  }

  close(): void {
    for (const opened of this.opened.values()) void opened.then((connection) => connection?.close());
    this.opened.clear();
  }

  private async connection(kiosk: KioskId): Promise<Connection | null> {
    const opened = this.opened.get(kiosk) ?? this.open(kiosk);
    const connection = await opened;
    if (connection !== null && !connection.closed) return connection;
    if (this.opened.get(kiosk) === opened) this.opened.delete(kiosk);
    return connection === null ? null : this.connection(kiosk);
  }

  private open(kiosk: KioskId): Promise<Connection | null> {
    const opened = findEndpoint(this.dataOf(kiosk))
      .then(Connection.open)
      .catch(() => null);
    this.opened.set(kiosk, opened);
    return opened;
  }
}
