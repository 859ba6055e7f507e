/** Where metrics are served; off unless the operator says so. */
export interface MetricsAddress {
  readonly host: string;
  readonly port: number;
}

const LOCAL_HOST = '127.0.0.1';
const PORT_MAX = 65_535;

/** `9100`, `0.0.0.0:9100` or `[::1]:9100`; without a host only this machine can read them. Null if it is none. */
export function readMetricsAddress(text: string): MetricsAddress | null {
  const [, bracketed, plain, digits = ''] = /^(?:(?:\[([0-9a-fA-F:]+)\]|([A-Za-z0-9.-]+)):)?(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === '' || port < 1 || port > PORT_MAX) return null;
  return { host: bracketed ?? plain ?? LOCAL_HOST, port };
}
