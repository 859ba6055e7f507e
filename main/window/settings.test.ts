import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/constants';
import { SettingsFile } from './settings';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'qk-settings-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('settings of the window', () => {
  it('are the standard ones at first, and remembered when changed', async () => {
    const file = path.join(folder, 'window.json');
    const first = new SettingsFile(file, () => undefined);
    expect(first.get()).toEqual(DEFAULT_SETTINGS);
    await Promise.all([
      first.set({ ...DEFAULT_SETTINGS, theme: 'dark' }),
      first.set({ language: 'de', theme: 'contrast', lockMinutes: 9 }),
    ]);
    expect(new SettingsFile(file, () => undefined).get()).toEqual({ language: 'de', theme: 'contrast', lockMinutes: 9 });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('a file that holds something else, and a folder that is gone, cost the choice and nothing more', async () => {
    const file = path.join(folder, 'window.json');
    await writeFile(file, '{"language":"fr"}');
    const said: string[] = [];
    const settings = new SettingsFile(file, (line) => said.push(line));
    expect(settings.get()).toEqual(DEFAULT_SETTINGS);
    expect(said.join()).toContain('holds no settings');
    await rm(folder, { recursive: true });
    await settings.set({ ...DEFAULT_SETTINGS, language: 'de' });
    expect(settings.get().language).toBe('de');
    expect(said.join()).toContain('could not be written');
  });
});
