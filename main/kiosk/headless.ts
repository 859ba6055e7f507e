import { readKioskArguments } from './arguments';
import { FATAL_STATUS, startKiosk } from './index';

/** A kiosk without a window: `npm run kiosk -- <kiosk_id> --headless`. */

function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line}\n`);
}

function die(error: unknown): void {
  log(`uncaught: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  process.exit(FATAL_STATUS);
}
process.on('uncaughtException', die);
process.on('unhandledRejection', die);

async function main(): Promise<void> {
  const args = readKioskArguments(process.argv.slice(2));
  const started = args.ok ? await startKiosk({ ...args.value, log }) : args;
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
