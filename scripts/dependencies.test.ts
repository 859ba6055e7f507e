import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
// @ts-expect-error: a script without types.
import { allows, installedLicence, problemsOf } from './dependencies.mjs';

const root = path.resolve(import.meta.dirname, '..');
const read = (name: string) => JSON.parse(readFileSync(path.join(root, name), 'utf8'));
const SUM = `sha512-${'A'.repeat(86)}==`;

describe('what the project installs', () => {
  it('is pinned, has its checksum, an allowed licence, and runs no script', () => {
    expect(problemsOf(read('package.json'), read('package-lock.json'), installedLicence)).toEqual([]);
  });

  it('each thing that is not so is told', () => {
    const lock = (entry: object) => ({
      lockfileVersion: 3,
      packages: { '': {}, 'node_modules/a': { version: '1.0.0', integrity: SUM, license: 'MIT', ...entry } },
    });
    const problems = (entry: object, version = '1.0.0') => problemsOf({ dependencies: { a: version } }, lock(entry), () => undefined);
    expect(problems({})).toEqual([]);
    expect(problems({}, '^1.0.0')[0]).toMatch(/has to name one version/);
    expect(problems({ version: '1.0.1' })[0]).toMatch(/is 1\.0\.0 in package\.json and 1\.0\.1 in the lock file/);
    expect(problems({ integrity: undefined })[0]).toMatch(/has no SHA-512/);
    expect(problems({ integrity: 'sha1-x' })[0]).toMatch(/has no SHA-512/);
    expect(problems({ resolved: 'git+ssh://somewhere/a.git' })[0]).toMatch(/comes from git/);
    expect(problems({ hasInstallScript: true })[0]).toMatch(/runs a script/);
    expect(problems({ license: 'GPL-3.0' })[0]).toMatch(/has the licence GPL-3\.0/);
    expect(problems({ license: undefined })[0]).toMatch(/does not name/);
    expect(problems({ license: 'MPL-2.0' })).toHaveLength(1);
    expect(problems({ license: 'MPL-2.0', dev: true })).toEqual([]);
    expect(problems({ link: true })[0]).toMatch(/link/);
  });

  it('reads SPDX expressions', () => {
    expect(allows('(MIT OR GPL-3.0)', ['MIT'])).toBe(true);
    expect(allows('MIT AND GPL-3.0', ['MIT'])).toBe(false);
    expect(allows(undefined, ['MIT'])).toBe(false);
  });
});
