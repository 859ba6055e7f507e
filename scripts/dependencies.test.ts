import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// @ts-expect-error: a script without types.
import { allows, installedLicence, knownHoles, problemsOf } from './dependencies.mjs';

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
    const problems = (entry: object) => problemsOf({ dependencies: { a: '1.0.0' } }, lock(entry), () => undefined);
    expect(problems({})).toEqual([]);
    for (const kind of ['dependencies', 'devDependencies', 'optionalDependencies'])
      expect(problemsOf({ [kind]: { a: '^1.0.0' } }, lock({}), () => undefined)[0]).toMatch(/has to name one version/);
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

  it('each package that ships is argued for in docs/security.md', () => {
    const docs = readFileSync(path.join(root, 'docs/security.md'), 'utf8');
    const argued = [...docs.slice(docs.indexOf('## Dependencies')).matchAll(/`([^`]+)`/g)].map(([, name]) => name);
    const { dependencies, optionalDependencies } = read('package.json');
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) expect(argued).toContain(name);
  });

  it('reads SPDX expressions', () => {
    expect(allows('(MIT OR GPL-3.0)', ['MIT'])).toBe(true);
    expect(allows('MIT AND GPL-3.0', ['MIT'])).toBe(false);
    expect(allows(undefined, ['MIT'])).toBe(false);
  });
});

describe('holes that a registry knows of', () => {
  const lock = read('package-lock.json');
  let server: Server;
  let answer: { readonly status: number; readonly body: unknown };
  beforeAll(async () => {
    // As npm asks for them: all names with their versions at once, then what each of the found is made of.
    server = createServer((request, response) => {
      const { status, body } = request.url?.endsWith('/advisories/bulk') ? answer : { status: 404, body: {} };
      request.resume();
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterAll(() => server.close());

  const holes = (): Promise<readonly string[] | null> => knownHoles(lock, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const known = (severity: string) => [
    { id: 1, url: 'https://holes.example/1', title: 'lets strangers in', severity, vulnerable_versions: '*', cwe: [], cvss: {} },
  ];

  it('hold a change up where they are grave and in what ships, the runtime too', { timeout: 60_000 }, async () => {
    answer = {
      status: 200,
      body: { 'socket.io': known('high'), electron: known('critical'), vite: known('critical'), zod: known('moderate') },
    };
    expect([...((await holes()) ?? [])].sort()).toEqual([
      expect.stringMatching(/^electron .*critical: lets strangers in, https:\/\/holes\.example\/1/),
      expect.stringMatching(/^socket\.io .*high: lets strangers in/),
    ]);
  });

  it('are none where it knows of none, and unknown where it does not tell', { timeout: 60_000 }, async () => {
    answer = { status: 200, body: {} };
    expect(await holes()).toEqual([]);
    answer = { status: 405, body: { error: 'not here' } };
    expect(await holes()).toBeNull();
  });
});
