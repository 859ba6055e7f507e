import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { SetupError } from '../setup/report.mjs';

const SCREEN = '2400x900x24';
const START_MS = 15_000;

/**
 * Starts an X server without a screen on a free display number, which it chooses itself.
 * @param {{ endsWithLastWindow?: boolean }} [options] so that nothing is left behind where this process is killed
 */
export async function startDisplay({ endsWithLastWindow = false } = {}) {
  const server = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp', ...(endsWithLastWindow ? ['-terminate'] : [])],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      detached: true,
    },
  );
  const timer = setTimeout(() => server.kill('SIGKILL'), START_MS);
  const failed = once(server, 'exit').then(() => {
    throw new SetupError('the virtual display (Xvfb) did not start');
  });
  failed.catch(() => undefined);
  const [text] = await Promise.race([once(server.stdio[3], 'data'), failed]);
  clearTimeout(timer);
  return {
    name: `:${String(text).trim()}`,
    /** Lets this process end though the display is there. */
    unref: () => {
      server.unref();
      server.stdio[3].unref();
    },
    stop: async () => {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const gone = once(server, 'exit');
      server.kill('SIGTERM');
      await gone;
    },
  };
}
