/**
 * Crockford's base 32: capital letters and digits alone, so that a QR code packs it in its alphanumeric mode, and a
 * scanner that types like a keyboard of another country still types it right. I, L and O are read as 1, 1 and 0.
 */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BITS = 5;
const BYTE_BITS = 8;

export function toBase32(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << BYTE_BITS) | byte;
    bits += BYTE_BITS;
    for (; bits >= BITS; bits -= BITS) text += DIGITS[(held >> (bits - BITS)) & 31];
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + DIGITS[(held << (BITS - bits)) & 31];
}

/** Null for what is no such text. Each value has one spelling: bits left over are 0. */
export function fromBase32(text: string): Uint8Array | null {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const letter of text.toUpperCase()) {
    const digit = DIGITS.indexOf(letter === 'O' ? '0' : letter === 'I' || letter === 'L' ? '1' : letter);
    if (digit < 0) return null;
    held = (held << BITS) | digit;
    bits += BITS;
    if (bits < BYTE_BITS) continue;
    bits -= BYTE_BITS;
    bytes.push(held >> bits);
    held &= (1 << bits) - 1;
  }
  return bits >= BITS || held !== 0 ? null : Uint8Array.from(bytes);
}
