/** The middle and the ends of a number of samples. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** One line of the comparison. Ratios are ours to theirs. */
export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly better: 'less' | 'more';
  readonly ours: Spread;
  readonly theirs: Spread;
  readonly ratio: Spread;
  readonly must?: number;
  readonly aim?: number;
}

export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function spread(samples: readonly number[]): Spread {
  return { median: median(samples), least: Math.min(...samples), most: Math.max(...samples) };
}

/** Quantiles of times in ms. */
export function quantiles(times: readonly number[]) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p99: at(0.99), worst: sorted.at(-1) ?? 0 };
}

type Verdict = 'aim' | 'must' | 'MISSED' | '';

/** What the median of a row's ratios reaches. */
export function verdict({ ratio, better, must, aim }: Row): Verdict {
  const reaches = (bound: number) => (better === 'less' ? ratio.median <= bound : ratio.median >= bound);
  if (must === undefined) return '';
  if (aim !== undefined && reaches(aim)) return 'aim';
  return reaches(must) ? 'must' : 'MISSED';
}

/** A number with three digits that count. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits);
}

export function range({ median: middle, least, most }: Spread): string {
  return least === most ? short(middle) : `${short(middle)} [${short(least)}..${short(most)}]`;
}

/** The table, in Markdown: it reads as text, too. */
export function table(rows: readonly Row[]): string {
  const head = ['figure', 'unit', 'quorum-kiosk', 'etcd', 'ratio', 'must', 'aim', 'reaches'];
  const cells = rows.map((row) => {
    const sign = row.better === 'less' ? '<=' : '>=';
    const bound = (value: number | undefined) => (value === undefined ? '' : `${sign} ${value}`);
    return [row.what, row.unit, range(row.ours), range(row.theirs), range(row.ratio), bound(row.must), bound(row.aim), verdict(row)];
  });
  return markdown(head, cells);
}

/** Lines of a table in columns that stand below each other. */
export function markdown(head: readonly string[], cells: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...cells].map((line) => line[column]!.length)));
  const line = (parts: readonly string[]) => `| ${parts.map((part, column) => part.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...cells.map(line), ''].join('\n');
}

const WIDTH = 760;
const LABEL_WIDTH = 250;
const BAR_WIDTH = 400;
const ROW_HEIGHT = 46;
const TOP = 58;

export function xml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * Two bars a row, the longer one of full width; the ratio beside them. Readable on a light page and on a dark one.
 * @param caption what was run, and where
 */
export function picture(rows: readonly Row[], caption: string): string {
  const shown = rows.filter(({ must }) => must !== undefined);
  const height = TOP + shown.length * ROW_HEIGHT + 18;
  const parts = shown.map((row, index) => {
    const y = TOP + index * ROW_HEIGHT;
    const longest = Math.max(row.ours.median, row.theirs.median);
    const bar = (value: number, top: number, kind: string) => {
      const width = Math.max(2, (value / longest) * BAR_WIDTH);
      return `<rect class="${kind}" x="${LABEL_WIDTH}" y="${top}" width="${width.toFixed(1)}" height="14" rx="2"/><text class="value" x="${(LABEL_WIDTH + width + 6).toFixed(1)}" y="${top + 11}">${xml(`${short(value)} ${row.unit}`)}</text>`;
    };
    return [
      `<text class="label" x="${LABEL_WIDTH - 12}" y="${y + 15}">${xml(row.what)}</text>`,
      `<text class="ratio" x="${LABEL_WIDTH - 12}" y="${y + 31}">${xml(`${short(row.ratio.median)} of etcd, ${row.better} is better`)}</text>`,
      bar(row.ours.median, y + 3, 'ours'),
      bar(row.theirs.median, y + 20, 'theirs'),
    ].join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${xml(caption)}">
<style>
text { font: 12px system-ui, sans-serif; fill: #24292f; }
.label, .ratio { text-anchor: end; }
.label { font-weight: 600; }
.ratio, .caption { fill: #57606a; font-size: 11px; }
.ours { fill: #0a6b4f; }
.theirs { fill: #b0b7bf; }
.back { fill: #ffffff; }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .ratio, .caption { fill: #9198a1; } .ours { fill: #2fbf8f; } .theirs { fill: #6e7681; } .back { fill: #0d1117; } }
</style>
<rect class="back" width="${WIDTH}" height="${height}" rx="6"/>
<rect class="ours" x="16" y="14" width="12" height="12" rx="2"/><text x="34" y="24">Quorum Kiosk</text>
<rect class="theirs" x="132" y="14" width="12" height="12" rx="2"/><text x="150" y="24">etcd</text>
<text class="caption" x="16" y="44">${xml(caption)}</text>
${parts.join('\n')}
</svg>
`;
}
