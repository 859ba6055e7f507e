import { encode } from 'uqr';

/** Paper is drawn in tenths of a millimetre, black on white: thermal printers know no grey. */
export const INK = '#000000';
export const PAPER = '#ffffff';
/**
 * How wide the letters from space to ~ are, in hundredths of the type size: those of DejaVu Sans Bold, the widest that
 * may be at hand. No browser is there to measure them.
 */
const ADVANCES = [
  35, 46, 53, 84, 70, 101, 88, 31, 46, 46, 53, 84, 38, 42, 38, 37, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 40, 40, 84, 84, 84, 58, 100, 78,
  77, 74, 84, 69, 69, 83, 84, 38, 38, 78, 64, 100, 84, 86, 74, 86, 78, 73, 69, 82, 78, 111, 78, 73, 73, 46, 37, 46, 84, 50, 50, 68, 72, 60,
  72, 68, 44, 72, 72, 35, 35, 67, 35, 105, 72, 69, 72, 72, 50, 60, 48, 72, 66, 93, 65, 66, 59, 72, 37, 72, 84,
];
const FIRST = ' '.codePointAt(0)!;
/** Of letters that no table has. */
const WIDEST = 1.05;
const LEADING = 1.08;
const FONT = "'Inter','Helvetica Neue',Arial,'Liberation Sans','DejaVu Sans',sans-serif";

export interface Style {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly weight?: number;
  readonly spacing?: number;
  readonly fill?: string;
}

export function text(
  x: number,
  y: number,
  size: number,
  content: string,
  { anchor = 'start', weight = 500, spacing = 0, fill = INK }: Style = {},
): string {
  return `<text x="${x}" y="${y}" font-family="${FONT}" font-size="${size}" font-weight="${weight}" letter-spacing="${spacing}" text-anchor="${anchor}" fill="${fill}">${escapeXml(content)}</text>`;
}

export function box(x: number, y: number, width: number, height: number, attributes: string): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" ${attributes}/>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, attributes = `stroke="${INK}" stroke-width="3"`): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" ${attributes}/>`;
}

/** The code as one path, module by module, with a quiet zone of its own around it. */
export function qr(code: string, x: number, y: number, side: number): string {
  const { data, size } = encode(code, { ecc: 'M', border: 2 });
  const cells: string[] = [];
  for (const [row, cellsOfRow] of data.entries()) {
    for (const [column, dark] of cellsOfRow.entries()) if (dark) cells.push(`M${column} ${row}h1v1h-1z`);
  }
  return `<g transform="translate(${x} ${y}) scale(${side / size})">${box(0, 0, size, size, `fill="${PAPER}"`)}<path d="${cells.join('')}" fill="${INK}" shape-rendering="crispEdges"/></g>`;
}

/** How wide a text is at most, in type sizes. */
export function widthOf(content: string): number {
  return [...content].reduce((sum, letter) => sum + advanceOf(letter), 0);
}

function advanceOf(letter: string): number {
  // An accent takes no room of its own.
  const hundredths = ADVANCES[letter.normalize('NFKD').codePointAt(0)! - FIRST];
  return hundredths === undefined ? WIDEST : hundredths / 100;
}

/** A text in the largest type, from `size` down, in which it fits the width on one line; cut where it is too long for the least. */
export function fitted(
  content: string,
  width: number,
  size: number,
  least: number,
  spacing = 0,
): { readonly size: number; readonly content: string } {
  const room = width - spacing * content.length;
  const type = Math.min(size, Math.floor(room / widthOf(content)));
  return type >= least ? { size: type, content } : { size: least, content: shortened(content, width, least, spacing) };
}

/** Breaks a name into lines that fit a field, in smaller type where it is long, and cuts what is far too long. */
export function wrapped(
  name: string,
  width: number,
  height: number,
  size: number,
  least: number,
): { readonly size: number; readonly leading: number; readonly lines: readonly string[] } {
  const words = name.split(/\s+/).filter((word) => word !== '');
  for (let type = size; type > least; type -= 2) {
    const lines = broken(words, width / type);
    if (words.every((word) => widthOf(word) * type <= width) && lines.length * type * LEADING <= height)
      return { size: type, leading: type * LEADING, lines };
  }
  const leading = least * LEADING;
  const lines = broken(words, width / least);
  const room = Math.floor(height / leading);
  const kept = lines.slice(0, room);
  if (lines.length > room) kept[room - 1] = shortened(lines.slice(room - 1).join(' '), width, least);
  return { size: least, leading, lines: kept };
}

function shortened(content: string, width: number, size: number, spacing = 0): string {
  const wide = (text_: string) => widthOf(text_) * size + spacing * text_.length;
  if (wide(content) <= width) return content;
  const letters = [...content];
  while (letters.length > 0 && wide(`${letters.join('')}…`) > width) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}

/** A word that is wider than a line goes on in the next. */
function broken(words: readonly string[], width: number): string[] {
  const lines: string[] = [''];
  for (const word of words) {
    const last = lines.at(-1)!;
    if (last === '' || widthOf(`${last} ${word}`) > width) {
      if (last !== '') lines.push('');
      for (const letter of word) {
        const line_ = lines.at(-1)!;
        if (widthOf(line_ + letter) > width) lines.push(letter);
        else lines[lines.length - 1] = line_ + letter;
      }
    } else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

export function escapeXml(content: string): string {
  const visible = [...content].filter((character) => character >= ' ' || character === '\t').join('');
  return visible.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
