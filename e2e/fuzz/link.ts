import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import tls from 'node:tls';
import type { Bundle } from '../../main/site/load';
import { FrameReader, textFrame } from './frames';

export interface LinkOptions {
  readonly port: number;
  /** Of the kiosk that is played. */
  readonly bundle: Bundle;
  /** What it says of itself in its greeting. */
  readonly hello: object;
}

const OPEN_MS = 10_000;
const HEAD_END = '\r\n\r\n';

/** A link as a kiosk makes it, down to the byte: TLS, upgrade, and if asked for the greeting. It answers heartbeats. */
export class KioskLink {
  readonly closed: Promise<unknown>;

  private constructor(private readonly socket: tls.TLSSocket) {
    this.closed = once(socket, 'close').catch(() => undefined);
  }

  /** @throws Error if the kiosk does not let it in */
  static async open({ port, bundle, hello }: LinkOptions, greeted = true): Promise<KioskLink> {
    const socket = tls.connect({ host: '127.0.0.1', port, ...bundle, checkServerIdentity: () => undefined });
    socket.on('error', () => undefined);
    const link = new KioskLink(socket);
    const limit = setTimeout(() => socket.destroy(), OPEN_MS);
    try {
      await new Promise<void>((resolve, reject) => {
        let head = '';
        let reader: FrameReader | null = null;
        socket.once('close', () => reject(new Error('the kiosk closed the connection')));
        socket.once('secureConnect', () => {
          const key = randomBytes(16).toString('base64');
          socket.write(
            `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: kiosk\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
          );
        });
        const onText = (text: string) => {
          // engine.io: 0 open, 2 ping; socket.io within 4: 40 connected, 44 refused.
          if (text.startsWith('0')) {
            if (greeted) link.text(`40${JSON.stringify(hello)}`);
            else resolve();
          }
          if (text === '2') link.text('3');
          if (text.startsWith('40')) resolve();
          if (text.startsWith('44')) reject(new Error(text));
        };
        socket.on('data', (chunk: Buffer) => {
          if (reader !== null) {
            reader.add(chunk);
            return;
          }
          head += chunk.toString('latin1');
          const end = head.indexOf(HEAD_END);
          if (end === -1) return;
          reader = new FrameReader(onText);
          reader.add(Buffer.from(head.slice(end + HEAD_END.length), 'latin1'));
        });
      });
      return link;
    } catch (error) {
      socket.destroy();
      throw error;
    } finally {
      clearTimeout(limit);
    }
  }

  get isOpen(): boolean {
    return this.socket.writable;
  }

  /** Whether more may be written now; else wait for `drained`. */
  write(bytes: Buffer): boolean {
    return this.socket.writable && this.socket.write(bytes);
  }

  text(text: string): boolean {
    return this.write(textFrame(text));
  }

  /** When all that was written has left, or the link is closed. */
  async drained(): Promise<void> {
    if (this.socket.writable && this.socket.writableNeedDrain)
      await Promise.race([once(this.socket, 'drain').catch(() => undefined), this.closed]);
  }

  close(): void {
    this.socket.destroy();
  }
}
