import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import type { LogEntryView, ShowAnswer } from '../shared/answers';
import type { Cluster } from './cluster';

const execute = promisify(execFile);
const CLIENT = path.resolve(import.meta.dirname, '..', 'out/main/client.js');
const ANSWER_BYTES = 64 * 1024 * 1024;

/** A sale by the log: what was sold, how it was paid, and what became of it. Cents. */
export interface LoggedSale {
  readonly sale: string;
  readonly kiosk: number;
  readonly clerk: string;
  readonly shift: number | null;
  /** In the order of the cart: the event and its numbers. */
  readonly tickets: readonly { readonly event: string; readonly number: number }[];
  readonly total: number;
  readonly pay: string;
  readonly given: number;
  readonly change: number;
  voided: { readonly clerk: string; readonly approver: string | undefined; readonly reason: string | undefined } | null;
  /** Claims of its tickets for a printer, summed. */
  claims: number;
}

/** What the command-line client says of a kiosk: its whole log, to the last entry, and the state at its end. */
export async function wholeLog(cluster: Cluster, kiosk: number): Promise<{ state: ShowAnswer['state']; log: readonly LogEntryView[] }> {
  const log: LogEntryView[] = [];
  for (let from = 1; ; ) {
    const args = [
      CLIENT,
      String(kiosk),
      '--site',
      cluster.site,
      '--data',
      cluster.dataFolder(kiosk),
      '--json',
      'show',
      '--from',
      String(from),
    ];
    const { stdout } = await execute(process.execPath, args, { maxBuffer: ANSWER_BYTES });
    const answer = JSON.parse(stdout) as ShowAnswer;
    expect(answer).toMatchObject({ ok: true, confirmed: true, firstSlot: 1 });
    log.push(...answer.log);
    if (answer.nextSlot === undefined) return { state: answer.state, log };
    from = answer.nextSlot;
  }
}

/**
 * Reads the log as an auditor would, entry by entry, and trusts nothing but it: slots without a gap, each request
 * once, no number held by two sales at a time.
 */
export function auditLog(log: readonly LogEntryView[]): ReadonlyMap<string, LoggedSale> {
  const sales = new Map<string, LoggedSale>();
  const requests = new Set<string>();
  const held = new Map<string, string>();
  expect(log.map(({ slot }) => slot)).toEqual(log.map((_, index) => index + 1));
  for (const { commands } of log) {
    for (const command of commands) {
      const { op, requestId, result } = command;
      if (result.duplicate) continue;
      expect(requests, `${requestId} takes effect once`).not.toContain(requestId);
      requests.add(requestId);
      if (!result.ok) continue;
      if (op === 'buy') {
        const tickets = result.items!.flatMap(({ event, tickets: numbers }) => numbers.map((number) => ({ event, number })));
        for (const ticket of tickets) {
          const name = `${ticket.event}/${ticket.number}`;
          expect(held.get(name), `${name} is free when sale ${result.sale} takes it`).toBeUndefined();
          held.set(name, result.sale!);
        }
        const { kind, given, change } = result.payment!;
        const { kiosk, clerk } = command;
        const sale = { sale: result.sale!, kiosk, clerk, shift: result.shift ?? null, tickets, total: result.total! };
        sales.set(sale.sale, { ...sale, pay: kind, given, change, voided: null, claims: 0 });
      } else if (op === 'void') {
        const sale = sales.get(command.sale!)!;
        expect(sale.voided, `sale ${sale.sale} is voided once`).toBeNull();
        sale.voided = { clerk: command.clerk, approver: command.approver, reason: command.reason };
        for (const { event, number } of sale.tickets) held.delete(`${event}/${number}`);
      } else if (op === 'print') sales.get(command.sale!)!.claims += command.n!;
    }
  }
  return sales;
}
