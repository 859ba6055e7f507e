import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineReader } from './lines';

function read(chunks: readonly Buffer[], maxBytes = 1_000): { lines: string[]; tooLong: number } {
  const lines: string[] = [];
  let tooLong = 0;
  const reader = new LineReader(maxBytes, {
    onLine: (line) => lines.push(line),
    onTooLong: () => {
      tooLong += 1;
    },
  });
  for (const chunk of chunks) reader.add(chunk);
  return { lines, tooLong };
}

describe('a line reader', () => {
  it('gives the same lines whatever the pieces, split letters too', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\n', ''))),
        fc.array(fc.integer({ min: 1, max: 7 })),
        (texts, sizes) => {
          const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
          const chunks: Buffer[] = [];
          for (let at = 0, index = 0; at < bytes.length; index += 1) {
            const size = sizes[index % Math.max(1, sizes.length)] ?? 3;
            chunks.push(bytes.subarray(at, at + size));
            at += size;
          }
          expect(read(chunks).lines).toEqual(texts.map((text) => Buffer.from(text).toString()));
        },
      ),
    );
  });

  it('drops a line that is too long, says so once, and goes on after it', () => {
    expect(read([Buffer.from('12345\nab'), Buffer.from('cdefg'), Buffer.from('hi'), Buffer.from('j\nok\n')], 5)).toEqual({
      lines: ['12345', 'ok'],
      tooLong: 1,
    });
    expect(read([Buffer.from('123456\n')], 5)).toEqual({ lines: [], tooLong: 1 });
  });

  it('keeps a last line without its newline back', () => {
    expect(read([Buffer.from('a\nb')]).lines).toEqual(['a']);
  });
});
