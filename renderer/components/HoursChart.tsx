import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { SalesReport } from '../../shared/desk';
import { money } from '../format';
import { useSettings } from '../hooks/useSettings';
import { type Bars, barsOf, tickTexts } from '../logic/hours';
import { language, messages } from '../messages';

const HEIGHT_PX = 220;
const CENTS = 100;
const SECONDS_PER_HOUR = 3_600;
const HOURS_PER_DAY = 24;
/** Whole hours: half ones would repeat their names. Days where each bar is one. */
const TICKS_HOURS = { hour: [1, 2, 3, 6, 12, 24], day: [24, 48, 168, 336, 720] } as const;
/** Room for two lines: the hour, and its date. */
const AXIS_PX = 42;
/** Beside the first bar and the last one, as a share of one. */
const MARGIN = 0.67;

interface HoursChartProps {
  readonly hours: SalesReport['hours'];
  readonly timeZone: string;
  readonly currency: string;
}

/** Tickets and money by the hour; the table beside it says the same in figures. */
export function HoursChart({ hours, timeZone, currency }: HoursChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const [{ theme }] = useSettings();
  const words = language();
  const bars = useMemo(() => barsOf(hours, timeZone), [hours, timeZone]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts and colours are other ones with another language and theme
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const { unit, from, tickets, cents } = bars;
    const chart = new uPlot(
      optionsOf(unit, element.clientWidth, timeZone, currency, getComputedStyle(document.documentElement)),
      [from, tickets, cents.map((value) => value / CENTS)],
      element,
    );
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
    observer.observe(element);
    // The system's own change of light to dark.
    const dark = matchMedia('(prefers-color-scheme: dark)');
    // The paths too: those of bars keep the colour that they were made with.
    const redraw = () => chart.redraw(true, true);
    dark.addEventListener('change', redraw);
    // On paper it is day whatever the theme: what was drawn for the night would be white on white.
    const { dataset } = document.documentElement;
    const worn = dataset.theme;
    const onPaper = () => {
      dataset.theme = 'light';
      redraw();
    };
    const onScreen = () => {
      if (worn === undefined) delete dataset.theme;
      else dataset.theme = worn;
      redraw();
    };
    window.addEventListener('beforeprint', onPaper);
    window.addEventListener('afterprint', onScreen);
    return () => {
      observer.disconnect();
      dark.removeEventListener('change', redraw);
      window.removeEventListener('beforeprint', onPaper);
      window.removeEventListener('afterprint', onScreen);
      chart.destroy();
    };
  }, [bars, timeZone, currency, theme, words]);
  return (
    <figure className="card chart" aria-hidden="true">
      <figcaption className="label">{messages.reports.charts[bars.unit]}</figcaption>
      <div ref={place} className="chart-place" />
    </figure>
  );
}

/** Colours are read each time they are drawn: the theme may have changed since. */
function optionsOf(unit: Bars['unit'], width: number, timeZone: string, currency: string, style: CSSStyleDeclaration): uPlot.Options {
  const colour = (name: string) => () => resolved(style.getPropertyValue(name));
  const font = `14px ${style.getPropertyValue('--font')}`;
  const axis = { stroke: colour('--ink-quiet'), font, grid: { stroke: colour('--line'), width: 1, dash: [3, 5] }, ticks: { show: false } };
  const bars = uPlot.paths.bars!({ size: [0.7, 56], radius: 0.15 });
  const beside = MARGIN * SECONDS_PER_HOUR * (unit === 'hour' ? 1 : HOURS_PER_DAY);
  return {
    width,
    height: HEIGHT_PX,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), timeZone),
    cursor: { show: false },
    legend: { show: false },
    scales: { x: { time: true, range: (_chart, min, max) => [min - beside, max + beside] } },
    series: [
      {},
      {
        label: messages.reports.tickets,
        scale: 'tickets',
        fill: colour('--accent'),
        // No edge: where nothing was sold it would be a line.
        width: 0,
        paths: bars,
        points: { show: false },
      },
      {
        label: messages.reports.revenue,
        scale: 'money',
        stroke: colour('--chart-money'),
        width: 3,
        points: { show: true, size: 9, fill: colour('--chart-money') },
      },
    ],
    axes: [
      {
        ...axis,
        size: AXIS_PX,
        incrs: TICKS_HOURS[unit].map((hours) => hours * SECONDS_PER_HOUR),
        values: (_chart, ticks) => tickTexts(ticks, unit, timeZone, messages.locale),
      },
      { ...axis, scale: 'tickets', size: 60 },
      {
        ...axis,
        scale: 'money',
        side: 1,
        size: 90,
        grid: { show: false },
        values: (_chart, ticks) => ticks.map((tick) => money(Math.round(tick * CENTS), currency, true)),
      },
    ],
  };
}

/** A custom property may hold light-dark(), which a canvas doesn't know: the browser works it out on an element. */
function resolved(value: string): string {
  const probe = document.createElement('span');
  probe.style.color = value;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
