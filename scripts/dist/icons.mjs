import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

const SOURCE = path.join(import.meta.dirname, 'resources', 'icon.svg');
/** Edge lengths in pixels: those of the hicolor theme, and 1024 for screens of double density. */
export const SIZES = [16, 22, 24, 32, 48, 64, 96, 128, 256, 512, 1024];
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];
/** Apple's names of the PNG entries of an icon file. */
const ICNS_TYPES = [
  ['ic11', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic08', 256],
  ['ic13', 256],
  ['ic09', 512],
  ['ic14', 512],
  ['ic10', 1024],
];

/**
 * Draws the app's icon in every size and form that a system wants: `<size>x<size>.png`, `icon.ico` and `icon.icns`.
 * @param {string} folder made anew
 */
export async function makeIcons(folder) {
  const require = createRequire(import.meta.url);
  await initWasm(readFileSync(require.resolve('@resvg/resvg-wasm/index_bg.wasm')));
  const svg = readFileSync(SOURCE, 'utf8');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const pngs = new Map();
  for (const size of SIZES) {
    const png = new Resvg(svg, { fitTo: { mode: 'width', value: size } }).render().asPng();
    pngs.set(size, Buffer.from(png));
    writeFileSync(path.join(folder, `${size}x${size}.png`), png);
  }
  writeFileSync(path.join(folder, 'icon.ico'), icoOf(ICO_SIZES.map((size) => ({ size, png: pngs.get(size) }))));
  writeFileSync(path.join(folder, 'icon.icns'), icnsOf(ICNS_TYPES.map(([type, size]) => ({ type, png: pngs.get(size) }))));
}

/** Windows' icon file: a directory of 16 bytes an image, then the images. @param {{ size: number, png: Buffer }[]} images */
export function icoOf(images) {
  const HEADER = 6;
  const ENTRY = 16;
  const head = Buffer.alloc(HEADER + ENTRY * images.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(images.length, 4);
  let offset = head.length;
  images.forEach(({ size, png }, index) => {
    const at = HEADER + ENTRY * index;
    // One byte each: 0 stands for 256.
    head.writeUInt8(size % 256, at);
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(png.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += png.length;
  });
  return Buffer.concat([head, ...images.map(({ png }) => png)]);
}

/** Apple's icon file: each image behind its name and length. @param {{ type: string, png: Buffer }[]} images */
export function icnsOf(images) {
  const HEADER = 8;
  const block = (type, body) => {
    const head = Buffer.alloc(HEADER);
    head.write(type, 0, 'ascii');
    head.writeUInt32BE(HEADER + body.length, 4);
    return Buffer.concat([head, body]);
  };
  return block('icns', Buffer.concat(images.map(({ type, png }) => block(type, png))));
}
