import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { CSV_WORDS } from '../../main/kiosk/csvWords';
import { WORDS } from '../../main/printing/words';
import { PERMISSIONS } from '../../shared/constants';
import { englishOf, type SaidCode, said, UNDONE_OF } from '../../shared/said';
import type { NotSelling } from '../../shared/service';
import { catalogues, LANGUAGES, type Language } from '.';

type Leaf = string | ((...values: never[]) => string);

/** Every text of a language by its path, for example `sell.left`. */
function leaves(node: unknown, at = ''): Map<string, Leaf> {
  if (typeof node === 'string' || typeof node === 'function') return new Map([[at, node as Leaf]]);
  return new Map(Object.entries(node as object).flatMap(([key, child]) => [...leaves(child, at === '' ? key : `${at}.${key}`)]));
}

/** The page's texts, and what main writes into spreadsheets and onto paper. */
function textsOf(language: Language): Map<string, Leaf> {
  return leaves({ ...catalogues[language], csv: CSV_WORDS[language], paper: WORDS[language] });
}

const english = textsOf('en');

/** Texts that take more than numbers and words: their placeholders are tried with real values. */
const STRUCTURED = new Set([
  'why',
  'said',
  'refusal',
  'open.what',
  'log.change',
  'sentences.unknown_event',
  'sentences.unknown_category',
  'sentences.expired',
  'sentences.unable',
  'sentences.majority_away',
  'sentences.kiosk_nowhere',
  'sentences.still_joining',
  'sentences.change_not_allowed',
  'sentences.not_permitted',
  'sentences.file_failed',
  'sentences.start_again',
  'sentences.codes_uncheckable',
  'sentences.page_not_taken',
]);

/** Sentences with words of others in them: by convention their last value, `detail`. */
const WITH_DETAIL = [
  ...readFileSync(path.resolve(import.meta.dirname, '../../shared/said.ts'), 'utf8').matchAll(
    /^ {2}(\w+): \([^)]*\bdetail: (?:Said \| )?string\)/gm,
  ),
].map(([, code]) => code as SaidCode);

