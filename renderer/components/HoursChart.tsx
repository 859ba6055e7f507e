import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { SalesReport } from '../../shared/desk';
import { money } from '../format';
import { useSettings } from '../hooks/useSettings';
import { barsOf } from '../logic/hours';
import { language, messages } from '../messages';

const HEIGHT_PX = 220;
const CENTS = 100;
const SECONDS_PER_HOUR = 3_600;
const TICKS_HOURS = [1, 2, 3, 6, 12, 24, 48, 168, 336, 720];

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
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts and colours are other ones with another language and theme
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const { from, tickets, cents } = barsOf(hours);
    const chart = new uPlot(
      optionsOf(element.clientWidth, timeZone, currency, getComputedStyle(document.documentElement)),
      [from, tickets, cents.map((value) => value / CENTS)],
      element,
    );
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
    observer.observe(element);
    // The system's own change of light to dark, and to print.
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => chart.redraw(false, true);
    dark.addEventListener('change', redraw);
    return () => {
      observer.disconnect();
      dark.removeEventListener('change', redraw);
      chart.destroy();
    };
  }, [hours, timeZone, currency, theme, words]);
  return (
    <figure className="card chart" aria-hidden="true">
      <figcaption className="label">{messages.reports.chart}</figcaption>
      <div ref={place} className="chart-place" />
    </figure>
  );
}

/** Colours are read each time they are drawn: the theme may have changed since. */
function optionsOf(width: number, timeZone: string, currency: string, style: CSSStyleDeclaration): uPlot.Options {
  const colour = (name: string) => () => resolved(style.getPropertyValue(name));
  const font = `14px ${style.getPropertyValue('--font')}`;
  const axis = { stroke: colour('--ink-quiet'), font, grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  const bars = uPlot.paths.bars!({ size: [0.7, 56], radius: 0.15 });
  return {
    width,
    height: HEIGHT_PX,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), timeZone),
    cursor: { show: false },
    legend: { show: false },
    scales: { x: { time: true, range: (_chart, min, max) => [min - 2_400, max + 2_400] } },
    series: [
      {},
      {
        label: messages.reports.tickets,
        scale: 'tickets',
        fill: colour('--accent'),
        stroke: colour('--accent'),
        paths: bars,
        points: { show: false },
      },
      {
        label: messages.reports.revenue,
        scale: 'money',
        stroke: colour('--warn-solid'),
        width: 3,
        points: { show: true, size: 9, fill: colour('--warn-solid') },
      },
    ],
    axes: [
      {
        ...axis,
        // Whole hours: half ones would repeat their names.
        incrs: TICKS_HOURS.map((hours) => hours * SECONDS_PER_HOUR),
        values: (_chart, ticks) =>
          ticks.map((tick) => new Intl.DateTimeFormat(messages.locale, { timeZone, hour: 'numeric' }).format(tick * 1_000)),
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
