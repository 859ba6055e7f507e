import type { CommandResult, LogEntryView, LoggedCommand } from '../../shared/answers';
import { formatBallot, type Slot } from '../../shared/ballot';
import { ALPHA } from '../../shared/constants';
import type { Command } from '../../shared/values';
import type { AppliedEntry } from './driver';

/** The applied log, from slot 1 on, as `show` and the window read it. */
export class History {
  private readonly entries: AppliedEntry[] = [];

  add(entry: AppliedEntry): void {
    this.entries.push(entry);
  }

  get last(): Slot {
    return this.entries.length;
  }

  /** Entries of slots [from, to], oldest first. */
  range(from: Slot, to: Slot): readonly LogEntryView[] {
    return this.entries.slice(Math.max(0, from - 1), Math.max(0, to)).map(viewOf);
  }

  /** Entries of slots [from, to] that speak of the event, with just those commands. */
  ofEvent(event: string, from: Slot, to: Slot): readonly LogEntryView[] {
    return this.range(from, to).flatMap((view) => {
      const commands = view.commands.filter((command) => command.items?.some((item) => item.event === event));
      return commands.length === 0 ? [] : [{ ...view, commands }];
    });
  }
}

function viewOf(entry: AppliedEntry): LogEntryView {
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
    case 'batch':
      return { ...base, commands: value.commands.map((command, index) => logged(command, entry.results[index]!)) };
    case 'configuration':
      return {
        ...base,
        commands: [logged(value.command, entry.results[0]!)],
        members: value.members.map(({ kiosk }) => kiosk),
        inForce: slot + ALPHA,
      };
  }
}

function logged(command: Command, result: CommandResult): LoggedCommand {
  const base = { requestId: command.requestId, kiosk: command.kiosk, clerk: command.clerk, at: command.at };
  if (command.op === 'change') {
    return { ...base, op: 'change', change: `${command.change.kind} ${command.change.kiosk}`, result: resultOf(result) };
  }
  return {
    ...base,
    op: 'buy',
    n: command.items.reduce((sum, item) => sum + item.n, 0),
    event: command.items[0]!.event,
    items: command.items,
    result: resultOf(result),
  };
}

function resultOf(result: CommandResult): LoggedCommand['result'] {
  const duplicate = result.duplicate ? { duplicate: true as const } : {};
  if (!result.ok) return { ok: false, reason: result.reason, ...duplicate };
  if (result.op === 'change') return { ok: true, ...duplicate };
  return {
    ok: true,
    sale: result.sale,
    tickets: result.items.flatMap((item) => item.tickets),
    items: result.items,
    total: result.total,
    ...duplicate,
  };
}
