import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const execute = promisify(execFile);
const root = path.resolve(import.meta.dirname, '..');

/** Runs a built program; its exit status and what it printed on either stream. */
async function run(program: string, args: readonly string[]): Promise<{ status: number; text: string }> {
  const [file = '', ...first] = program.split(' ');
  try {
    const { stdout, stderr } = await execute(process.execPath, [path.join(root, file), ...first, ...args]);
    return { status: 0, text: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { status: code, text: stdout + stderr };
  }
}

describe('every program tells how it is used', () => {
  it.each([
    ['out/main/client.js', 'add_kiosk'],
    ['out/main/site.js', 'create <folder>'],
    ['out/main/verify.js', 'npm run verify'],
    ['out/main/audit.js', 'first entry that was tampered with'],
    ['out/main/backup.js', 'The kiosk may run and sell meanwhile'],
    ['out/main/restore.js', '--sold-up-to EVENT=N'],
    ['out/main/doctor.js', 'each with a remedy'],
    ['out/main/fuzz.js', '--count'],
    ['out/main/simulate.js', '--seed N'],
    ['out/main/bench.js', '--seconds'],
    ['out/main/nemesis.js', '--cuts'],
    ['scripts/run.mjs kiosk', '--rejoin'],
    ['scripts/nightly.mjs', '--minutes'],
    ['scripts/start.mjs', '--reset'],
    ['scripts/test.mjs', 'npm test'],
    ['scripts/dist.mjs', 'release/'],
    ['scripts/demo.mjs', '--pictures DIR'],
  ])('%s --help', async (file, words) => {
    const { status, text } = await run(file, ['--help']);
    expect(text).toContain(words);
    expect(status).toBe(0);
  });

  it.each([
    ['scripts/run.mjs kiosk', []],
    ['scripts/run.mjs kiosk', ['2', '--sitte', 'site.json']],
    ['scripts/run.mjs kiosk', ['2', '--site']],
    ['scripts/run.mjs conjure', []],
    ['scripts/nightly.mjs', ['soon']],
    ['out/main/kiosk.js', []],
    ['out/main/kiosk.js', ['none']],
    ['out/main/client.js', ['none']],
    ['out/main/site.js', ['conjure', 'folder']],
    ['out/main/audit.js', []],
    ['out/main/backup.js', ['1']],
    ['out/main/restore.js', ['nothing']],
    ['out/main/doctor.js', ['none']],
    ['out/main/fuzz.js', ['--count', 'many']],
    ['out/main/verify.js', []],
    ['scripts/start.mjs', ['--fast']],
    ['scripts/test.mjs', ['fast']],
    ['scripts/dist.mjs', ['floppy']],
    ['scripts/demo.mjs', ['--pictures']],
  ])('%s %j is refused in words, without a stack', async (file, args) => {
    const { status, text } = await run(file, args);
    expect(status).toBeGreaterThan(0);
    expect(text.trim().length).toBeGreaterThan(10);
    expect(text).not.toMatch(/ {4}at /);
  });

  it('npm run simulate replays a seed', { timeout: 60_000 }, async () => {
    const { status, text } = await run('out/main/simulate.js', ['--seed', '25', '--kiosks', '3']);
    expect(text).toMatch(/applies 1: founding/);
    expect(text).toMatch(/1 runs from seed 25, \d+ steps, \d+ slots chosen, no rule broken/);
    expect(status).toBe(0);
  });
});

it('the README says that this is no certified cash register, and so does the page for clerks', async () => {
  for (const page of ['README.md', 'docs/clerks.md'])
    expect((await readFile(path.join(root, page), 'utf8')).replace(/\s+/g, ' '), page).toContain('This is no certified cash register.');
});

describe('a window starts without', () => {
  const out = path.join(root, 'out');

  it('the table of all file types, and the ways of a link that is no web socket', async () => {
    const chunks = path.join(out, 'main', 'chunks');
    const files = (await readdir(chunks)).filter((name) => name.endsWith('.js'));
    const texts = await Promise.all(files.map((name) => readFile(path.join(chunks, name), 'utf8')));
    expect(texts.filter((text) => text.includes('perMessageDeflate')).length).toBeGreaterThan(0);
    expect(texts.filter((text) => text.includes('application/vnd.') || text.includes('x-node-xmlhttprequest'))).toEqual([]);
  });

  it('the schemas of commands in its page', async () => {
    const renderer = path.join(out, 'renderer');
    const html = await readFile(path.join(renderer, 'index.html'), 'utf8');
    const names = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]*\.js)"/g)].map(([, name]) => name!);
    const holds = async (name: string) => (await readFile(path.join(renderer, name), 'utf8')).includes('ZodError');
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(await holds(name), name).toBe(false);
    const all = (await readdir(path.join(renderer, 'assets'))).filter((name) => name.endsWith('.js'));
    expect((await Promise.all(all.map((name) => holds(`assets/${name}`)))).filter(Boolean)).toHaveLength(1);
  });
});