describe.each(LANGUAGES.filter((language) => language !== 'en'))('messages in %s', (language) => {
  const texts = textsOf(language);

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

  it('differ from the English ones where they are sentences of the kiosk itself', () => {
    const markers = Array.from({ length: 5 }, (_, index) => 7001 + index);
    const same = [...texts].filter(([key, text]) => {
      if (!key.startsWith('sentences.') || STRUCTURED.has(key) || typeof text !== 'function') return false;
      const show = (of: Leaf) => (of as (...values: unknown[]) => string)(...markers);
      return show(text) === show(english.get(key)!);
    });
    expect(same.map(([key]) => key)).toEqual([]);
  });

  it('say whatever the kiosk says, with all its figures', () => {
    const { said: say } = catalogues[language];
    const why: NotSelling = { kind: 'no_majority', reached: 1, members: 3 };
    for (const [what, figures] of [
      [said('unknown_event', 'opera', ['match', 'gala'], 3), ['opera', 'match, gala', '3']],
      [said('unknown_category', 'match', 'vip', ['adult'], 0), ['match', 'vip', 'adult']],
      [said('unable', 'sold', why, 2), ['1', '3']],
      [said('unable', 'changed', { kind: 'removed', slot: 12 }, 2), ['2', '12']],
      [said('unable', 'let_in', null, 2), []],
      [said('unable', 'undone', { kind: 'problem', said: said('too_old', 9) }, 2), ['9']],
      [said('majority_away', [2, 3], 'stadium'), ['2, 3', 'stadium']],
      [said('kiosk_nowhere', 4, 'add_kiosk', [1, 2]), ['4', '1, 2']],
      [said('still_joining', 4, 'contacting', '127.0.0.1:7404'), ['4', '127.0.0.1:7404']],
      [said('still_joining', 4, 'catching_up', null), ['4']],
      [said('file_failed', 'journal', '/data', 'ENOSPC'), ['/data', 'ENOSPC']],
      [said('file_failed', 'history', '/data', 'EBADF'), ['/data', 'EBADF']],
      [said('start_again', said('disk_forgot', 2, 31, 32, 33, 34), 1), ['2', '31', '32', '33', '34']],
      [said('codes_uncheckable', said('ticket_key_missing', '/site/tickets.key')), ['/site/tickets.key']],
      [said('page_not_taken', 'office', said('spooler_silent', 'ECONNREFUSED')), ['office', 'ECONNREFUSED']],
      ...(['add', 'remove', 'readmit', 'leader', 'address'] as const).map((kind) => [said('change_not_allowed', kind, 5), ['5']] as const),
      ...PERMISSIONS.map((permission) => [said('not_permitted', permission), []] as const),
      ...Object.values(UNDONE_OF).map((undone) => [said('expired', undone), []] as const),
    ] as const) {
      const text = say(what);
      expect(text).not.toBe(englishOf(what));
      expect(text).not.toContain('undefined');
      for (const figure of figures) expect(text, what.code).toContain(figure);
    }
  });

  it('quote what is in words that are not ours', () => {
    const alien = 'the cover is open';
    for (const code of WITH_DETAIL) {
      const { length } = catalogues.en.sentences[code];
      const text = catalogues[language].said({ code, values: [...Array<string>(length - 1).fill('office'), alien] });
      expect(text, code).toContain(`Meldung des Systems: „${alien}“`);
    }
    for (const reason of ['not_taken', 'aborted'] as const)
      expect(catalogues[language].print.reasons[reason](catalogues[language].print.toldBySystem(alien))).toContain(`„${alien}“`);
  });

  it('name the kiosk and the code for the phone', () => {
    expect(catalogues[language].fault(3, 'not_enough')).toContain('Kiosk 3');
    for (const kiosk of [3, null]) expect(catalogues[language].fault(kiosk, 'not_enough')).toContain('Code not_enough');
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

describe('what is refused', () => {
  /** Sentences that are a remedy from their first word, and what nobody foresaw. */
  const WHOLE = new Set<string>(['tickets_hidden', 'sales_hidden', 'file_first', 'unexpected']);
  it.each(LANGUAGES)('says what to do about it, in %s: behind what is the matter', (language) => {
    const sentences = catalogues[language].sentences as unknown as Readonly<Record<string, (...values: unknown[]) => string>>;
    const without = Object.entries(sentences).filter(([code, sentence]) => {
      if (WHOLE.has(code) || STRUCTURED.has(`sentences.${code}`)) return false;
      return !/[;:] \S/.test(sentence(...Array.from({ length: sentence.length }, (_, index) => 7001 + index)));
    });
    expect(without.map(([code]) => code)).toEqual([]);
    for (const kind of ['add', 'remove', 'readmit', 'leader', 'address'])
      expect(catalogues[language].said(said('change_not_allowed', kind as 'add', 4))).toMatch(/; \S|\(\S/);
  });
});

describe('components', () => {
  const folder = path.resolve(import.meta.dirname, '../components');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.tsx'));

  it('the check finds words between tags and in attributes', () => {
    expect(wordsIn('<p>Sold out</p>')).toEqual(['Sold out']);
    expect(wordsIn('<input aria-label="Go to slot" className="field" />')).toEqual(['Go to slot']);
    expect(wordsIn('<p>\n  Only {n} left\n</p>')).toEqual(['Only', 'left']);
    expect(wordsIn('<p className="x">{messages.sell.left(3)}</p> // Sold out')).toEqual([]);
  });

  it.each(files)('%s puts no refusal into words by itself: the code for the phone would be missing', (name) => {
    const source = readFileSync(path.join(folder, name), 'utf8');
    if (name !== 'Fault.tsx') expect(source).not.toMatch(/messages\.(refusal|fault)\(/);
    // A page's own notice has its code beside it.
    if (name !== 'Notice.tsx' && /role=(?:"alert"|\{[^}]*'alert')/.test(source)) expect(source).toMatch(/<Fault(Text|Code) /);
  });

  it.each(files)('%s holds no words of its own', (name) => {
    expect(wordsIn(readFileSync(path.join(folder, name), 'utf8'))).toEqual([]);
  });
});

describe('main', () => {
  /** Rooms whose refusals and errors come to the window. Texts of command lines and of the start are the operator's, and English. */
  const rooms = ['tickets', 'kiosk', 'printing', 'window', 'signing'].map((room) => path.resolve(import.meta.dirname, '../../main', room));
  /** What never reaches a window: told to the operator at the start, to whoever builds, or to a client by its own parser. */
  const elsewhere =
    /^(index|headless|arguments|installation|failStop|media|kioskMode|startAtLogin|metrics|program|pages|makeCodeCache)\.ts$/;
  const files = rooms.flatMap((room) =>
    readdirSync(room)
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !elsewhere.test(name))
      .map((name) => path.join(room, name)),
  );

  /** Sentences that are made where they are used, for the English alone. */
  function sentencesIn(source: string): readonly string[] {
    const code = source
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/\/\/.*$/gm, '')
      .replace(/\$\{[^}]*\}/g, '…');
    return [...code.matchAll(/(?:new Error\(|\bmessage: |\bdetail: )\s*(['"`][^'"`]*[a-z]{2,} [^'"`]*)/g)].map(([, text]) => text!);
  }

  it('the check finds sentences', () => {
    expect(sentencesIn("throw new Error('sign in first');")).toEqual(["'sign in first"]);
    expect(sentencesIn(`return { ok: false, message: \`there is no \${x}\` }`)).toEqual(['`there is no …']);
    expect(sentencesIn("throw told('tickets_hidden'); // new Error('sign in first')")).toEqual([]);
  });

  it('has a use for every sentence', () => {
    const sources = ['main', 'renderer', 'shared'].flatMap((room) =>
      readdirSync(path.resolve(import.meta.dirname, '../..', room), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.tsx?$/.test(name) && !/\.test\.ts$|said(\.de)?\.ts$/.test(name))
        .map((name) => readFileSync(path.resolve(import.meta.dirname, '../..', room, name), 'utf8')),
    );
    const all = [
      ...sources,
      readFileSync(path.resolve(import.meta.dirname, '../../shared/said.ts'), 'utf8').split('export type Sentences')[1],
    ].join('\n');
    expect(Object.keys(catalogues.en.sentences).filter((code) => !all.includes(`'${code}'`))).toEqual([]);
  });

  it('lets words of others into its sentences here only', () => {
    const made = new RegExp(`\\b(?:said|say|told)\\(\\s*'(${WITH_DETAIL.join('|')})'`, 'g');
    const main = path.resolve(import.meta.dirname, '../../main');
    const found = readdirSync(main, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .flatMap((name) => [...readFileSync(path.join(main, name), 'utf8').matchAll(made)].map(([, code]) => `${name}: ${code}`));
    expect(found.sort()).toEqual([
      'printing/cups.ts: spooler_silent',
      'site/provisioning.ts: file_unusable',
      // What the start says to the operator, and what only ends a start, is put into words where it is found.
      'storage/errors.ts: unexpected',
      'window/askedSales.ts: unexpected',
      'window/firstStart.ts: misunderstood',
      'window/firstStart.ts: page_not_taken',
      'window/ipc.ts: misunderstood',
    ]);
  });

  it('stops a kiosk that serves in no sentence of its own', () => {
    // The other files of the room that make sentences are read before a kiosk serves: its start is refused, or goes on without what is damaged.
    const storage = path.resolve(import.meta.dirname, '../../main/storage');
    const found = readdirSync(storage).filter(
      (name) => !name.endsWith('.test.ts') && /new StorageError\(\s*'\w+',\s*['`]/.test(readFileSync(path.join(storage, name), 'utf8')),
    );
    expect(found).toEqual(['journal.ts', 'lock.ts', 'store.ts']);
  });

  it('says by code what a window shows', () => {
    expect(files.length).toBeGreaterThan(40);
    const found = files.flatMap((file) => sentencesIn(readFileSync(file, 'utf8')).map((text) => `${path.basename(file)}: ${text}`));
    expect(found).toEqual([]);
  });
});
