import { useSyncExternalStore } from 'react';
import { DEFAULT_SETTINGS } from '../../shared/constants';
import type { Settings } from '../../shared/settings';
import { bridge, unwrap } from '../bridge';
import { LANGUAGES, type Language, setLanguage } from '../messages';

let current: Settings = DEFAULT_SETTINGS;
const listeners = new Set<() => void>();

/** Before main has told what it remembers, the page speaks the machine's language. */
export function speakSystemLanguage(): void {
  setLanguage(languageOfSystem());
}

/** Takes what main remembers, before the first screen is drawn: no text may turn from one language into another. */
export async function loadSettings(): Promise<void> {
  apply(await unwrap(bridge.settings()).catch(() => DEFAULT_SETTINGS));
}

/** How this window looks and speaks, and the way to change it; kept over restarts. */
export function useSettings(): readonly [Settings, (change: Partial<Settings>) => void] {
  const settings = useSyncExternalStore(subscribe, () => current);
  return [settings, change];
}

function change(part: Partial<Settings>): void {
  apply({ ...current, ...part });
  void bridge.setSettings(current);
}

function apply(settings: Settings): void {
  current = settings;
  const language = settings.language ?? languageOfSystem();
  document.documentElement.dataset.theme = settings.theme;
  document.documentElement.lang = language;
  setLanguage(language);
  for (const listener of listeners) listener();
}

function languageOfSystem(): Language {
  return LANGUAGES.find((known) => navigator.language.startsWith(known)) ?? 'en';
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
