import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { programNode } from './setup/dependencies.mjs';
import { hasDisplay } from './setup/libraries.mjs';
import { ROOT } from './setup/paths.mjs';
import { giveUp, say } from './setup/report.mjs';
import { setup } from './setup.mjs';
import { startDisplay } from './start/display.mjs';
import { mayRunAgain, ofNemesis, ofPlaywright, ofVitest, settle, sum } from './test/counts.mjs';

const RESULTS = path.join(ROOT, 'test-results');

const HELP = `npm test                      set everything up and run all tests
npm test -- lint types        only some of: lint, types, unit (with the simulation), e2e, nemesis

The last line counts the tests of all runners. With CI=true a skipped test counts as a failure. Where one or two tests
failed, and none with a random seed, their files run once more, and a test that passes then is named and counted as flaky.
`;

/** Runs a program by the Node that kiosks run by, with its output passed on; resolves with its exit status. */
function run(args, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(programNode(), args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env });
    child.on('close', (code) => resolve(code ?? 1));
  });
}

function bin(...parts) {
  return path.join(ROOT, 'node_modules', ...parts);
}

/** A runner that only says yes or no counts as one test. */
async function yesOrNo(name, args) {
  const status = await run(args);
  return status === 0
    ? { passed: 1, failed: [], skipped: [] }
    : { passed: 0, failed: [{ name, reason: `exit status ${status}` }], skipped: [] };
}

/** A runner that reports to a file; one that crashes, or runs nothing, has failed. */
async function reporting(args, file, read, env) {
  rmSync(file, { force: true });
  const status = await run(args, env);
  let counts;
  try {
    counts = read(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    say(`no report in ${path.relative(ROOT, file)}: ${error.message}`);
    return { passed: 0, failed: [{ name: path.basename(file), reason: 'no report' }], skipped: [] };
  }
  if (status !== 0 && counts.failed.length === 0)
    counts.failed.push({ name: path.basename(file), reason: `exit status ${status}, and no test that failed` });
  if (counts.passed + counts.failed.length + counts.skipped.length === 0)
    counts.failed.push({ name: path.basename(file), reason: 'nothing was run' });
  return counts;
}

/**
 * A runner whose few failures get a second run of their files, to tell what is wrong from what a busy machine was too slow
 * for. The faults of real kiosks (nemesis) get none.
 */
async function twice(runOn) {
  const first = await runOn([]);
  if (!mayRunAgain(first)) return first;
  for (const { name, reason } of first.failed) say(`once more: ${name}: ${reason}`);
  return settle(first, await runOn([...new Set(first.failed.map(({ file }) => file))]));
}

/** Real kiosks under faults, for a short while: all kinds mixed, then each minority of three and some of five cut off (S25). */
const NEMESIS = [
  ['--runs', '2', '--seconds', '15', '--seed', '1'],
  ['--cuts', '3', '--seed', '1'],
  ['--cuts', '5', '--most', '10', '--seed', '1'],
];

const RUNNERS = {
  lint: () => yesOrNo('lint', [bin('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', '.']),
  types: () => yesOrNo('types', [bin('typescript', 'bin', 'tsc'), '-p', '.']),
  unit: () => {
    const file = path.join(RESULTS, 'unit.json');
    const args = [bin('vitest', 'vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    return twice((files) => reporting([...args, ...files], file, ofVitest));
  },
  e2e: async () => {
    const file = path.join(RESULTS, 'e2e.json');
    // Real windows, on a display of their own: nobody's desk is covered, and nobody's mouse is in the way.
    const display = process.platform === 'linux' ? await startDisplay() : null;
    try {
      const env = display === null ? process.env : { ...process.env, DISPLAY: display.name };
      return await twice((files) => reporting([bin('@playwright', 'test', 'cli.js'), 'test', ...files], file, ofPlaywright, env));
    } finally {
      await display?.stop();
    }
  },
  nemesis: async () => {
    const file = path.join(RESULTS, 'nemesis.json');
    const all = [];
    for (const args of NEMESIS)
      all.push(await reporting([path.join(ROOT, 'out', 'main', 'nemesis.js'), ...args, '--report', file], file, ofNemesis));
    return sum(all);
  },
};

async function main() {
  const args = process.argv.slice(2);
  if (args.includes('--help')) {
    process.stdout.write(HELP);
    return 0;
  }
  const unknown = args.find((word) => !Object.hasOwn(RUNNERS, word));
  if (unknown !== undefined) {
    say(`there is no runner "${unknown}"\n${HELP}`);
    return 2;
  }
  const names = args.length > 0 ? args : Object.keys(RUNNERS);
  await setup({
    window: names.includes('e2e') || names.includes('unit'),
    virtualDisplay: process.platform === 'linux' || !hasDisplay(),
    faults: names.includes('nemesis') || names.includes('unit'),
    printing: names.includes('e2e') || names.includes('unit'),
  });
  mkdirSync(RESULTS, { recursive: true });
  const all = [];
  for (const name of names) {
    say(`\n== ${name}`);
    const began = performance.now();
    const counts = await RUNNERS[name]();
    say(
      `== ${name}: ${counts.passed} passed, ${counts.failed.length} failed, ${counts.skipped.length} skipped, ${((performance.now() - began) / 1000).toFixed(0)} s`,
    );
    all.push(counts);
  }
  const total = sum(all);
  for (const { name, reason } of total.failed) say(`failed: ${name}: ${reason}`);
  for (const { name, reason } of total.flaky) say(`flaky: ${name}: ${reason}`);
  for (const { name, reason } of total.skipped) say(`skipped: ${name}: ${reason}`);
  const strict = process.env.CI === 'true' && total.skipped.length > 0;
  if (strict) say('With CI=true nothing may be skipped: this counts as a failure.');
  process.stdout.write(
    `${total.passed} passed, ${total.failed.length} failed${total.flaky.length > 0 ? `, ${total.flaky.length} flaky` : ''}${total.skipped.length > 0 ? `, ${total.skipped.length} skipped` : ''}\n`,
  );
  return total.failed.length > 0 || strict ? 1 : 0;
}

main().then((status) => process.exit(status), giveUp);
