import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import logging from 'electron-log/node';
import { withoutSecrets } from './failStop';

/** Beside the journal; it stays in place when the data are put aside. */
export const LOG_FOLDER = 'logs';
const CURRENT = 'kiosk.log';
/** A file is put by when it has so many bytes; so many older ones are kept. */
export const LOG_BYTES = 1024 * 1024;
export const LOGS_KEPT = 5;
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
function oldName(number: number): string {
  return `kiosk.${number}.log`;
}

/**
 * The log file of the kiosk with this data folder, for both kinds of kiosk. Written at once: the last words of a
 * process that dies are the ones that are needed. A disk that takes no log disturbs nobody.
 * @returns writes one line
 */
export function openLogFile(data: string): (line: string) => void {
  const folder = path.join(data, LOG_FOLDER);
  const file = path.join(folder, CURRENT);
  try {
    mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
    if (process.platform !== 'win32' && existsSync(file)) chmodSync(file, FILE_MODE);
  } catch {
    return () => undefined;
  }
  const logger = logging.create({ logId: file });
  logger.transports.console.level = false;
  const { file: transport } = logger.transports;
  // It looks for one in a package.json near by, and writes nothing where there is none.
  transport.setAppName('Quorum Kiosk');
  transport.resolvePathFn = () => file;
  transport.format = '{text}';
  transport.maxSize = LOG_BYTES;
  transport.writeOptions = { flag: 'a', mode: FILE_MODE, encoding: 'utf8' };
  transport.archiveLogFn = () => rotate(folder);
  return (line) => logger.info(withoutSecrets(line));
}

/** kiosk.log becomes kiosk.1.log, that one kiosk.2.log, and the oldest goes. */
function rotate(folder: string): void {
  try {
    rmSync(path.join(folder, oldName(LOGS_KEPT)), { force: true });
    for (let number = LOGS_KEPT - 1; number >= 1; number -= 1) {
      const from = path.join(folder, oldName(number));
      if (existsSync(from)) renameSync(from, path.join(folder, oldName(number + 1)));
    }
    renameSync(path.join(folder, CURRENT), path.join(folder, oldName(1)));
  } catch {
    // The file grows on; the next line tries again.
  }
}
