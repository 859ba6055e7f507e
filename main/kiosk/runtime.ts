import { setFlagsFromString } from 'node:v8';

/** V8 optimizes a function after so many calls, a fifth of its own number. */
const CALLS = 600;
/** Before its version 12 V8 counted the bytes of code that a function runs through: a fifth of its own number, too. */
const BYTES = 13_000;
const COUNTS_CALLS = 12;
/**
 * How much of what a function calls is optimized together with it, in bytes, and how seldom that may be called: more than V8
 * does by itself. With four times as much a sale takes as long, and what saves a snapshot kept a helper thread busy for a tenth of
 * a second, at all kiosks at about the same time.
 */
const INLINED = [
  '--max-inlined-bytecode-size-cumulative=1500',
  '--max-inlined-bytecode-size=1500',
  '--max-inlined-bytecode-size-absolute=6000',
  '--min-inlining-frequency=0.01',
];
/** Objects of so many forms may come by one place before V8 looks properties up by name there: twice its own number, for messages of many kinds. */
const FORMS = '--max-valid-polymorphic-map-count=8';
/**
 * A whole collection is due once the heap is three times what the last one has left. By V8's own reckoning it may be due
 * at less than the young generation holds by itself: a kiosk that leads then collected its 20 MB six times a second.
 */
const HEAP_GROWTH = '--heap-growing-percent=200';

/**
 * Options that are taken only as a process starts: `npm run kiosk` gives them, and whoever else starts a kiosk without a
 * window. How much is made, in MB, before V8 looks for what of it is still in use: half or a quarter of V8's own, since
 * hardly anything is, so less at a time is sooner done and stays in the processor's caches. And one helper thread, not
 * four: that little is collected sooner than the others have been woken.
 */
export const START_OPTIONS = ['--max-semi-space-size=8', '--v8-pool-size=1'] as const;

/** The options for that version of V8. @param version as process.versions.v8 has it */
export function optionsOf(version: string): readonly string[] {
  const major = Number(version.split('.')[0]);
  return [
    major >= COUNTS_CALLS ? `--invocation-count-for-turbofan=${CALLS}` : `--interrupt-budget=${BYTES}`,
    ...INLINED,
    FORMS,
    HEAP_GROWTH,
  ];
}

function setOptions(options: readonly string[]): void {
  for (const option of options) setFlagsFromString(option);
}

/**
 * Has V8 optimize code sooner, and in larger pieces, and collect less often. A sale runs through a thousand functions, most of
 * them once: by V8's own count a kiosk has sold three thousand times before they are fast, and a clerk's kiosk takes days for
 * that. It changes when and how code is compiled, not what it does. For plain Node: a window's code is compiled at the build,
 * by a runtime that must have the same options.
 */
export function tuneRuntime(): void {
  setOptions(optionsOf(process.versions.v8));
}

/**
 * A window's young objects get their full room at the first collection: nearly all that a start makes is kept, which six
 * collections that double the room would find one by one.
 */
export const WINDOW_OPTIONS: readonly string[] = ['--semi-space-growth-factor=16'];

/** For a kiosk with a window, and for the step of the build that compiles its code. */
export function tuneWindow(): void {
  setOptions(WINDOW_OPTIONS);
}
