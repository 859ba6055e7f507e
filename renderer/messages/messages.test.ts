import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogues, LANGUAGES } from '.';

type Leaf = string | ((...values: never[]) => string);

/** Every text of a language by its path, for example `sell.left`. */
function leaves(node: unknown, at = ''): Map<string, Leaf> {
  if (typeof node === 'string' || typeof node === 'function') return new Map([[at, node as Leaf]]);
  return new Map(Object.entries(node as object).flatMap(([key, child]) => [...leaves(child, at === '' ? key : `${at}.${key}`)]));
}

const english = leaves(catalogues.en);

/** Texts that take more than numbers and words: their placeholders are tried with real values. */
const STRUCTURED = new Set(['why', 'refusal', 'open.what', 'log.change']);

describe.each(LANGUAGES.filter((language) => language !== 'en'))('messages in %s', (language) => {
  const texts = leaves(catalogues[language]);

  it('have the keys of the English ones, and no text is empty', () => {
    expect([...texts.keys()].sort()).toEqual([...english.keys()].sort());
    for (const [key, text] of texts) if (typeof text === 'string') expect(text.trim(), key).not.toBe('');
  });

  it('have the same placeholders: a value that the English text shows is shown', () => {
    for (const [key, text] of english) {
      if (typeof text !== 'function' || STRUCTURED.has(key)) continue;
      const other = texts.get(key) as typeof text;
      expect(other.length, key).toBe(text.length);
      const markers = Array.from({ length: text.length }, (_, index) => 7001 + index);
      const show = (of: typeof text) => {
        const shown = String(of(...(markers as never[])));
        return markers.filter((marker) => shown.includes(String(marker)));
      };
      expect(show(other), key).toEqual(show(text));
    }
  });

  it('differ from the English ones where they are words', () => {
    const same = [...texts].filter(([key, text]) => typeof text === 'string' && text === english.get(key) && /[a-z]{4,}/.test(text));
    // Names of languages, of the system, and words that are the same in both.
    const allowed = /^(locale|language\.(en|de)|theme\.system|header\.|.*\.kiosk$)/;
    expect(same.map(([key]) => key).filter((key) => !allowed.test(key))).toEqual([]);
  });
});

/** Words for users that stand in a component's own source. */
function wordsIn(source: string): readonly string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '');
  const attributes = [...code.matchAll(/\b(?:aria-label|title|placeholder|alt|label|text)="([^"]*[A-Za-z]{2}[^"]*)"/g)];
  const words = `([^<>{}()=;:]*[A-Za-z]{2,}[^<>{}()=;:]*)`;
  const children = [...code.matchAll(new RegExp(`(?<!=)>${words}(?=</|\\{)|\\}${words}(?=</)`, 'g'))];
  return [...attributes, ...children]
    .map(([, text, after]) => (text ?? after ?? '').trim())
    .filter((text) => text !== '' && !/^&\w+;$/.test(text));
}

describe('components', () => {
  const folder = path.resolve(import.meta.dirname, '../components');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx'));

  it('the check finds words between tags and in attributes', () => {
    expect(wordsIn('<p>Sold out</p>')).toEqual(['Sold out']);
    expect(wordsIn('<input aria-label="Go to slot" className="field" />')).toEqual(['Go to slot']);
    expect(wordsIn('<p>\n  Only {n} left\n</p>')).toEqual(['Only', 'left']);
    expect(wordsIn('<p className="x">{messages.sell.left(3)}</p> // Sold out')).toEqual([]);
  });

  it.each(files)('%s holds no words of its own', (name) => {
    expect(wordsIn(readFileSync(path.join(folder, name), 'utf8'))).toEqual([]);
  });
});
