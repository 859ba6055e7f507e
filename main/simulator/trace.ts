import { formatBallot } from '../../shared/ballot';
import type { Message } from '../../shared/messages';

/** A message in a few words, for traces. */
export function describeMessage(message: Message): string {
  switch (message.t) {
    case 'ping':
    case 'pong':
      return `${message.t} ${message.round}`;
    case 'prepare':
      return `prepare ${formatBallot(message.ballot)} from slot ${message.from}`;
    case 'promise': {
      const slots = message.entries.map(({ slot, ballot }) => `${slot}@${formatBallot(ballot)}`).join(' ');
      return `promise ${formatBallot(message.ballot)}, chosen ${message.chosen}, holds ${slots || 'nothing'}`;
    }
    case 'accept':
      return `accept ${formatBallot(message.ballot)} ${message.entries.map(({ slot, value }) => `${slot}=${value.kind}`).join(' ')}, chosen ${message.chosen}`;
    case 'accepted':
      return `accepted ${formatBallot(message.ballot)} ${message.slots.join(' ')}`;
    case 'reject':
      return `reject ${formatBallot(message.ballot)}, promised ${formatBallot(message.promised)}`;
    case 'commit':
      return `commit ${formatBallot(message.ballot)} up to ${message.chosen}`;
    case 'hold':
    case 'held':
      return `${message.t} ${formatBallot(message.ballot)} up to ${message.slot}`;
    case 'log-request':
      return `log request from ${message.from}`;
    case 'snapshot-request':
      return `snapshot request ${message.slot}, part ${message.part}`;
    case 'snapshot-page':
      return `snapshot ${message.slot}, part ${message.part} of ${message.parts}`;
    case 'history-request':
    case 'history-page':
      return `${message.t} up to ${message.to}`;
    case 'log-page':
      return `log page ${message.entries.map(({ slot }) => slot).join(' ')}, chosen ${message.chosen}`;
    case 'forward':
      return `forward ${message.commands.map(({ requestId }) => requestId).join(' ')}, hops ${message.hops}`;
    case 'read':
      return `read ${message.id}`;
    case 'read-index':
      return `read index ${message.id} = ${message.index}`;
    case 'sign':
      return `sign ${message.founding.members.map(({ kiosk }) => kiosk).join(' ')}`;
    case 'hand-over':
      return `hand over ${formatBallot(message.ballot)}`;
    case 'printer':
      return `printer ${message.state}`;
  }
}
