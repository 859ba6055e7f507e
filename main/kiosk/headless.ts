import { readKioskArguments } from './arguments';
import { failStop, keepLog, log } from './failStop';
import { startKiosk } from './index';
import { openLogFile } from './logFile';
import { tuneRuntime } from './runtime';

/** A kiosk without a window: `npm run kiosk -- <kiosk_id> --headless`. */

failStop();
tuneRuntime();

async function main(): Promise<void> {
  const args = readKioskArguments(process.argv.slice(2));
  const started = args.ok ? await startKiosk({ ...args.value, log, onFolder: (folder) => keepLog(openLogFile(folder)) }) : args;
  if (!started.ok) {
    process.stderr.write(`${started.sentence}\n`);
    process.exit(1);
  }
  const { kiosk } = started;
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void kiosk.stop());
  process.stdout.write(`ready ${JSON.stringify(kiosk.ready)}\n`);
  process.exit(await kiosk.stopped);
}

void main();
