import { describe, expect, it } from 'vitest';
import { ChosenPrinters } from './chosenPrinters';

/** Kiosk 1, linked with 2 and 3. */
function first() {
  const sent: string[] = [];
  let changes = 0;
  const printers = new ChosenPrinters({
    self: 1,
    linked: () => [2, 3],
    send: (to, message) => sent.push(`${to} ${JSON.stringify(message)}`),
    onChange: () => {
      changes += 1;
    },
  });
  return { printers, sent, changes: () => changes };
}

const JAMMED = { label: 'Office', state: 'out_of_paper' } as const;

describe('printers of other kiosks', () => {
  it('are told to all when they change, and to whoever comes later', () => {
    const { printers, sent, changes } = first();
    printers.connected(2);
    expect(sent).toEqual([]);
    printers.tell(JAMMED);
    printers.tell({ ...JAMMED });
    const told = '{"t":"printer","label":"Office","state":"out_of_paper"}';
    expect(sent).toEqual([`2 ${told}`, `3 ${told}`]);
    expect(changes()).toBe(1);
    printers.connected(4);
    expect(sent.at(-1)).toBe(`4 ${told}`);
    expect(printers.of(1)).toEqual(JAMMED);
  });

  it('are known as their kiosk says, as long as it is linked', () => {
    const { printers, changes } = first();
    expect(printers.onMessage(2, { t: 'log-request', from: 1 })).toBe(false);
    expect(printers.onMessage(2, { t: 'printer', ...JAMMED })).toBe(true);
    expect(printers.onMessage(2, { t: 'printer', ...JAMMED })).toBe(true);
    expect(printers.of(2)).toEqual(JAMMED);
    expect(changes()).toBe(1);
    printers.onMessage(2, { t: 'printer', label: 'Office', state: 'ready' });
    expect(printers.of(2)?.state).toBe('ready');
    expect(changes()).toBe(2);
    printers.disconnected(2);
    expect(printers.of(2)).toBeNull();
  });
});
