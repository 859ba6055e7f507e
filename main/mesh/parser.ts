import { Decoder as AnyDecoder, Encoder as AnyEncoder, type Packet, PacketType } from 'socket.io-parser';
import type { Message } from '../../shared/messages';
import { valueText } from '../../shared/valueText';
import { MESSAGE_EVENT } from './settings';

/**
 * socket.io's own format, made and read with less code where it carries what kiosks say all the time: one event of one
 * argument, without acknowledgement, attachments or namespace. Such a message is not looked through for binary data, and
 * the commands of an Accept, which goes to every member and into the journal, are turned into text once. All else
 * (greetings, pages of a snapshot, whatever a stranger sends) is left to socket.io's parser.
 */
const MESSAGE_HEAD = `${PacketType.EVENT}${JSON.stringify([MESSAGE_EVENT]).slice(0, -1)},`;
/** Begins a packet with attachments, whatever its kind. */
const ATTACHMENTS: ReadonlySet<string> = new Set([String(PacketType.BINARY_EVENT), String(PacketType.BINARY_ACK)]);
/** These hold no bytes. */
const PLAIN: ReadonlySet<unknown> = new Set<Message['t']>(['accept', 'accepted', 'commit', 'forward', 'ping', 'pong']);

export class Encoder extends AnyEncoder {
  override encode(packet: Packet): unknown[] {
    const { type, nsp, id, data } = packet;
    const isMessage = type === PacketType.EVENT && nsp === '/' && id === undefined && data.length === 2 && data[0] === MESSAGE_EVENT;
    return isMessage && PLAIN.has(data[1]?.t) ? [`${MESSAGE_HEAD}${messageText(data[1])}]`] : super.encode(packet);
  }
}

/** As JSON.stringify writes it. */
function messageText(message: Message): string {
  if (message.t !== 'accept') return JSON.stringify(message);
  const { t, ballot, chosen, entries } = message;
  const head = JSON.stringify({ t, ballot, chosen }).slice(0, -1);
  return `${head},"entries":[${entries.map(({ slot, value }) => `{"slot":${slot},"value":${valueText(value)}}`).join(',')}]}`;
}

export class Decoder extends AnyDecoder {
  /** A packet's attachments are still to come: until then what else comes is between it and socket.io's parser. */
  private attached = false;

  constructor() {
    super();
    this.on('decoded', () => {
      this.attached = false;
    });
  }

  override add(data: unknown): void {
    if (!this.attached && typeof data === 'string') {
      if (data.startsWith(MESSAGE_HEAD)) {
        // With that head it is a list of the event's name and whatever follows, or no JSON: then the link ends.
        this.emitReserved('decoded', { type: PacketType.EVENT, nsp: '/', data: JSON.parse(data.slice(1)) });
        return;
      }
      this.attached = ATTACHMENTS.has(data.charAt(0));
    }
    super.add(data);
  }
}
