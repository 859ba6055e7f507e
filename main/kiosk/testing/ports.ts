import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import type { SiteFile } from '../../../shared/site';

/** Ports that nobody uses, held all at once so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => net.createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** Gives each kiosk of a site file a port that nobody uses: sites on one machine don't meet. */
export async function placeAtFreePorts(siteFile: string): Promise<void> {
  const site = JSON.parse(await readFile(siteFile, 'utf8')) as SiteFile;
  const ports = await freePorts(site.kiosks.length);
  const kiosks = site.kiosks.map((kiosk, index) => ({ ...kiosk, port: ports[index]! }));
  await writeFile(siteFile, JSON.stringify({ ...site, kiosks }));
}
