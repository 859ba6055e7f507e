import http from 'node:http';
import net from 'node:net';

/** Where metrics are served; off unless the operator says so. */
export interface MetricsAddress {
  readonly host: string;
  readonly port: number;
}

const LOCAL_HOST = '127.0.0.1';
const PORT_MAX = 65_535;
/** A scraper has one connection or two. */
const CONNECTIONS_MAX = 8;
const TIMEOUT_MS = 5_000;
const HEAD_BYTES = 4_096;

/** `9100`, `0.0.0.0:9100` or `[::1]:9100`; without a host only this machine can read them. Null if it is none. */
export function readMetricsAddress(text: string): MetricsAddress | null {
  const [, bracketed, plain, digits = ''] = /^(?:(?:\[([0-9a-fA-F:]+)\]|([A-Za-z0-9.-]+)):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === '' || port < 1 || port > PORT_MAX) return null;
  return { host: bracketed ?? plain ?? LOCAL_HOST, port };
}

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
