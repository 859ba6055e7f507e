import { expect, test } from 'vitest';
import { dropped, type Figure, holds, once, p50p95, periodOf, treeOf, windowPicture, windowTable } from './windowFigures';

const PERIOD = 16;

/** The times of frames with these pauses between them. */
function framesOf(...pauses: readonly number[]): readonly number[] {
  const frames = [0];
  for (const pause of pauses) frames.push(frames.at(-1)! + pause);
  return frames;
}

test('frames in time are none dropped; one that is a period late is one, and late by less is none', () => {
  expect(dropped(framesOf(16, 16, 17, 15), PERIOD)).toBe(0);
  expect(dropped(framesOf(16, 32, 16), PERIOD)).toBe(1);
  expect(dropped(framesOf(16, 20, 12), PERIOD)).toBe(0);
  expect(dropped(framesOf(160), PERIOD)).toBe(9);
  expect(dropped([], PERIOD)).toBe(0);
});

test('the period is what most frames take', () => {
  expect(periodOf(framesOf(16, 16, 100, 16, 17))).toBe(16);
});

test('of 200 times ten may lie above the 95th percentile', () => {
  const times = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect(p50p95(times)).toEqual({ p50: 101, p95: 191 });
});

test('a tree of processes holds children of children, and nobody else', () => {
  const parents = new Map([
    [11, 10],
    [12, 11],
    [13, 1],
    [14, 12],
  ]);
  expect(treeOf(10, parents)).toEqual([10, 11, 12, 14]);
});

const FIGURES: readonly Figure[] = [
  { what: 'start', unit: 'ms', ours: once(600), beside: once(400), ratio: once(1.5), most: 1.25 },
  { what: 'click', unit: 'ms', ours: { median: 30, least: 20, most: 60 }, most: 50 },
  { what: 'frames', unit: '', ours: once(0), most: 0 },
  { what: 'as it is', unit: 'MB', ours: once(123) },
];

test('the bound is about the ratio where there is one, and about the middle of the figure otherwise', () => {
  expect(FIGURES.map(holds)).toEqual([false, true, true, true]);
  const lines = windowTable(FIGURES).split('\n');
  expect(lines[2]).toMatch(/\| start +\| ms +\| 600 +\| 400 +\| 1\.50 +\| 1\.25 +\| MISSED \|/);
  expect(lines[3]).toMatch(/30\.0 \[20\.0\.\.60\.0\].*\| yes /);
});

test('the picture has a bar for each figure with a bound', () => {
  const svg = windowPicture(FIGURES, 'commit <x>');
  expect(svg.match(/class="bar"/g)).toHaveLength(3);
  expect(svg).toContain('commit &#60;x&#62;');
  expect(svg).not.toContain('NaN');
});
