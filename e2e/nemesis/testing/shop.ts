import { Tickets } from '../../../main/tickets';
import type { Answer, CommandResult, LogEntryView, LoggedCommand } from '../../../shared/answers';
import { ALPHA } from '../../../shared/constants';
import type { EventSpec } from '../../../shared/site';
import type { Command, Member, Value } from '../../../shared/values';
import type { CommandCall, Shown } from '../history';
import type { Dump } from '../logs';
import type { EventPlan } from '../pools';

const PRICE_CENTS = 1_200;
const FOUNDERS = [1, 2, 3];
const BALLOT = '1.0.1';

/** A call as its kiosk puts it into the log. */
export interface Issued {
  readonly call: CommandCall;
  readonly kiosk: number;
}

/** A shop that does everything right: the real application, its log as `show` gives it, and its answers. */
export class Shop {
  readonly entries: LogEntryView[] = [];
  readonly events: readonly EventPlan[];
  private readonly tickets = new Tickets();
  private readonly states: Omit<Shown, 'confirmed' | 'log'>[] = [];
  private current: readonly number[] = FOUNDERS;

  /** @param capacities by event */
  constructor(capacities: Readonly<Record<string, number>>) {
    const specs = Object.entries(capacities).map(
      ([id, capacity]): EventSpec => ({ id, name: id, capacity, categories: [{ id: 'adult', name: 'Adult', price: PRICE_CENTS }] }),
    );
    this.events = specs.map(({ id, capacity }) => ({ id, capacity, prices: new Map([['adult', PRICE_CENTS]]) }));
    this.append({ kind: 'founding', uid: 'selftest', members: FOUNDERS.map(member), events: specs });
  }

  get members(): readonly number[] {
    return this.current;
  }

  get applied(): number {
    return this.entries.length;
  }

  /** Commits one batch; answers in its order. */
  commit(batch: readonly Issued[]): readonly Answer[] {
    const results = this.append({ kind: 'batch', commands: batch.map(commandOf) });
    return batch.map(({ call }, index) => answerOf(call.op, call.requestId, results[index]!));
  }

  noOp(): void {
    this.append({ kind: 'no-op' });
  }

  /** Adds or removes a kiosk, and fills the window behind the change. */
  change(requestId: string, change: 'add' | 'remove', kiosk: number): Answer {
    const without = this.current.filter((other) => other !== kiosk);
    this.current = change === 'add' ? [...without, kiosk] : without;
    const command = { op: 'change' as const, ...base(requestId, 1), change: { kind: change, kiosk } };
    this.append({ kind: 'configuration', command, members: this.members.map(member) });
    const slot = this.applied;
    for (let n = 1; n < ALPHA; n += 1) this.noOp();
    return { ok: true, op: 'change', requestId, kiosk, members: this.members, inForce: slot + ALPHA };
  }

  /** What a kiosk would answer to a repeat without asking the log; null where it has to. */
  known(issued: Issued): Answer | null {
    const result = this.tickets.answer(commandOf(issued));
    return result === null ? null : answerOf(issued.call.op, issued.call.requestId, result);
  }

  /** The state after a slot. */
  show(applied = this.applied, confirmed = true): Shown {
    return { ...this.states[applied - 1]!, confirmed, log: this.entries.slice(Math.max(0, applied - 3), applied) };
  }

  /** The whole log as each of these kiosks shows it at the end. */
  dumps(kiosks: readonly number[] = FOUNDERS): Dump[] {
    return kiosks.map((kiosk) => ({ kiosk, sequence: 1, complete: true, entries: structuredClone(this.entries) }));
  }

  private append(value: Value): readonly CommandResult[] {
    const slot = this.entries.length + 1;
    const results = this.tickets.apply(slot, value);
    this.entries.push(viewOf(slot, value, results));
    const events = this.tickets.events().map(({ id, capacity, sold, remaining }) => ({ id, capacity, sold, remaining }));
    this.states.push({ applied: slot, hash: this.tickets.hash, events });
    return results;
  }
}

function member(kiosk: number): Member {
  return { kiosk, incarnation: `incarnation${kiosk}`, name: `Kiosk ${kiosk}`, host: '127.0.0.1', port: 7_400 + kiosk, priority: 0 };
}

