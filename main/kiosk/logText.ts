import type { CommandResult, LogEntryView, LoggedAction, LoggedCommand } from '../../shared/answers';
import { formatBallot } from '../../shared/ballot';
import { ALPHA } from '../../shared/constants';
import { plainMoney } from '../../shared/money';
import type { ClerkCommand, Command, EventCommand, ShiftCommand } from '../../shared/values';
import type { ArchiveEntry } from '../storage';

/** A log entry as `show` and the window have it: in words, without what is nobody's business (a clerk's PIN). */
export function viewOf(entry: ArchiveEntry): LogEntryView {
  const { slot, value } = entry;
  const base = { slot, ballot: formatBallot(entry.ballot), kind: value.kind };
  switch (value.kind) {
    case 'founding':
      return {
        ...base,
        commands: [],
        members: value.members.map(({ kiosk }) => kiosk),
        events: value.events.map(({ id, capacity }) => ({ id, capacity })),
        inForce: slot,
      };
    case 'no-op':
      return { ...base, commands: [] };
    case 'version':
      return { ...base, commands: [], version: value.version };
    case 'recovery':
      return {
        ...base,
        commands: [],
        members: value.members.map(({ kiosk }) => kiosk),
        generation: value.generation,
        inForce: slot + 1,
        ...(value.heldBack === undefined ? {} : { heldBack: value.heldBack }),
      };
    case 'batch':
      return { ...base, commands: value.commands.map((command, index) => logged(command, entry.results[index]!)) };
    case 'configuration':
      return {
        ...base,
        commands: [logged(value.command, entry.results[0]!)],
        members: value.members.map(({ kiosk }) => kiosk),
        // One that was chosen beside another changes nothing.
        ...(entry.results[0]!.ok && !entry.results[0]!.duplicate ? { inForce: slot + ALPHA } : {}),
      };
  }
}

function logged(command: Command, result: CommandResult): LoggedCommand {
  const { requestId, kiosk, clerk, approver, at } = command;
  const base = { requestId, kiosk, clerk, ...(approver === undefined ? {} : { approver }), at, result: resultOf(result) };
  switch (command.op) {
    case 'buy':
      return {
        ...base,
        op: 'buy',
        n: command.items.reduce((sum, item) => sum + item.n, 0),
        event: command.items[0]!.event,
        items: command.items,
      };
    case 'cancel':
      return { ...base, op: 'cancel', target: command.target };
    case 'void':
      return { ...base, op: 'void', sale: command.sale, ...(command.reason === undefined ? {} : { reason: command.reason }) };
    case 'print':
      return {
        ...base,
        op: 'print',
        sale: command.sale,
        n: command.tickets.length,
        ...(command.receipt === true ? { receipt: true } : {}),
      };
    case 'confirm':
      return { ...base, op: 'confirm', sale: command.sale, n: command.tickets.length };
    case 'admit':
      return { ...base, op: 'admit', sale: command.sale, event: command.event, number: command.number };
    case 'event':
      return { ...base, op: 'event', event: eventOf(command), change: eventText(command), action: { op: 'event', action: command.action } };
    case 'clerk':
      return { ...base, op: 'clerk', change: clerkText(command), action: { op: 'clerk', action: withoutPin(command) } };
    case 'shift':
      return { ...base, op: 'shift', change: shiftText(command), action: { op: 'shift', action: command.action } };
    case 'change': {
      const { change } = command;
      const where = change.kind === 'address' ? ` ${change.host}:${change.port}` : '';
      return { ...base, op: 'change', change: `${change.kind} ${change.kiosk}${where}` };
    }
  }
}

function resultOf(result: CommandResult): LoggedCommand['result'] {
  const duplicate = result.duplicate ? { duplicate: true as const } : {};
  if (!result.ok) return { ok: false, reason: result.reason, ...(result.first === undefined ? {} : { first: result.first }), ...duplicate };
  switch (result.op) {
    case 'change':
    case 'event':
    case 'clerk':
      return { ok: true, ...duplicate };
    case 'print':
      return { ok: true, sale: result.sale, copies: result.copies, ...duplicate };
    case 'confirm':
      return { ok: true, sale: result.sale, ...duplicate };
    case 'admit':
      return { ok: true, sale: result.sale, tickets: [result.number], ...duplicate };
    case 'shift':
      return { ok: true, shift: result.shift, ...(result.closed === undefined ? {} : { closed: result.closed }), ...duplicate };
    case 'buy':
    case 'void':
    case 'cancel':
      return {
        ok: true,
        ...(result.sale === null ? {} : { sale: result.sale }),
        tickets: result.items.flatMap((item) => item.tickets),
        items: result.items,
        ...(result.op === 'cancel' ? {} : { total: result.total }),
        ...(result.op === 'buy' ? { payment: result.payment, shift: result.shift } : {}),
        ...duplicate,
      };
  }
}

function eventOf({ action }: EventCommand): string {
  return action.kind === 'create' ? action.event.id : action.event;
}

function eventText(command: EventCommand): string {
  const { action } = command;
  const head = `${action.kind} ${eventOf(command)}`;
  const priceList = (prices: readonly { readonly price: number; readonly [key: string]: unknown }[], key: string) =>
    prices.map((one) => `${String(one[key])} ${plainMoney(one.price)}`).join(', ');
  switch (action.kind) {
    case 'open':
    case 'close':
      return head;
    case 'create':
      return `${head}: ${action.event.capacity} tickets, ${priceList(action.event.categories, 'id')}`;
    case 'change': {
      const parts = [
        action.name === undefined ? '' : `name ${action.name}`,
        action.starts === undefined ? '' : `starts ${action.starts ?? 'at no time'}`,
        action.capacity === undefined ? '' : `${action.capacity} tickets`,
        action.categories === undefined ? '' : priceList(action.categories, 'id'),
        action.prices === undefined ? '' : priceList(action.prices, 'category'),
      ];
      return `${head}: ${parts.filter((part) => part !== '').join(', ')}`;
    }
  }
}

function withoutPin({ action }: ClerkCommand): Extract<LoggedAction, { op: 'clerk' }>['action'] {
  const { kind, target, name, permissions, pin } = action;
  const active = action.kind === 'add' ? undefined : action.active;
  return {
    kind,
    target,
    newPin: kind === 'change' && pin !== undefined,
    ...(name === undefined ? {} : { name }),
    ...(permissions === undefined ? {} : { permissions }),
    ...(active === undefined ? {} : { active }),
  };
}

function clerkText({ action }: ClerkCommand): string {
  const parts = [
    action.name === undefined ? '' : `name ${action.name}`,
    action.permissions === undefined ? '' : `may ${action.permissions.join(' ') || 'nothing'}`,
    action.pin === undefined || action.kind === 'add' ? '' : 'new PIN',
    action.kind === 'add' || action.active === undefined ? '' : action.active ? 'enabled' : 'disabled',
  ];
  return `${action.kind} ${action.target}: ${parts.filter((part) => part !== '').join(', ')}`;
}

function shiftText({ action }: ShiftCommand): string {
  switch (action.kind) {
    case 'open':
      return `open with ${plainMoney(action.float)}`;
    case 'close':
      return `close ${action.shift}`;
    case 'in':
    case 'out':
      return `${action.kind} ${plainMoney(action.cents)} (${action.reason})`;
  }
}
