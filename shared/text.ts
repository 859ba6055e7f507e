import type { Answer, Counted, LogEntryView, LoggedCommand, ProgressAnswer, ShowAnswer, StatusAnswer } from './answers';
import { plainMoney } from './money';
import type { Paid } from './payment';

/** Width of who did what, so that commands stand under each other: `founding` and `kiosk 12` both fit. */
const WHO_WIDTH = 8;

/** Numbers as clerks read them: 1-4, or 1, 3-4 where there are gaps. */
export function ticketRanges(tickets: readonly number[]): string {
  const sorted = [...tickets].sort((a, b) => a - b);
  const ranges: string[] = [];
  for (let index = 0; index < sorted.length; ) {
    let end = index;
    while (sorted[end + 1] === sorted[end]! + 1) end += 1;
    ranges.push(end === index ? `${sorted[index]}` : `${sorted[index]}-${sorted[end]}`);
    index = end + 1;
  }
  return ranges.join(', ');
}

function ticketWords(tickets: readonly number[]): string {
  return `${tickets.length === 1 ? 'ticket' : 'tickets'} ${ticketRanges(tickets)}`;
}

/** An answer as text, without a newline at its end; `show` has one line per entry after the first. */
export function answerText(answer: Answer): string {
  if (!answer.ok)
    return `${answer.op}: ${answer.reason}: ${answer.message}${answer.requestId === undefined ? '' : ` (${answer.requestId})`}`;
  switch (answer.op) {
    case 'buy': {
      const sold = answer.items.map((item) => `${ticketWords(item.tickets)} ${item.event}/${item.category}`).join(' + ');
      return `sold ${sold} -> sale ${answer.sale}, total ${plainMoney(answer.total)}${paidText(answer.payment)}, ${answer.remaining} of ${answer.event} left (${answer.requestId})`;
    }
    case 'cancel':
      return answer.sale === null
        ? `${answer.target} is given up: nothing was sold by it, and nothing will be (${answer.requestId})`
        : `${answer.target} is given up: sale ${answer.sale} is undone, ${ticketWords(answer.tickets)} back in the pool (${answer.requestId})`;
    case 'void':
      return `sale ${answer.sale} is void: ${ticketWords(answer.tickets)} back in the pool, ${plainMoney(answer.total)} to be given back${answer.payment === 'card' ? ' by card' : ''} (${answer.requestId})`;
    case 'print':
      return `sale ${answer.sale}: ${answer.copies.length} claimed for the printer (${answer.requestId})`;
    case 'confirm':
      return `sale ${answer.sale}: noted as printed (${answer.requestId})`;
    case 'reprint':
      return `sale ${answer.sale}: ${answer.copies.length} on the way to the printer, ${copiesText(answer.copies)} (${answer.requestId})`;
    case 'admit':
      return `let in: ticket ${answer.number} of ${answer.event}, sale ${answer.sale} (${answer.requestId})`;
    case 'verify':
      return `good: ticket ${answer.number} of ${answer.event}, sale ${answer.sale}${answer.checked === 'log' ? '' : '; its sale is not known at this kiosk yet'}`;
    case 'event':
      return `event ${answer.event}: done (${answer.requestId})`;
    case 'clerk':
      return `clerk ${answer.clerk}: done (${answer.requestId})`;
    case 'shift':
      return `shift ${answer.shift}: ${answer.closed === undefined ? `${plainMoney(answer.expected)} in the drawer` : countedText(answer.closed)} (${answer.requestId})`;
    case 'recover':
      return `generation ${answer.generation} of the site has begun at this kiosk; add the others again, with empty data folders`;
    case 'add_kiosk':
    case 'change':
      return `kiosk ${answer.kiosk}: done, members ${answer.members.join(' ')}${answer.inForce === undefined ? '' : `, in force from slot ${answer.inForce}`} (${answer.requestId})`;
    case 'show':
      return [...showLines(answer)].join('\n');
    case 'status':
      return statusText(answer);
    case 'help':
      return answer.text;
    case 'stop':
      return 'stopping: leadership is handed over, then this kiosk leaves';
    case 'exit':
      return 'killed, as by a power cut';
  }
}

const PROGRESS_WORDS = { contacting: 'contacting', catching_up: 'catching up', voting: 'voting' } as const;

export function progressText(progress: ProgressAnswer): string {
  return `kiosk ${progress.kiosk}: ${PROGRESS_WORDS[progress.progress]} ${progress.percent} %`;
}

/** `show`, line by line: the whole state first, then one line per committed entry. */
export function* showLines(answer: ShowAnswer): Generator<string> {
  yield stateLine(answer);
  for (const entry of answer.log) yield entryLine(entry);
}

/** First line of `show`: the whole state. */
export function stateLine(answer: ShowAnswer): string {
  const { events, members, leader, applied } = answer.state;
  const pools = events.map((event) => `${event.id}: ${event.remaining} of ${event.capacity} left`).join('; ');
  const truth = answer.confirmed ? 'confirmed' : `last known, not confirmed, ${answer.ageSeconds ?? 0} seconds old`;
  return `${pools || 'no events yet'} | members ${members.join(' ') || 'none'}, leader ${leader ?? 'none'}, applied ${applied}, ${truth}`;
}