function base(requestId: string, kiosk: number) {
  return { requestId, kiosk, clerk: 'operator', issued: 1, at: 0 };
}

function commandOf({ call, kiosk }: Issued): Command {
  const common = base(call.requestId, kiosk);
  switch (call.op) {
    case 'buy':
      return { op: 'buy', ...common, items: [...call.items] };
    case 'cancel':
      return { op: 'cancel', ...common, target: call.target };
    case 'void':
      return { op: 'void', ...common, sale: call.sale };
    case 'print':
      return { op: 'print', ...common, sale: call.sale, tickets: call.tickets.map((ticket) => ({ ...ticket })) };
    default:
      throw new Error(`the model has no ${call.op}`);
  }
}

function answerOf(op: CommandCall['op'], requestId: string, result: CommandResult): Answer {
  if (!result.ok) {
    const { reason, message, remaining } = result;
    return { ok: false, op, requestId, reason, message, ...(remaining === undefined ? {} : { remaining }) };
  }
  const { duplicate: _, ...told } = result;
  switch (told.op) {
    case 'buy':
      return { ...told, requestId, event: told.items[0]!.event, tickets: told.items.flatMap(({ tickets }) => tickets) };
    case 'cancel':
    case 'void':
      return { ...told, requestId, tickets: told.items.flatMap(({ tickets }) => tickets) };
    case 'print':
      return { ...told, requestId };
    default:
      throw new Error(`the model has no ${told.op}`);
  }
}

function viewOf(slot: number, value: Value, results: readonly CommandResult[]): LogEntryView {
  const common = { slot, ballot: BALLOT, kind: value.kind };
  switch (value.kind) {
    case 'founding':
      return {
        ...common,
        commands: [],
        members: value.members.map(({ kiosk }) => kiosk),
        events: value.events.map(({ id, capacity }) => ({ id, capacity })),
        inForce: slot,
      };
    case 'batch':
      return { ...common, commands: value.commands.map((command, index) => logged(command, results[index]!)) };
    case 'configuration':
      return {
        ...common,
        commands: [logged(value.command, results[0]!)],
        members: value.members.map(({ kiosk }) => kiosk),
        inForce: slot + ALPHA,
      };
    default:
      return { ...common, commands: [] };
  }
}

function logged(command: Command, result: CommandResult): LoggedCommand {
  const { requestId, kiosk, clerk, at } = command;
  const common = { requestId, kiosk, clerk, at, result: resultOf(result) };
  switch (command.op) {
    case 'buy': {
      const { items } = command;
      return { ...common, op: 'buy', n: items.reduce((sum, { n }) => sum + n, 0), event: items[0]!.event, items };
    }
    case 'cancel':
      return { ...common, op: 'cancel', target: command.target };
    case 'void':
      return { ...common, op: 'void', sale: command.sale };
    case 'print':
      return { ...common, op: 'print', sale: command.sale, n: command.tickets.length };
    case 'confirm':
      return { ...common, op: 'confirm', sale: command.sale, n: command.tickets.length };
    case 'change':
      return { ...common, op: 'change', change: `${command.change.kind} ${command.change.kiosk}` };
    default:
      throw new Error(`the model has no ${command.op}`);
  }
}

function resultOf(result: CommandResult): LoggedCommand['result'] {
  const duplicate = result.duplicate ? { duplicate: true as const } : {};
  if (!result.ok) return { ok: false, reason: result.reason, ...duplicate };
  if (result.op === 'change' || result.op === 'confirm') return { ok: true, ...duplicate };
  if (result.op === 'print') return { ok: true, sale: result.sale, copies: result.copies, ...duplicate };
  if (result.op !== 'buy' && result.op !== 'void' && result.op !== 'cancel') throw new Error(`the model has no ${result.op}`);
  return {
    ok: true,
    ...(result.sale === null ? {} : { sale: result.sale }),
    tickets: result.items.flatMap(({ tickets }) => tickets),
    items: result.items,
    ...(result.op === 'cancel' ? {} : { total: result.total }),
    ...duplicate,
  };
}
