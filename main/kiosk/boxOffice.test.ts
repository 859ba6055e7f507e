import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ticketCode } from '../signing/code';
import { loadTicketKey } from '../site/ticketKeys';
import { Processes } from './testing/processes';

/** The commands of a box office's day, as an operator types them at a running kiosk. */

let site: Processes;
beforeEach(async () => {
  site = await Processes.make(['match=100:1200', 'gala=5:3000'], 1, 1);
  await site.start(1);
});
afterEach(() => site.remove());

async function say(line: string) {
  const { answers, status } = await site.client(1, line.split(' '));
  return { ...answers.at(-1)!, exit: status } as Record<string, unknown>;
}

async function codeOf(event: string, number: number, sale: string): Promise<string> {
  const { uid } = await site.editSite((file) => file);
  const key = await loadTicketKey(path.dirname(site.siteFile), 1, uid);
  if (!key.ok) throw new Error(key.sentence);
  return ticketCode({ event, number, sale }, key.value);
}

describe('at the local client', () => {
  it('a shift is opened, sold from and closed; the Z report has the cash', { timeout: 120_000 }, async () => {
    expect(await say('shift close 0')).toMatchObject({ ok: false, reason: 'no_shift', exit: 1 });
    expect(await say('shift open 100 --clerk ann')).toMatchObject({ ok: true, shift: 1, expected: 10_000, requestId: expect.any(String) });
    const sold = await say('buy 2 --given 50 --clerk ann');
    expect(sold).toMatchObject({
      ok: true,
      shift: 1,
      payment: { kind: 'cash', given: 5_000, change: 2_600 },
    });
    expect(await say('buy 1 --pay card --clerk ann')).toMatchObject({ ok: true, shift: 1, payment: { kind: 'card' } });
    expect(await say('buy 1')).toMatchObject({ ok: true, shift: null });
    expect(await say('shift out 20 --clerk ann --reason bank')).toMatchObject({ ok: true, expected: 10_400 });
    // The money back comes from the drawer that is open where it is given back.
    expect(await say(`void ${String(sold.sale)} --clerk ann --reason rain`)).toMatchObject({ ok: true, total: 2_400, payment: 'cash' });
    expect(await say('shift close 80 --clerk ann')).toMatchObject({
      ok: true,
      shift: 1,
      closed: { z: 1, expected: 8_000, counted: 8_000, difference: 0 },
    });
  });

  it('an event is made, priced and closed, and a clerk is added; the log says so, without the PIN', { timeout: 120_000 }, async () => {
    expect(await say('event create opera --capacity 10 --price adult=40')).toMatchObject({ ok: true, event: 'opera' });
    expect(await say('buy 1 opera')).toMatchObject({ ok: true, total: 4_000 });
    expect(await say('event change opera --price adult=45 --capacity 1')).toMatchObject({ ok: true });
    expect(await say('buy 1 opera --expects 40')).toMatchObject({ ok: false, reason: 'sold_out' });
    expect(await say('event close match')).toMatchObject({ ok: true });
    expect(await say('buy 1 match')).toMatchObject({ ok: false, reason: 'closed', exit: 1 });
    expect(await say('buy 1')).toMatchObject({ ok: true, event: 'gala' });
    expect(await say('clerk add mia --pin 4711 --may all')).toMatchObject({ ok: true, clerk: 'mia' });
    const { stdout } = await site.client(1, ['show'], { json: false });
    expect(stdout).toContain('event change opera: 1 tickets, adult 45.00');
    expect(stdout).toContain('clerk add mia: name Mia');
    expect(stdout).not.toMatch(/4711|salt/);
  });

  it('a ticket lets in once; verify tells what became of it', { timeout: 120_000 }, async () => {
    const sold = await say('buy 2 gala');
    const [one, two] = await Promise.all([1, 2].map((number) => codeOf('gala', number, String(sold.sale))));
    expect(await say(`verify ${one}`)).toMatchObject({ ok: true, op: 'verify', event: 'gala', number: 1, checked: 'log', exit: 0 });
    expect(await say(`admit ${one}`)).toMatchObject({ ok: true, event: 'gala', number: 1 });
    for (const again of ['admit', 'verify'])
      expect(await say(`${again} ${one}`)).toMatchObject({
        ok: false,
        reason: 'already_used',
        first: { kiosk: 1, clerk: 'operator' },
        message: expect.stringMatching(/at kiosk 1 on .*\d{4}.*; let nobody else in/),
        exit: 1,
      });
    // A number that is none of its sale's, signed all the same.
    const stray = await codeOf('gala', 4, String(sold.sale));
    expect(await say(`verify ${stray}`)).toMatchObject({
      ok: false,
      reason: 'bad_code',
      message: expect.stringContaining('has no ticket 4'),
    });
    expect(await say(`admit ${stray}`)).toMatchObject({ ok: false, reason: 'unknown_sale', exit: 1 });
    await say(`void ${String(sold.sale)}`);
    for (const word of ['admit', 'verify'])
      expect(await say(`${word} ${two}`)).toMatchObject({
        ok: false,
        reason: 'already_void',
        undone: { kiosk: 1, clerk: 'operator', at: expect.any(Number) },
        message: expect.stringMatching(/^sale .* was undone, at kiosk 1 on .*\d{4}.*; let nobody in/),
        exit: 1,
      });
    // Signed by a key that was stolen: the log is here, and has no such sale.
    for (const word of ['admit', 'verify'])
      expect(await say(`${word} ${await codeOf('gala', 1, '1.1')}`)).toMatchObject({ ok: false, reason: 'unknown_sale', exit: 1 });
    // Signed, and of a sale that this kiosk does not know (yet).
    expect(await say(`verify ${await codeOf('gala', 1, '900.1')}`)).toMatchObject({ ok: true, checked: 'signature' });
    expect(await say(`admit ${await codeOf('gala', 1, '900.1')}`)).toMatchObject({ ok: false, reason: 'unknown_sale' });
    expect(await say('verify QK2NONSENSE')).toMatchObject({ ok: false, reason: 'bad_code', exit: 1 });
    expect(await say(`admit ${one}x`)).toMatchObject({ ok: false, reason: 'bad_code', requestId: expect.any(String) });
    // A new key for tickets is taken without a restart, and knows the old one's.
    expect(await site.program('site', ['rotate', site.siteFolder])).toMatchObject({ status: 0 });
    await expect.poll(() => site.words(1), { timeout: 20_000 }).toContain('tickets that 2 of them signed are good');
    const renewed = await codeOf('gala', 1, String(sold.sale));
    expect(renewed).not.toBe(one);
    for (const code of [one, renewed]) expect(await say(`verify ${code}`)).toMatchObject({ ok: false, reason: 'already_void' });
    expect(await site.program('site', ['drop-old-keys', site.siteFolder])).toMatchObject({ status: 0 });
    await expect.poll(() => site.words(1), { timeout: 20_000 }).toContain('tickets that 1 of them signed are good');
    expect(await say(`verify ${one}`)).toMatchObject({ ok: false, reason: 'bad_code' });
    expect(await say(`verify ${renewed}`)).toMatchObject({ ok: false, reason: 'already_void' });
    expect(await say(`reprint ${String(sold.sale)}`)).toMatchObject({ ok: false, reason: 'already_void' });
    expect(await say('reprint 900.1')).toMatchObject({ ok: false, reason: 'unknown_sale' });
  });
});