/** One committed entry as a line. */
export function entryLine(entry: LogEntryView): string {
  const head = `${entry.slot}  ${entry.ballot}`;
  const commands = entry.commands.map((command, index) => commandText(command, index === 0 ? WHO_WIDTH : 0)).join('; ');
  const members = (entry.members ?? []).join(' ');
  switch (entry.kind) {
    case 'founding': {
      const events = (entry.events ?? []).map(({ id, capacity }) => `${id} (${capacity})`).join(', ');
      return `${head}  ${'founding'.padEnd(WHO_WIDTH)}  members ${members}, event${entry.events?.length === 1 ? '' : 's'} ${events}`;
    }
    case 'no-op':
      return `${head}  no-op`;
    case 'configuration':
      return `${head}  ${commands}, members ${members}${entry.inForce === undefined ? '' : `, in force from slot ${entry.inForce}`}`;
    case 'batch':
      return `${head}  ${commands}`;
    case 'version':
      return `${head}  version   commands of version ${entry.version ?? '?'} may follow`;
    case 'recovery': {
      const held = (entry.heldBack ?? []).map(({ event, upTo }) => `, ${event} up to number ${upTo} not sold again`).join('');
      return `${head}  recovery  generation ${entry.generation ?? '?'} begins, members ${members}${held}`;
    }
  }
}

/** @param width of the column of who asked for it */
function commandText(command: LoggedCommand, width: number): string {
  const who = `kiosk ${command.kiosk}`.padEnd(width);
  const { result } = command;
  const id = `(${command.requestId}${result.duplicate ? ', duplicate' : ''})`;
  const refused = result.reason ?? 'refused';
  const back = result.tickets === undefined || result.tickets.length === 0 ? '' : `, ${ticketWords(result.tickets)} back`;
  switch (command.op) {
    case 'change':
      return `${who}  change ${command.change ?? ''} -> ${result.ok ? 'ok' : refused} ${id}`;
    case 'cancel':
      return `${who}  cancel ${command.target ?? ''} -> ${result.ok ? `${result.sale === undefined ? 'never sold' : `sale ${result.sale} undone`}${back}` : refused} ${id}`;
    case 'void':
      return `${who}  void ${command.sale ?? ''}${command.reason === undefined ? '' : ` (${command.reason})`} -> ${result.ok ? `ok${back}` : refused} ${id}`;
    case 'print':
      return `${who}  print ${command.receipt === true ? 'receipt' : (command.n ?? '?')} of ${command.sale ?? ''} -> ${result.ok ? copiesText(result.copies ?? []) : refused} ${id}`;
    case 'confirm':
      return `${who}  printed ${command.n ?? '?'} of ${command.sale ?? ''} -> ${result.ok ? 'ok' : refused} ${id}`;
    case 'admit':
      return `${who}  admit ${command.number ?? ''} of ${command.event ?? ''}, sale ${command.sale ?? ''} -> ${result.ok ? 'ok' : refused} ${id}`;
    case 'event':
    case 'clerk':
    case 'shift':
      return `${who}  ${command.op} ${command.change ?? ''} -> ${result.ok ? shiftText(result) : refused} ${id}`;
    case 'buy':
      break;
  }
  const what = (command.items ?? []).map((item) => `${item.n} ${item.event}`).join(' + ') || `${command.n ?? '?'} ${command.event ?? ''}`;
  return `${who}  buy ${what} -> ${result.ok ? saleText(result) : (result.reason ?? 'refused')} ${id}`;
}

/** Exact cash is what everybody expects, and needs no words. */
function paidText({ kind, given, change }: Paid): string {
  if (kind === 'card') return ' by card';
  return change === 0 ? '' : ` (${plainMoney(given)} given, ${plainMoney(change)} back)`;
}

function countedText({ z, expected, counted, difference }: Counted): string {
  return `closed, Z report ${z}: ${plainMoney(expected)} expected, ${plainMoney(counted)} counted, difference ${plainMoney(difference)}`;
}

function shiftText({ shift, closed }: LoggedCommand['result']): string {
  if (closed !== undefined) return countedText(closed);
  return typeof shift === 'number' ? `shift ${shift}` : 'ok';
}

/** What the claims allow to be printed. */
function copiesText(copies: readonly number[]): string {
  const again = copies.filter((copy) => copy > 0).length;
  return again === 0 ? 'originals' : `${copies.length - again} originals, ${again} copies`;
}

/** The numbers of a sale of several events stand with their event: each event counts its own. */
function saleText({ sale, tickets, items }: LoggedCommand['result']): string {
  const events = new Set((items ?? []).map(({ event }) => event));
  if (items === undefined || events.size <= 1) return `sale ${sale}, ${ticketWords(tickets ?? [])}`;
  return `sale ${sale}, ${items.map((item) => `${item.event} ${ticketWords(item.tickets)}`).join(', ')}`;
}

function statusText(status: StatusAnswer): string {
  const lines = [
    `kiosk ${status.kiosk} is ${status.role}${status.majority ? '' : ', without a majority'}; leader ${status.leader ?? 'none'}, ballot ${status.ballot}`,
    `applied ${status.applied}, committed ${status.committed}; members ${status.members.join(' ') || 'none'}; connected to ${status.connected.join(' ') || 'nobody'}`,
    `pid ${status.pid}, ${status.runtime}, version ${status.version}, incarnation ${status.incarnation}`,
  ];
  if (status.problem !== null) lines.push(`problem: ${status.problem}`);
  // A kiosk of an earlier version does not tell.
  else if (status.notSelling) lines.push(`not selling: ${status.notSelling}`);
  return lines.join('\n');
}
