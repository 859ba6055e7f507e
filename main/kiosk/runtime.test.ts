import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { optionsOf, START_OPTIONS, WINDOW_OPTIONS } from './runtime';

it('names the options by what this version of V8 counts', () => {
  expect(optionsOf('11.3.244.8-node.33')[0]).toBe('--interrupt-budget=13000');
  expect(optionsOf('12.4.254.21-node.57')[0]).toBe('--invocation-count-for-turbofan=600');
});

// V8 says so on stderr where it knows no such option, and goes on.
it.each([
  ['all of its own', optionsOf(process.versions.v8), ''],
  ["all of a window's", WINDOW_OPTIONS, ''],
  ['one that there is not', ['--no-such-option'], expect.stringContaining('unrecognized flag')],
])('is understood by the runtime of the tests: %s', (_, options, said) => {
  const script = `for (const option of ${JSON.stringify(options)}) require('node:v8').setFlagsFromString(option)`;
  const { stderr, status } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  expect({ stderr, status }).toEqual({ stderr: said, status: 0 });
});

it('is started by npm run kiosk with the options that are taken only then, and are', () => {
  const { scripts } = JSON.parse(readFileSync(path.join(import.meta.dirname, '../../package.json'), 'utf8')) as {
    scripts: { kiosk: string };
  };
  expect(scripts.kiosk).toContain(`node ${START_OPTIONS.join(' ')} `);
  const script = 'process.stdout.write(String(process.execArgv))';
  const { stdout, stderr } = spawnSync(process.execPath, [...START_OPTIONS, '-e', script], { encoding: 'utf8' });
  expect([stdout, stderr]).toEqual([expect.stringContaining(START_OPTIONS.join()), '']);
});
