/** Exit status of a kiosk that found itself wrong. */
export const FATAL_STATUS = 70;

let writeToFile: (line: string) => void = () => undefined;

/** Whatever an error's text may bring along: a key never reaches the log. */
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;

export function withoutSecrets(line: string): string {
  return line.replace(PRIVATE_KEY, '[a private key was here]');
}

/** From here on the log is kept in a file too (logFile.ts). To be called once the data folder is this process's own. */
export function keepLog(write: (line: string) => void): void {
  writeToFile = write;
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
