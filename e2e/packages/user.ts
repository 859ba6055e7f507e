import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Why no user can be made here; null if one can. */
export function whyNoUser(): string | null {
  if (process.platform !== 'linux') return 'users are made for tests on Linux only';
  return process.getuid?.() === 0 ? null : 'only root can make a user for the test';
}

/** An ordinary user of this machine, made for a test and removed by it. */
export class TemporaryUser {
  private constructor(
    readonly name: string,
    readonly uid: number,
    readonly home: string,
  ) {}

  static async make(): Promise<TemporaryUser> {
    const name = `qk-${randomBytes(4).toString('hex')}`;
    const home = `/tmp/${name}`;
    await execute('useradd', ['--create-home', '--home-dir', home, '--shell', '/bin/sh', '--user-group', name]);
    const { stdout } = await execute('id', ['-u', name]);
    return new TemporaryUser(name, Number(stdout), home);
  }

  /** The command as it runs as this user, in the same process. */
  command(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}): readonly string[] {
    const settings = Object.entries({ HOME: this.home, USER: this.name, LOGNAME: this.name, ...environment });
    const { uid } = this;
    return [
      'setpriv',
      `--reuid=${uid}`,
      `--regid=${this.name}`,
      '--init-groups',
      'env',
      '-u',
      'XDG_RUNTIME_DIR',
      ...settings.map(([key, value]) => `${key}=${value}`),
      program,
      ...args,
    ];
  }

  /** A program that starts another one as this user and becomes it, for whoever can start only a file. */
  async launcher(program: string, environment: Readonly<Record<string, string>> = {}): Promise<string> {
    const file = path.join(this.home, `launch-${path.basename(program)}`);
    const words = this.command(program, [], environment).map((word) => `'${word.replaceAll("'", "'\\''")}'`);
    await writeFile(file, `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`);
    await chmod(file, 0o755);
    return file;
  }

  /** A display without a screen that is this user's own, up to their removal: another's would not let them in. */
  async startDisplay(): Promise<string> {
    const [program = '', ...args] = this.command('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp']);
    const server = spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
    const failed = once(server, 'exit').then(() => {
      throw new Error('the virtual display (Xvfb) did not start');
    });
    failed.catch(() => undefined);
    const [number] = await Promise.race([once(server.stdio[3]!, 'data'), failed]);
    return `:${String(number).trim()}`;
  }

  /** Gives a folder and all in it to this user. */
  async owns(folder: string): Promise<void> {
    await execute('chown', ['-R', `${this.name}:${this.name}`, folder]);
  }

  /** Ends what the user still runs, and removes the user with all that is theirs. */
  async remove(): Promise<void> {
    await this.endAll();
    await execute('userdel', ['--remove', this.name]).catch(async () => {
      // A process that is only now gone.
      await this.endAll();
      await execute('userdel', ['--remove', '--force', this.name]);
    });
  }

  private async endAll(): Promise<void> {
    for (let left = await this.processes(); left.length > 0; left = await this.processes()) {
      for (const { pid } of left) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // It ended by itself.
        }
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** This user's running processes. */
  async processes(): Promise<readonly Running[]> {
    const running = await Promise.all((await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map((name) => look(Number(name))));
    return running.filter((found): found is Running => found !== null && found.uid === this.uid);
  }
}

export interface Running {
  readonly pid: number;
  readonly uid: number;
  readonly command: readonly string[];
  /** 2 where system calls are filtered. */
  readonly seccomp: number;
  readonly noNewPrivileges: boolean;
  readonly userNamespace: string;
}

/** A process as the system sees it; null if it is gone, or dead and not yet buried. */
async function look(pid: number): Promise<Running | null> {
  try {
    const [status, command] = await Promise.all([readFile(`/proc/${pid}/status`, 'utf8'), readFile(`/proc/${pid}/cmdline`, 'utf8')]);
    const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1] ?? '';
    if (['Z', 'X'].includes(field('State'))) return null;
    return {
      pid,
      uid: Number(field('Uid')),
      command: command.split('\0').flatMap((word) => word.split(' ')),
      seccomp: Number(field('Seccomp')),
      noNewPrivileges: field('NoNewPrivs') === '1',
      userNamespace: await readlink(`/proc/${pid}/ns/user`),
    };
  } catch {
    return null;
  }
}
