import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { optionOf } from './compiling';

it('names the option by what this version of V8 counts', () => {
  expect(optionOf('11.3.244.8-node.33')).toBe('--interrupt-budget=13000');
  expect(optionOf('12.4.254.21-node.57')).toBe('--invocation-count-for-turbofan=600');
});

// V8 says so on stderr where it knows no such option, and goes on.
it.each([
  [optionOf(process.versions.v8), ''],
  ['--no-such-option', expect.stringContaining('unrecognized flag')],
])('is understood by the runtime of the tests, or not: %s', (option, said) => {
  const { stderr, status } = spawnSync(process.execPath, ['-e', `require('node:v8').setFlagsFromString('${option}')`], {
    encoding: 'utf8',
  });
  expect({ stderr, status }).toEqual({ stderr: said, status: 0 });
});
