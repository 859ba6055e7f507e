/**
 * What the runners' JSON reports say, in one form: how many passed, and which did not.
 * @typedef {{ name: string, reason: string, file?: string }} Named the file is where a failed test stands, if it is known
 * @typedef {{ passed: number, failed: Named[], flaky?: Named[], skipped: Named[] }} Counts
 */

const NO_REASON = 'no reason given';

/** The first line of a message that may have many, and colours of a terminal. */
function firstLine(message) {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours are what is to go.
  const plain = (message ?? '').replace(/\u001b\[[\d;]*m/g, '').trim();
  return plain === '' ? NO_REASON : plain.split('\n')[0];
}

/** @returns {Counts} */
export function ofVitest(report) {
  const counts = { passed: 0, failed: [], skipped: [] };
  for (const file of report.testResults) {
    // A file that could not even be loaded has no tests to count.
    if (file.status === 'failed' && file.assertionResults.length === 0)
      counts.failed.push({ name: file.name, reason: firstLine(file.message), file: file.name });
    for (const test of file.assertionResults) {
      if (test.status === 'passed') counts.passed += 1;
      else if (test.status === 'failed')
        counts.failed.push({ name: test.fullName, reason: firstLine(test.failureMessages?.[0]), file: file.name });
      else counts.skipped.push({ name: test.fullName, reason: test.meta?.skipReason ?? NO_REASON });
    }
  }
  return counts;
}

/** @returns {Counts} */
export function ofPlaywright(report) {
  const counts = { passed: 0, failed: [], skipped: [] };
  const visit = (suite) => {
    for (const child of suite.suites ?? []) visit(child);
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        if (test.status === 'skipped')
          counts.skipped.push({
            name: spec.title,
            reason: test.annotations?.find(({ type }) => type === 'skip')?.description ?? NO_REASON,
          });
        else if (test.status === 'expected') counts.passed += 1;
        else counts.failed.push({ name: spec.title, reason: firstLine(test.results?.at(-1)?.error?.message), file: spec.file });
      }
    }
  };
  for (const suite of report.suites) visit(suite);
  for (const error of report.errors ?? []) counts.failed.push({ name: 'playwright', reason: firstLine(error.message) });
  return counts;
}

/** Each run is a test; faults that can't be had here are skipped ones. @returns {Counts} */
export function ofNemesis(report) {
  const missing = new Set(report.flatMap((run) => run.missing));
  return {
    passed: report.filter(({ ok }) => ok).length,
    failed: report.filter(({ ok }) => !ok).map(({ seed, report: why }) => ({ name: `nemesis, seed ${seed}`, reason: firstLine(why) })),
    skipped: [...missing].map((reason) => ({ name: 'nemesis', reason })),
  };
}

/** So many failures at the most are put down to the machine. */
const CHANCES = 2;

/**
 * Whether the files of what failed may run once more: few failures, each in a known file, and none that a random seed
 * found, which another seed would hide.
 * @param {Counts} counts
 */
export function mayRunAgain({ failed }) {
  return (
    failed.length > 0 &&
    failed.length <= CHANCES &&
    failed.every(({ name, reason, file }) => file !== undefined && !/\bseed\b/i.test(`${name} ${reason}`))
  );
}

/**
 * What two runs come to: a test that failed and then passed is flaky, which is told by name; one that failed twice, or
 * in the second run alone, has failed.
 * @param {Counts} first @param {Counts} second of the failed tests' files @returns {Counts}
 */
export function settle(first, second) {
  const still = new Set(second.failed.map(({ name }) => name));
  const flaky = first.failed.filter(({ name }) => !still.has(name));
  return { passed: first.passed, failed: second.failed, flaky, skipped: first.skipped };
}

/** @param {Counts[]} all @returns {Counts} */
export function sum(all) {
  return {
    passed: all.reduce((total, { passed }) => total + passed, 0),
    failed: all.flatMap(({ failed }) => failed),
    flaky: all.flatMap(({ flaky }) => flaky ?? []),
    skipped: all.flatMap(({ skipped }) => skipped),
  };
}
