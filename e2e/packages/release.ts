import { execFile } from 'node:child_process';
import { chmod, copyFile, cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';

export const ROOT = path.resolve(import.meta.dirname, '../..');
export const RELEASE = path.join(ROOT, 'release');
export const UNPACKED = path.join(RELEASE, 'linux-unpacked');
/** Of a package that is made while other tests' windows are still closing. */
export const BUILD_MS = 600_000;
const OUTPUT_MAX = 64 * 1024 * 1024;

export const execute = promisify(execFile);

/** Runs a program; what it printed on stdout. */
export async function output(program: string, ...args: readonly string[]): Promise<string> {
  return (await execute(program, [...args], { maxBuffer: OUTPUT_MAX })).stdout;
}

/** `npm run dist -- ...` */
export async function dist(...args: readonly string[]): Promise<string> {
  const { stderr } = await execute(process.execPath, [path.join(ROOT, 'scripts/dist.mjs'), ...args], { cwd: ROOT, maxBuffer: OUTPUT_MAX });
  return stderr;
}

/** The path of the one file in the release folder that matches. */
export async function released(pattern: RegExp, names: readonly string[]): Promise<string> {
  const found = names.filter((name) => pattern.test(name));
  if (found.length !== 1) throw new Error(`${found.length} of ${names.join(', ')} match ${pattern}`);
  return path.join(RELEASE, found[0]!);
}

/**
 * A copy of the packaged app that other users may read, with the one fuse flipped that lets a test drive it: what is
 * tested is what ships, but for a byte.
 */
export class TestedCopy {
  private constructor(readonly folder: string) {}

  static async make(): Promise<TestedCopy> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'qk-packaged-'));
    const copy = new TestedCopy(folder);
    await chmod(folder, 0o755);
    await cp(UNPACKED, path.join(folder, 'app'), { recursive: true });
    await copyFile(path.join(UNPACKED, 'quorum-kiosk'), copy.executable);
    await flipFuses(copy.executable, {
      version: FuseVersion.V1,
      strictlyRequireAllFuses: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: true,
    });
    return copy;
  }

  get executable(): string {
    return path.join(this.folder, 'app', 'quorum-kiosk');
  }

  /** How many bytes of the executable differ from the one that ships. */
  async differences(): Promise<number> {
    const [ours, theirs] = await Promise.all([readFile(this.executable), readFile(path.join(UNPACKED, 'quorum-kiosk'))]);
    if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY;
    let count = 0;
    for (let index = 0; index < ours.length; index += 1) if (ours[index] !== theirs[index]) count += 1;
    return count;
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
