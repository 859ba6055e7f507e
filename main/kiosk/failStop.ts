import { openLogFile, withoutSecrets } from './logFile';

/** Exit status of a kiosk that found itself wrong. */
export const FATAL_STATUS = 70;

let writeToFile: (line: string) => void = () => undefined;

/** From here on the log is kept in the kiosk's data folder too. To be called once the folder is this process's own. */
export function keepLog(data: string): void {
  writeToFile = openLogFile(data);
}

/** A line for whoever looks after the kiosk, with the time. */
export function log(line: string): void {
  const text = `${new Date().toISOString()} ${withoutSecrets(line)}`;
  process.stderr.write(`${text}\n`);
  writeToFile(text);
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
