import { NAME_ID } from '../../shared/constants';

const LETTERS_MAX = 40;

/** An id for something that a clerk has named: "Änne Müller" is `anne-muller`; a number follows where that is taken. */
export function slugOf(name: string, taken: readonly string[], fallback: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/ß/g, 'ss')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, LETTERS_MAX);
  const base = NAME_ID.test(plain) ? plain : fallback;
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? base : `${base}-${n}`;
    if (!taken.includes(id)) return id;
  }
}
