import { afterEach, describe, expect, it, vi } from 'vitest';
import { FATAL_STATUS, failStop, withoutSecrets } from './failStop';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a kiosk', () => {
  it('ends at the first error that nobody caught, a rejection too, and says which', () => {
    const listeners = new Map<string | symbol, (error: unknown) => void>();
    vi.spyOn(process, 'on').mockImplementation((name: string | symbol, listener: (error: unknown) => void) => {
      listeners.set(name, listener);
      return process;
    });
    const exit = vi.spyOn(process, 'exit').mockReturnValue(undefined as never);
    const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    failStop();
    for (const name of ['uncaughtException', 'unhandledRejection']) listeners.get(name)!(new Error(name));
    expect(exit.mock.calls).toEqual([[FATAL_STATUS], [FATAL_STATUS]]);
    expect(said.mock.calls.map(([text]) => String(text))).toEqual([
      expect.stringContaining('uncaught: Error: uncaughtException'),
      expect.stringContaining('uncaught: Error: unhandledRejection'),
    ]);
  });

  it('writes no private key down, whatever an error brings along', () => {
    const key = '-----BEGIN EC PRIVATE KEY-----\nsecret\n-----END EC PRIVATE KEY-----';
    expect(withoutSecrets(`read ${key} twice`)).toBe('read [a private key was here] twice');
    expect(withoutSecrets('cut -----BEGIN PRIVATE KEY-----\nsec')).toBe('cut [a private key was here]');
  });
});
