import { describe, expect, it } from 'vitest';
import { assistantSchemas } from './assistant';
import { ipcSchemas } from './ipc';
import { ASSISTANT_CASES, hostileArguments, IPC_CASES } from './testing/ipcCases';

const SCHEMAS = { ...ipcSchemas, ...assistantSchemas };
const CASES = { ...IPC_CASES, ...ASSISTANT_CASES };
type Channel = keyof typeof CASES;

it('each request that a page can make has its case', () => {
  expect(Object.keys(CASES).sort()).toEqual(Object.keys(SCHEMAS).sort());
});

describe.each(Object.keys(CASES) as Channel[])('%s', (channel) => {
  it('takes what it is for, with and without what may be left out', () => {
    const { good, optional = [] } = CASES[channel] as { good: unknown; optional?: readonly string[] };
    expect(SCHEMAS[channel].safeParse(good)).toMatchObject({ success: true });
    for (const field of optional) {
      const { [field]: _, ...rest } = good as Record<string, unknown>;
      expect(SCHEMAS[channel].safeParse(rest), `without ${field}`).toMatchObject({ success: true });
    }
  });

  it('takes nothing else', () => {
    const taken = hostileArguments(CASES[channel]).filter(([, argument]) => SCHEMAS[channel].safeParse(argument).success);
    expect(taken.map(([name]) => name)).toEqual([]);
  });
});
