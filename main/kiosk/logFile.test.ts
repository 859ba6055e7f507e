import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuthority } from '../site/authority';
import { LOG_BYTES, LOG_FOLDER, LOGS_KEPT, openLogFile } from './logFile';

let data: string;
beforeEach(() => {
  data = mkdtempSync(path.join(os.tmpdir(), 'qk-log-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const folder = () => path.join(data, LOG_FOLDER);
const read = (name: string) => readFileSync(path.join(folder(), name), 'utf8');

describe('the log file', () => {
  it('goes on where an earlier process stopped, for its owner alone', () => {
    openLogFile(data)('one');
    openLogFile(data)('two 100 % %s');
    expect(read('kiosk.log')).toBe('one\ntwo 100 % %s\n');
    expect(statSync(path.join(folder(), 'kiosk.log')).mode & 0o777).toBe(0o600);
    expect(statSync(folder()).mode & 0o777).toBe(0o700);
  });

  it('never takes more than its share of the disk, and loses the oldest lines first', () => {
    const write = openLogFile(data);
    const line = 'x'.repeat(64 * 1024);
    const perFile = Math.ceil(LOG_BYTES / line.length);
    for (let number = 0; number < (LOGS_KEPT + 3) * (perFile + 1); number += 1) write(`${number} ${line}`);
    const names = readdirSync(folder()).sort();
    expect(names).toEqual(['kiosk.1.log', 'kiosk.2.log', 'kiosk.3.log', 'kiosk.4.log', 'kiosk.5.log', 'kiosk.log']);
    const numbers = ['kiosk.5.log', 'kiosk.4.log', 'kiosk.3.log', 'kiosk.2.log', 'kiosk.1.log', 'kiosk.log'].flatMap((name) =>
      read(name)
        .trim()
        .split('\n')
        .map((text) => Number(text.split(' ')[0])),
    );
    expect(numbers).toEqual(numbers.map((_, index) => numbers[0]! + index));
    expect(numbers.at(-1)).toBe((LOGS_KEPT + 3) * (perFile + 1) - 1);
    for (const name of names) expect(statSync(path.join(folder(), name)).size).toBeLessThan(LOG_BYTES + 2 * line.length);
  });

  it('holds no private key, whatever an error says', async () => {
    const { key } = await createAuthority('one', 'uid00000');
    openLogFile(data)(`uncaught: bad key ${key} in the bundle\n${key.slice(0, 80)}`);
    expect(read('kiosk.log')).toBe('uncaught: bad key [a private key was here]\n in the bundle\n[a private key was here]\n');
  });

  it('that can not be written stops nobody', () => {
    const write = openLogFile('/dev/null/nowhere');
    expect(() => write('one')).not.toThrow();
  });
});
