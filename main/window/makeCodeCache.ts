import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { tuneWindow } from '../kiosk/runtime';
import { collectScripts, encodeCache } from './codeCache';

/**
 * Makes the code cache, as a step of the build: in the very runtime that will use it, without a window and before the app
 * is ready. Two kiosks of a passing site start, link and sell once, so that it holds what a start needs, and no more.
 */

const STEP_MS = 50;
const PATIENCE_MS = 30_000;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

async function sellOnce(folder: string): Promise<void> {
  // What the window itself loads: it runs only where there is one.
  await import('./kiosk');
  const [{ startKiosk }, { createSite }] = await Promise.all([import('../kiosk'), import('../site/create')]);
  const site = path.join(folder, 'site');
  const places = [await freePort(), await freePort()];
  const events = [{ id: 'demo', name: 'Demo', capacity: 10, categories: [{ id: 'full', name: 'Full', price: 100 }] }];
  const made = await createSite({ folder: site, site: 'cache', kiosks: 2, members: 2, host: '127.0.0.1', basePort: 1, events, from: null });
  if (!made.ok) throw new Error(made.sentence);
  const sitePath = path.join(site, 'site.json');
  const kiosks = made.value.site.kiosks.map((kiosk, index) => ({ ...kiosk, port: places[index]! }));
  await writeFile(sitePath, JSON.stringify({ ...made.value.site, kiosks }));
  const lines: string[] = [];
  const started = await Promise.all(
    kiosks.map(({ id }) =>
      startKiosk({
        kiosk: id,
        sitePath,
        dataPath: path.join(folder, `k${id}`),
        rejoin: false,
        log: (line) => lines.push(line),
        metrics: null,
        onFolder: () => undefined,
      }),
    ),
  );
  const open = started.map((one) => {
    if (!one.ok) throw new Error(one.sentence);
    return one.kiosk;
  });
  const until = performance.now() + PATIENCE_MS;
  while (open.some(({ service }) => service.view().connection !== 'selling')) {
    if (performance.now() > until) throw new Error(`the two kiosks did not sell: ${lines.join('; ')}`);
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
  for (const { service } of open) {
    const answer = await service.execute({ op: 'buy', items: [{ event: 'demo', n: 1 }] });
    if (!answer.ok) throw new Error(`the two kiosks did not sell: ${answer.message}`);
  }
  for (const kiosk of open) await kiosk.stop();
}

async function main(): Promise<void> {
  // V8 takes compiled code only with the options that it was compiled with.
  tuneWindow();
  const [target = ''] = process.argv.slice(-1);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'qk-code-'));
  const scripts = collectScripts(path.join(import.meta.dirname, 'chunks'));
  try {
    await sellOnce(folder);
    // Never half of it under its name.
    await writeFile(`${target}.new`, encodeCache(scripts));
    await rename(`${target}.new`, target);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    process.stderr.write(`${error.stack ?? error.message}\n`);
    process.exit(1);
  },
);
