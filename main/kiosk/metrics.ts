import http from 'node:http';
import net from 'node:net';
import type { MetricsAddress } from './metricsAddress';

/** A scraper has one connection or two. */
const CONNECTIONS_MAX = 8;
const TIMEOUT_MS = 5_000;
const HEAD_BYTES = 4_096;

export interface Metrics {
  close(): Promise<void>;
}

/**
 * Serves `GET /metrics` and nothing else, without a secret in it and without a way to change anything.
 * @param text the whole page, made anew for each request
 * @returns one sentence where the port can't be had: a kiosk sells without
 */
export async function startMetrics({ host, port }: MetricsAddress, text: () => string): Promise<Metrics | string> {
  const server = http.createServer(
    { maxHeaderSize: HEAD_BYTES, headersTimeout: TIMEOUT_MS, requestTimeout: TIMEOUT_MS },
    (request, response) => {
      const right = request.method === 'GET' && request.url?.split('?')[0] === '/metrics';
      if (!right) response.writeHead(404, { connection: 'close' }).end();
      else response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' }).end(text());
    },
  );
  server.maxConnections = CONNECTIONS_MAX;
  server.on('clientError', (_error, socket) => socket.destroy());
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    const where = net.isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
    return `metrics can't be served at ${where} (${(error as NodeJS.ErrnoException).code ?? String(error)}): name a free port of this machine with --metrics`;
  }
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
