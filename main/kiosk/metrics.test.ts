import http from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../shared/answers';
import type { KioskView } from '../../shared/service';
import { Meter } from './meter';
import { type Metrics, startMetrics } from './metrics';
import { readMetricsAddress } from './metricsAddress';
import { freePorts } from './testing/ports';

let metrics: Metrics | null = null;
afterEach(async () => {
  await metrics?.close();
  metrics = null;
});

const VIEW = {
  kiosk: { id: 2, name: 'Two' },
  site: { id: 'cam"pus\\', place: '', currency: 'USD', timeZone: 'UTC' },
  connection: 'selling',
  role: 'leader',
  reached: 2,
  memberCount: 3,
  events: [{ id: 'match', sold: 4, remaining: 96 }],
  kiosks: [
    { id: 1, self: false, linked: true, lag: 3 },
    { id: 2, self: true, linked: true, lag: 0 },
    { id: 3, self: false, linked: false, lag: null },
  ],
  applied: 17,
  runtime: 'node 20',
  appVersion: '0.1.0',
  pending: [],
  generation: 1,
  certificate: { expiresAt: 1_800_000_000_000, state: 'good' },
  problem: null,
} as unknown as KioskView;

function get(port: number, path: string, method = 'GET'): Promise<{ status: number; type: string; body: string }> {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path, method, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve({ status: response.statusCode!, type: String(response.headers['content-type']), body }));
    });
    request.on('error', reject).end();
  });
}

describe('metrics', () => {
  it('are lines that Prometheus reads: every family described once, every sample a number, labels escaped', () => {
    const meter = new Meter(1_790_000_000_000);
    meter.answered({ ok: true, op: 'buy' } as Answer, 4);
    meter.answered({ ok: true, op: 'buy' } as Answer, 700);
    meter.answered({ ok: false, op: 'buy', reason: 'sold_out', message: '' }, 1);
    const text = meter.text(VIEW, 1_000_000);
    const families = [...text.matchAll(/^# TYPE (\S+) (gauge|counter|histogram)$/gm)].map(([, name]) => name);
    expect(new Set(families).size).toBe(families.length);
    for (const line of text.trimEnd().split('\n'))
      if (!line.startsWith('#')) expect(line).toMatch(/^quorum_kiosk_[a-z_]+(\{([a-z]+="(\\.|[^"\\])*",?)+\})? -?[0-9.e+]+$/);
    expect(text).toContain('quorum_kiosk_info{kiosk="2",site="cam\\"pus\\\\",version="0.1.0",runtime="node 20"} 1\n');
    expect(text).toContain('quorum_kiosk_requests_total{op="buy",outcome="sold_out"} 1\n');
    expect(text).toContain('quorum_kiosk_sale_seconds_bucket{le="0.005"} 1\n');
    expect(text).toContain('quorum_kiosk_sale_seconds_bucket{le="+Inf"} 2\n');
    expect(text).toContain('quorum_kiosk_sale_seconds_sum 0.704\n');
    expect(text).toContain('quorum_kiosk_peer_lag_slots{peer="1"} 3\n');
    expect(text).not.toContain('peer="2"');
    expect(text).toContain('quorum_kiosk_certificate_expiry_timestamp_seconds 1800000000\n');
  });

  it('are served to this machine alone unless an address is named, and nothing else is', async () => {
    const [port = 0] = await freePorts(1);
    expect(readMetricsAddress(String(port))).toEqual({ host: '127.0.0.1', port });
    const started = await startMetrics({ host: '127.0.0.1', port }, () => 'a 1\n');
    if (typeof started === 'string') throw new Error(started);
    metrics = started;
    expect(await get(port, '/metrics')).toEqual({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8', body: 'a 1\n' });
    expect(await get(port, '/')).toMatchObject({ status: 404, body: '' });
    expect(await get(port, '/metrics', 'POST')).toMatchObject({ status: 404 });
    expect(await startMetrics({ host: '127.0.0.1', port }, () => '')).toMatch(/can't be served at 127\.0\.0\.1:\d+ \(EADDRINUSE\)/);
  });

  it.each([
    ['0.0.0.0:9100', { host: '0.0.0.0', port: 9100 }],
    ['[::1]:9100', { host: '::1', port: 9100 }],
    ['kiosk.local:1', { host: 'kiosk.local', port: 1 }],
    ['0', null],
    ['70000', null],
    ['host:', null],
    ['a b:1', null],
  ])('address %s', (text, address) => {
    expect(readMetricsAddress(text)).toEqual(address);
  });
});
