import { randomInt, scrypt } from 'node:crypto';
import { promisify } from 'node:util';

/** What files that are sealed with a code have in common: the code, and the key that is made of it. */

/** Crockford's base 32: no letter that is read as another one. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 20 characters of 5 bits: nobody finds 100 bits by trying. */
const CODE_LENGTH = 20;
const CODE_GROUP = 5;

export const SALT_BYTES = 16;
export const TAG_BYTES = 16;
export const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
/** log2 of scrypt's cost: 32 MiB and some tenths of a second a try; a file may not ask for more than this machine has. */
export const COST = 15;
export const COST_MAX = 18;
const BLOCK_SIZE = 8;
const SCRYPT_MEMORY_MAX = 512 * 1024 * 1024;

/** A new code, in groups that can be read out. */
export function newCode(): string {
  const characters = Array.from({ length: CODE_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return characters.match(new RegExp(`.{${CODE_GROUP}}`, 'g'))!.join('-');
}

/** A code as it was typed: case, spaces, dashes and the letters that look like digits don't matter. */
function plainCode(code: string): string {
  return code
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
}

/** Whether a code has as much in it as those that are made here. */
export function isLongCode(code: string): boolean {
  return plainCode(code).length >= CODE_LENGTH;
}

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);

/** @param salt in hexadecimal */
export function keyOf(code: string, salt: string, cost: number): Promise<Buffer> {
  return derive(plainCode(code), Buffer.from(salt, 'hex'), KEY_BYTES, { N: 2 ** cost, r: BLOCK_SIZE, p: 1, maxmem: SCRYPT_MEMORY_MAX });
}
