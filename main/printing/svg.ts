import { encode } from 'uqr';

/** Paper is drawn in tenths of a millimetre, black on white: thermal printers know no grey. */
export const INK = '#000000';
export const PAPER = '#ffffff';
/** Average advance of a bold sans letter, as a share of the type size. */
const LETTER = 0.66;
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

/** The largest type, from `size` down, in which a text fits the width on one line. */
export function fitted(content: string, width: number, size: number, least: number): number {
  return Math.max(least, Math.min(size, Math.floor(width / (Math.max(1, content.length) * LETTER))));
}

/** Breaks a name into at most `most` lines, in smaller type where it is long, and cut where it is far too long. */
export function wrapped(
  name: string,
  width: number,
  size: number,
  most: number,
): { readonly size: number; readonly lines: readonly string[] } {
  const least = Math.round(size * 0.55);
  for (let type = size; type >= least; type -= 4) {
    const lines = broken(name, Math.floor(width / (type * LETTER)));
    if (lines.length <= most && lines.every((part) => part.length * type * LETTER <= width)) return { size: type, lines };
  }
  const letters = Math.floor(width / (least * LETTER));
  return {
    size: least,
    lines: broken(name, letters)
      .slice(0, most)
      .map((part) => shortened(part, letters)),
  };
}

export function shortened(content: string, letters: number): string {
  return content.length <= letters ? content : `${content.slice(0, letters - 1)}…`;
}

function broken(name: string, letters: number): string[] {
  const lines: string[] = [''];
  for (const word of name.split(/\s+/)) {
    const last = lines.at(-1)!;
    if (last === '') lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= letters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

export function escapeXml(content: string): string {
  const visible = [...content].filter((character) => character >= ' ' || character === '\t').join('');
  return visible.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
