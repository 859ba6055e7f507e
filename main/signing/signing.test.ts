import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { encode } from 'uqr';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSite, siteFileIn } from '../site/load';
import { runSite } from '../site/program';
import { loadTicketKey } from '../site/ticketKeys';
import { fromBase32, toBase32 } from './base32';
import { type TicketKey, type TicketName, ticketCode, verifyCode } from './code';
import { runVerify } from './program';

function newKey(uid: string): TicketKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { uid, privateKey, publicKeys: [publicKey] };
}

const KEY = newKey('aaaaaaaaaaaaaaaaaaaaaaaa');
const TICKET: TicketName = { event: '2026-11-28-ucla', number: 417, sale: '1234.3' };
const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
const whole = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });

describe('base 32', () => {
  it('gives any bytes back, from small letters and mistaken ones too', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect([...fromBase32(toBase32(bytes))!]).toEqual([...bytes]);
      }),
    );
    expect(fromBase32('oil')).toEqual(fromBase32('011'));
    expect(fromBase32('0U')).toBeNull();
    expect(fromBase32('0!')).toBeNull();
  });

  it('has one spelling for each value: neither a letter too many nor bits left over', () => {
    expect(fromBase32('000')).toBeNull();
    expect(fromBase32('01')).toBeNull();
  });
});

describe('the code of a ticket', () => {
  it('names site, event, number and sale, whatever they are', () => {
    fc.assert(
      fc.property(name, whole, whole, fc.integer({ min: 1, max: 65_535 }), (event, number, slot, index) => {
        const ticket = { event, number, sale: `${slot}.${index}` };
        const code = ticketCode(ticket, KEY);
        expect(verifyCode(code, KEY)).toEqual({ ok: true, ticket });
        expect(verifyCode(` ${code.toLowerCase()}\n`, KEY)).toEqual({ ok: true, ticket });
      }),
      { numRuns: 60 },
    );
  });

  it('is the same for all time: tickets on paper outlive the program that printed them', () => {
    // The key of RFC 8032, section 7.1, test 1: Ed25519 signs the same in the same way.
    const seed = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
    const privateKey = createPrivateKey({
      key: Buffer.from(`302e020100300506032b657004220420${seed}`, 'hex'),
      format: 'der',
      type: 'pkcs8',
    });
    const key: TicketKey = { uid: KEY.uid, privateKey, publicKeys: [createPublicKey(privateKey)] };
    const code =
      'QK217V1Z38F68R34DHD64RJTCHR5NTP6V31M41X4283KCKY02743MD7HSRC6GR23G85ACQJVE8SE61PGCCREMRQVMJBEDEXDC2GJDTM649SG98TPQME2G4X81QH1RNHSRE8173KS3Z35T6W81R';
    expect(ticketCode(TICKET, key)).toBe(code);
    expect(verifyCode(code, key)).toEqual({ ok: true, ticket: TICKET });
  });

  it('is small enough for 40 mm at 203 dpi: at least six dots a module, five for the longest event', () => {
    const dots = (event: string) => {
      const { size } = encode(ticketCode({ ...TICKET, event }, KEY), { ecc: 'M', border: 2 });
      return ((40 / 25.4) * 203) / size;
    };
    expect(dots(TICKET.event)).toBeGreaterThanOrEqual(6);
    expect(dots('x'.repeat(64))).toBeGreaterThanOrEqual(5);
  });

  it('is refused once any letter of it is another', () => {
    const code = ticketCode(TICKET, KEY);
    for (let at = 0; at < code.length; at += 1) {
      const other = code[at] === '7' ? '8' : '7';
      const altered = verifyCode(code.slice(0, at) + other + code.slice(at + 1), KEY);
      expect(altered.ok, `letter ${at}`).toBe(false);
    }
    for (const part of ['', 'QK2', code.slice(0, -1), `${code}0`, code.slice(1), 'x'.repeat(5_000)])
      expect(verifyCode(part, KEY)).toMatchObject({ ok: false, reason: expect.stringMatching(/unreadable|forged/) });
  });

  it('says what it says and nothing more: what is signed behind it makes it no code', () => {
    const bytes = Buffer.from(fromBase32(ticketCode(TICKET, KEY).slice(3))!);
    const made = (payload: Buffer) => {
      const words = Buffer.concat([Buffer.from(`quorum-kiosk ticket 2\0${KEY.uid}\0`), payload]);
      return `QK2${toBase32(Buffer.concat([payload, sign(null, words, KEY.privateKey)]))}`;
    };
    const payload = bytes.subarray(0, -64);
    expect(verifyCode(made(payload), KEY)).toEqual({ ok: true, ticket: TICKET });
    for (const more of [[0], [1], [0x80], [1, 2, 3]])
      expect(verifyCode(made(Buffer.concat([payload, Buffer.from(more)])), KEY)).toMatchObject({ ok: false, reason: 'unreadable' });
    expect(verifyCode(made(payload.subarray(0, -1)), KEY)).toMatchObject({ ok: false, reason: 'unreadable' });
  });

  it('is told apart from that of another site, and from one that somebody else signed for this site', () => {
    const other = newKey('bbbbbbbbbbbbbbbbbbbbbbbb');
    expect(verifyCode(ticketCode(TICKET, other), KEY)).toMatchObject({ ok: false, reason: 'other_site' });
    expect(verifyCode(ticketCode(TICKET, newKey(KEY.uid)), KEY)).toMatchObject({ ok: false, reason: 'forged' });
  });
});

