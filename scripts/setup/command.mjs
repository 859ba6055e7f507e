import { spawn } from 'node:child_process';
import { SetupError } from './report.mjs';

/** Lines of output that a failed command's message shows. */
const TAIL_LINES = 15;

/**
 * Runs a command quietly; its output is shown only if it fails.
 * @param {string} command @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number }} [options]
 * @returns {Promise<string>} what it printed on stdout
 */
export function run(command, args, { cwd, env, timeoutMs } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      shell: process.platform === 'win32',
    });
    let out = '';
    let all = '';
    child.stdout.on('data', (data) => {
      out += data;
      all += data;
    });
    child.stderr.on('data', (data) => {
      all += data;
    });
    child.on('error', (error) => reject(new SetupError(`${command} can't be run: ${error.message}`)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(out);
      else
        reject(
          new SetupError(
            `${command} ${args.join(' ')} ended with ${code ?? signal}:\n${all.trim().split('\n').slice(-TAIL_LINES).join('\n')}`,
          ),
        );
    });
  });
}
