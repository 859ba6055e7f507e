import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { hasMulticast } from '../main/kiosk/testing/multicast';
import { freePorts } from '../main/kiosk/testing/ports';
import { expect, sellAndDismiss, test } from './cluster';
import { go } from './desk';
import { output, ROOT } from './packages/release';

test.use({ site: ['--event', 'match=100:1200'] });

const SLOW_MS = 40_000;
const NEWCOMER = 6;

/** Resolves once it answers its clients. */
async function ready(child: ChildProcess): Promise<void> {
  let said = '';
  for await (const text of child.stdout!.setEncoding('utf8')) {
    said += text;
    if (/^ready \{/m.test(said)) return;
  }
  throw new Error(`the newcomer ended: ${said}`);
}

test('a kiosk that nobody has heard of is found on the network, offered by its name, and added with one touch', async ({ cluster }) => {
  test.skip(!(await hasMulticast()), 'this machine has no multicast on its loopback');
  await cluster.openAll([1, 2, 3]);
  await cluster.selling(1, 2, 3);
  const page = cluster.page(1);
  await go(page, 'Kiosks');
  const offered = page.getByTestId('nearby');
  await expect(page.getByTestId('kiosk-1')).toBeVisible();
  await expect(offered).toBeHidden();
  // Another machine, with a site file that is newer than that of the others.
  const folder = path.join(cluster.folder, 'newcomer');
  await cp(path.dirname(cluster.site), folder, { recursive: true });
  const [port] = await freePorts(1);
  await output(process.execPath, path.join(ROOT, 'out/main/site.js'), 'add', folder, '--kiosk', String(NEWCOMER), '--port', String(port));
  const words = [String(NEWCOMER), '--site', path.join(folder, 'site.json'), '--data', path.join(folder, 'data')];
  const newcomer = spawn(process.execPath, [path.join(ROOT, 'out/main/kiosk.js'), ...words], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    await ready(newcomer);
    await expect(offered).toContainText(`Kiosk ${NEWCOMER}`, { timeout: SLOW_MS });
    await expect(offered).toContainText(`127.0.0.1:${port}`);
    // Who is on the list is offered there, once.
    await expect(offered.getByRole('listitem')).toHaveCount(1);
    await offered.getByRole('button', { name: `Add kiosk ${NEWCOMER}, Kiosk ${NEWCOMER}` }).click();
    await expect(page.getByTestId('change-result')).toHaveAttribute('data-state', 'done', { timeout: SLOW_MS });
    await expect(offered).toBeHidden();
    await expect(page.getByTestId(`kiosk-${NEWCOMER}`)).toContainText(`127.0.0.1:${port}`);
    await expect(page.getByRole('region', { name: 'Changes so far' }).getByRole('listitem').first()).toContainText(
      `Add kiosk ${NEWCOMER}Members 1 2 3 ${NEWCOMER}`,
    );
    await go(page, 'Sell');
    expect(await sellAndDismiss(page, 1)).toBe('Ticket 1');
  } finally {
    newcomer.kill('SIGKILL');
    if (newcomer.exitCode === null && newcomer.signalCode === null) await once(newcomer, 'exit');
  }
});