describe('npm run verify', () => {
  let folder: string;
  beforeAll(async () => {
    folder = path.join(await mkdtemp(path.join(os.tmpdir(), 'qk-verify-')), 'site');
    await runSite(['create', folder, '--site', 'arena', '--event', '2026-11-28-ucla=500:1200'], { out: () => {}, error: () => {} });
  });
  afterAll(() => rm(path.dirname(folder), { recursive: true }));

  async function run(...args: string[]): Promise<{ status: number; text: string }> {
    let text = '';
    const add = (more: string) => {
      text += more;
    };
    return { status: await runVerify(args, { out: add, error: add }), text };
  }

  async function codeOf(kiosk: number): Promise<string> {
    const site = await loadSite(siteFileIn(folder));
    if (!site.ok) throw new Error(site.sentence);
    const key = await loadTicketKey(folder, kiosk, site.value.uid);
    if (!key.ok) throw new Error(key.sentence);
    return ticketCode(TICKET, key.value);
  }

  it('tells what a code of any kiosk of the site is for, from site.json and tickets.pub alone', async () => {
    for (const kiosk of [1, 5]) {
      const { status, text } = await run(await codeOf(kiosk), '--site', siteFileIn(folder));
      expect(text).toBe(
        'signed by this site: ticket 417 of 2026-11-28-ucla (2026-11-28-ucla), sale 1234.3; whether it was voided or used, only a kiosk knows\n',
      );
      expect(status).toBe(0);
    }
    expect(await run(await codeOf(2), '--site', siteFileIn(folder), '--json')).toEqual({
      status: 0,
      text: '{"ok":true,"event":"2026-11-28-ucla","number":417,"sale":"1234.3"}\n',
    });
  });

  it('knows what was signed before the key was changed, until the old one is dropped', async () => {
    const before = await codeOf(1);
    const quiet = { out: () => {}, error: () => {} };
    expect(await runSite(['rotate', folder], quiet)).toBe(0);
    const after = await codeOf(1);
    expect(after).not.toBe(before);
    for (const code of [before, after]) expect(await run(code, '--site', siteFileIn(folder))).toMatchObject({ status: 0 });
    expect(await runSite(['drop-old-keys', folder], quiet)).toBe(0);
    expect(await run(before, '--site', siteFileIn(folder))).toMatchObject({ status: 1, text: expect.stringContaining('forged') });
    expect(await run(after, '--site', siteFileIn(folder))).toMatchObject({ status: 0 });
  });

  it('refuses what is forged, and says so in the exit status', async () => {
    const site = JSON.parse(await readFile(siteFileIn(folder), 'utf8')) as { uid: string };
    const { status, text } = await run(ticketCode(TICKET, newKey(site.uid)), '--site', siteFileIn(folder));
    expect(text).toMatch(/^NOT GOOD: .*forged/);
    expect(status).toBe(1);
  });

  it('is refused in words without a code, a site or its key', async () => {
    expect(await run()).toMatchObject({ status: 2, text: expect.stringContaining('give one code') });
    expect(await run('a', 'b')).toMatchObject({ status: 2 });
    expect(await run('a', '--sight', 'x')).toMatchObject({ status: 2 });
    expect(await run('QK2', '--site', path.join(folder, 'none.json'))).toMatchObject({
      status: 2,
      text: expect.stringContaining('no site file'),
    });
    await rm(path.join(folder, 'tickets.pub'));
    expect(await run('QK2', '--site', siteFileIn(folder))).toMatchObject({ status: 2, text: expect.stringContaining('tickets.pub') });
  });
});
