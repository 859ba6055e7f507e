import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { build } from 'vite';
import type { Answer } from '../../../shared/answers';

export type LinedAnswer = Answer & { readonly line: number };

export interface ProgramRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Bundles the client as the build does, all in one file, and returns its path. */
export async function bundleClient(folder: string): Promise<string> {
  const out = path.join(folder, 'bundle');
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: { ssr: path.resolve(import.meta.dirname, '../index.ts'), outDir: out, target: 'node20.18', emptyOutDir: true },
  });
  return path.join(out, 'index.js');
}

/** A client process whose lines the test writes and reads as they come. */
export class ProgramClient {
  private stdout = '';
  private stderr = '';
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly closed: Promise<unknown[]>;

  constructor(program: string, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, [program, ...args], { env: { ...process.env, INIT_CWD: process.cwd(), ...environment } });
    this.closed = once(this.child, 'close');
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.stdout += text;
    });
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
  }

  type(line: string): void {
    this.child.stdin.write(`${line}\n`);
  }

  /** Resolves when so many lines have come on standard output. */
  async lines(count: number): Promise<readonly string[]> {
    while (this.stdout.split('\n').length <= count) await Promise.race([once(this.child.stdout, 'data'), this.closed]);
    return this.stdout.split('\n').slice(0, count);
  }

  /** Ends the input; resolves when the process has ended. */
  async end(): Promise<ProgramRun> {
    this.child.stdin.end();
    const [status] = (await this.closed) as [number];
    return { status, stdout: this.stdout, stderr: this.stderr };
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }
}

/** The answers on standard output; every line of it must be one. */
export function answersIn({ stdout }: { readonly stdout: string }): LinedAnswer[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as LinedAnswer);
}
