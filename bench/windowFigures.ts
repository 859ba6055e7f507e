import { markdown, median, quantiles, range, type Spread, short, xml } from './report';

/** One figure of the window, and what it is held against. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly ours: Spread;
  /** What it is measured beside in the same run: an empty window, a fresh kiosk, a window at rest. */
  readonly beside?: Spread;
  /** Ours to what is beside it. */
  readonly ratio?: Spread;
  /** What it may be at most: the ratio where there is one, the figure itself otherwise. */
  readonly most?: number;
}

/** The number that the bound is about. */
function bounded({ ours, ratio }: Figure): number {
  return (ratio ?? ours).median;
}

/** Whether a figure is within its bound; true where it has none. */
export function holds(figure: Figure): boolean {
  return figure.most === undefined || bounded(figure) <= figure.most;
}

/** A figure that was measured once. */
export function once(value: number): Spread {
  return { median: value, least: value, most: value };
}

/** The middle of some times, and the time that 95 of 100 are below. */
export function p50p95(times: readonly number[]): { readonly p50: number; readonly p95: number } {
  const sorted = [...times].sort((a, b) => a - b);
  // As in quantiles(): of 200 times ten may be above.
  return { p50: quantiles(times).p50, p95: sorted[Math.min(sorted.length - 1, Math.floor(0.95 * sorted.length))] ?? Number.NaN };
}

/** The middle of the times between frames in ms: a display's period, if most are in time. */
export function periodOf(frames: readonly number[]): number {
  return median(betweens(frames));
}

/** How many frames are missing among those drawn at these times: one that comes a whole period late stands for one that was dropped. */
export function dropped(frames: readonly number[], period: number): number {
  return betweens(frames).reduce((sum, between) => sum + Math.max(0, Math.round(between / period) - 1), 0);
}

function betweens(frames: readonly number[]): readonly number[] {
  return frames.slice(1).map((at, index) => at - frames[index]!);
}

/** Every process that descends from one, itself first. @param parents of each process */
export function treeOf(root: number, parents: ReadonlyMap<number, number>): readonly number[] {
  const tree = [root];
  for (const pid of tree) for (const [child, parent] of parents) if (parent === pid) tree.push(child);
  return tree;
}

/** The table, in Markdown. */
export function windowTable(figures: readonly Figure[]): string {
  const head = ['figure', 'unit', 'kiosk', 'beside', 'ratio', 'at most', 'holds'];
  const cells = figures.map((figure) => [
    figure.what,
    figure.unit,
    range(figure.ours),
    figure.beside === undefined ? '' : range(figure.beside),
    figure.ratio === undefined ? '' : range(figure.ratio),
    figure.most === undefined ? '' : String(figure.most),
    figure.most === undefined ? '' : holds(figure) ? 'yes' : 'MISSED',
  ]);
  return markdown(head, cells);
}

const WIDTH = 760;
const LABEL_WIDTH = 290;
const BOUND_WIDTH = 300;
const ROW_HEIGHT = 34;
const TOP = 40;
/** A bar ends here, however far a figure is beyond its bound. */
const LONGEST = 1.3;

/** A bar for each figure with a bound, and one line down all of them: the bound. Readable on a light page and on a dark one. */
export function windowPicture(figures: readonly Figure[], caption: string): string {
  const shown = figures.filter(({ most }) => most !== undefined);
  const height = TOP + shown.length * ROW_HEIGHT + 34;
  const bound = LABEL_WIDTH + BOUND_WIDTH;
  const rows = shown.map((figure, index) => {
    const y = TOP + index * ROW_HEIGHT;
    const most = figure.most!;
    const share = most === 0 ? (holds(figure) ? 0 : LONGEST) : Math.min(LONGEST, bounded(figure) / most);
    const unit = figure.ratio === undefined ? ` ${figure.unit}` : ' times';
    return [
      `<text class="label" x="${LABEL_WIDTH - 12}" y="${y + 15}">${xml(figure.what)}</text>`,
      `<rect class="bar" x="${LABEL_WIDTH}" y="${y + 3}" width="${Math.max(2, share * BOUND_WIDTH).toFixed(1)}" height="16" rx="2"/>`,
      `<text x="${(Math.max(share, 1) * BOUND_WIDTH + LABEL_WIDTH + 10).toFixed(1)}" y="${y + 15}">${xml(`${short(bounded(figure))} of ${most}${unit}`)}</text>`,
    ].join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${xml(caption)}">
<style>
text { font: 12px system-ui, sans-serif; fill: #24292f; }
.label { text-anchor: end; font-weight: 600; }
.caption { fill: #57606a; font-size: 11px; }
.bar { fill: #0a6b4f; } .bound { stroke: #b35900; stroke-width: 2; } .back { fill: #ffffff; }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .caption { fill: #9198a1; } .bar { fill: #2fbf8f; } .bound { stroke: #e0a458; } .back { fill: #0d1117; } }
</style>
<rect class="back" width="${WIDTH}" height="${height}" rx="6"/>
<text class="caption" x="16" y="22">${xml(caption)}</text>
${rows.join('\n')}
<line class="bound" x1="${bound}" y1="${TOP - 6}" x2="${bound}" y2="${height - 28}"/>
<text class="caption" x="${bound}" y="${height - 12}" text-anchor="middle">at most</text>
</svg>
`;
}
