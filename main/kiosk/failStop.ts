/** Exit status of a kiosk that found itself wrong. */
export const FATAL_STATUS = 70;

/** A line for whoever looks after the kiosk, with the time. */
export function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`);
}

/**
 * Ends the process at the first error that nobody caught: a kiosk that may be wrong must not vote. Electron
 * would go on after an unhandled rejection.
 */
export function failStop(): void {
  const die = (error: unknown) => {
    log(`uncaught: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exit(FATAL_STATUS);
  };
  process.on('uncaughtException', die);
  process.on('unhandledRejection', die);
}
