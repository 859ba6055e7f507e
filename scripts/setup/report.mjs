/**
 * Progress of the set-up: a line per step on stderr, so that a program's own answers stay alone on stdout.
 * A step that has nothing to do says nothing.
 */

/** A set-up that can't go on: one sentence for the user, no stack. */
export class SetupError extends Error {}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs one step and says how long it took.
 * @template T
 * @param {string} what
 * @param {() => Promise<T> | T} run
 * @returns {Promise<T>}
 */
export async function step(what, run) {
  const began = performance.now();
  process.stderr.write(`- ${what} ...`);
  try {
    const result = await run();
    process.stderr.write(` ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
    return result;
  } catch (error) {
    process.stderr.write(' failed\n');
    throw error;
  }
}

/** Prints an error as its user should see it and ends. @param {unknown} error @returns {never} */
export function giveUp(error) {
  say(error instanceof SetupError ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
}
