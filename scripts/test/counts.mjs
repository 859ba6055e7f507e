/**
 * What the runners' JSON reports say, in one form.
 * @typedef {{ passed: number, failed: number, skipped: { name: string, reason: string }[] }} Counts
 */

const NO_REASON = 'no reason given';

/** @returns {Counts} */
export function ofVitest(report) {
  const counts = { passed: 0, failed: 0, skipped: [] };
  for (const file of report.testResults) {
    // A file that could not even be loaded has no tests to count.
    if (file.status === 'failed' && file.assertionResults.length === 0) counts.failed += 1;
    for (const test of file.assertionResults) {
      if (test.status === 'passed') counts.passed += 1;
      else if (test.status === 'failed') counts.failed += 1;
      else counts.skipped.push({ name: test.fullName, reason: test.meta?.skipReason ?? NO_REASON });
    }
  }
  return counts;
}

/** @returns {Counts} */
export function ofPlaywright(report) {
  const counts = { passed: 0, failed: 0, skipped: [] };
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
        else counts.failed += 1;
      }
    }
  };
  for (const suite of report.suites) visit(suite);
  counts.failed += report.errors?.length ?? 0;
  return counts;
}

/** Each run is a test; faults that can't be had here are skipped ones. @returns {Counts} */
export function ofNemesis(report) {
  const missing = new Set(report.flatMap((run) => run.missing));
  return {
    passed: report.filter(({ ok }) => ok).length,
    failed: report.filter(({ ok }) => !ok).length,
    skipped: [...missing].map((reason) => ({ name: 'nemesis', reason })),
  };
}

/** @param {Counts[]} all @returns {Counts} */
export function sum(all) {
  return {
    passed: all.reduce((total, { passed }) => total + passed, 0),
    failed: all.reduce((total, { failed }) => total + failed, 0),
    skipped: all.flatMap(({ skipped }) => skipped),
  };
}
