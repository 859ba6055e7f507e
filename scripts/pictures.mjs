import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './setup/paths.mjs';
import { giveUp, say } from './setup/report.mjs';
import { setup } from './setup.mjs';
import { startDisplay } from './start/display.mjs';

/**
 * `npm run pictures`: the README's pictures, taken by the end-to-end tests from real windows. Each test leaves its
 * pictures in a folder of its own, whose name ends with the test's last words.
 */
const WANTED = {
  'any-screen-light': ['print', 'kiosks'],
  'office-light-en': ['sell', 'sales', 'reports', 'events', 'shift'],
  'office-dark-de': { sell: 'sell-dark-de', log: 'log-dark-de' },
  'office-contrast-en': { sell: 'sell-contrast' },
};

async function main() {
  await setup({ window: true, virtualDisplay: true });
  const display = await startDisplay();
  const results = path.join(ROOT, 'test-results', 'e2e');
  try {
    const cli = path.join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js');
    execFileSync(process.execPath, [cli, 'test', '-g', 'axe finds nothing'], {
      cwd: ROOT,
      stdio: 'inherit',
      env: { ...process.env, DISPLAY: display.name },
    });
  } finally {
    await display.stop();
  }
  const target = path.join(ROOT, 'docs', 'pictures');
  mkdirSync(target, { recursive: true });
  for (const [test, names] of Object.entries(WANTED)) {
    const folder = readdirSync(results)
      .map((name) => path.join(results, name))
      .find((file) => file.endsWith(test) && statSync(file).isDirectory());
    if (folder === undefined) throw new Error(`no pictures of the test that ends with ${test} in ${results}`);
    const pairs = Array.isArray(names) ? names.map((name) => [name, name]) : Object.entries(names);
    for (const [name, as] of pairs) {
      copyFileSync(path.join(folder, `${name}.png`), path.join(target, `${as}.png`));
      say(path.join('docs', 'pictures', `${as}.png`));
    }
  }
}

main().catch(giveUp);
