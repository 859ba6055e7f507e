import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { SiteFile } from '../../../shared/site';
import { type Check, good, warning } from './checks';

const execute = promisify(execFile);
/** Each letter is one question to the system: a text in a script that it lacks shows with its first ones. */
const LETTERS_MAX = 64;
/** Letters of Latin, Greek and Cyrillic are in every font that a page could be shown with. */
const COMMON_BELOW = 0x530;
const SHOWN_MAX = 10;

/** Whether some font of this system draws a letter; null where the system can't be asked. */
export type HasLetter = (letter: string) => Promise<boolean | null>;

/** Asked of fontconfig, as Chromium asks it on Linux. */
export async function hasLetter(letter: string): Promise<boolean | null> {
  try {
    const { stdout } = await execute('fc-list', [`:charset=${letter.codePointAt(0)!.toString(16)}`, 'family']);
    return stdout.trim() !== '';
  } catch {
    return null;
  }
}

/** Whether all that a screen and a ticket have to say of this site can be drawn here: what no font has comes out as a box. */
export async function checkFonts(
  site: SiteFile,
  has: HasLetter = hasLetter,
  platform: NodeJS.Platform = process.platform,
): Promise<readonly Check[]> {
  // The others come with fonts for all that they can be typed in.
  if (platform !== 'linux') return [];
  const letters = lettersOf(site);
  const known = await Promise.all(letters.map(has));
  if (known.includes(null)) return [];
  const missing = letters.filter((_, place) => known[place] === false);
  if (missing.length === 0) return [good('fonts', 'they have every letter of the site file')];
  const some = `${missing.slice(0, SHOWN_MAX).join(' ')}${missing.length > SHOWN_MAX ? ' ...' : ''}`;
  return [
    warning(
      'fonts',
      `no font on this machine has ${some}: they are boxes on screens and tickets`,
      'install a font for this script and start the kiosk again; on Debian: apt install fonts-noto-cjk for Chinese, Japanese and Korean, fonts-noto-core for most others',
    ),
  ];
}

/** The rarer ones, each once. */
function lettersOf({ place, kiosks, events }: SiteFile): readonly string[] {
  const names = [
    place,
    ...kiosks.map(({ name }) => name),
    ...events.flatMap(({ name, categories }) => [name, ...categories.map((one) => one.name)]),
  ];
  const letters = new Set(
    names.flatMap((name) => [...name]).filter((letter) => /\p{L}/u.test(letter) && letter.codePointAt(0)! >= COMMON_BELOW),
  );
  return [...letters].slice(0, LETTERS_MAX);
}
