import { setFlagsFromString } from 'node:v8';

/** After so many calls V8 looks at what a function was called with, and compiles it for that: a fifth of its own number. */
const CALLS = 600;
/** Before its version 12 V8 counted the bytes of code that a function runs through: a fifth of its own number. */
const BYTES = 13_000;
const COUNTS_CALLS = 12;

/** The option of that version of V8. @param version as process.versions.v8 has it */
export function optionOf(version: string): string {
  const major = Number(version.split('.')[0]);
  return major >= COUNTS_CALLS ? `--invocation-count-for-turbofan=${CALLS}` : `--interrupt-budget=${BYTES}`;
}

/**
 * Has V8 optimize code sooner. A sale runs through a thousand functions, most of them once: by V8's own count a kiosk has sold
 * three thousand times before they are fast, and a clerk's kiosk takes days for that. It changes when code is compiled, not
 * what it does. For plain Node: a window's code is compiled at the build, by a runtime that must have the same options.
 */
export function compileSooner(): void {
  setFlagsFromString(optionOf(process.versions.v8));
}
