import { useSyncExternalStore } from 'react';
import { de } from './de';
import { en } from './en';
import type { Texts } from './texts';

export type { RefusalOnScreen } from './en';

/** The texts of one language: every key of the English ones, with the same placeholders. */
export type Messages = Texts<typeof en>;

export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

export const catalogues: Readonly<Record<Language, Messages>> = { en, de };

/** The texts of the language in use. Read while drawing, never kept: a change of language draws all screens anew. */
export let messages: Messages = en;

let current: Language = 'en';
const listeners = new Set<() => void>();

export function setLanguage(language: Language): void {
  current = language;
  messages = catalogues[language];
  for (const listener of listeners) listener();
}

export function language(): Language {
  return current;
}

/** Draws its component, and so all below it, anew when the language changes. */
export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, language);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
