import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** How a disk fails, by the system's own error. */
export type Failure = 'ENOSPC' | 'EIO' | 'EROFS';

/** A mount namespace of its own: what is mounted in it is seen by nobody else, and is gone when its last process is. */
export class PrivateMounts {
  private constructor(private readonly holder: ChildProcessByStdio<Writable, Readable, null>) {}

  /** The namespace, or in words why there can't be one. */
  static async open(): Promise<PrivateMounts | string> {
    if (process.platform !== 'linux') return 'needs Linux: it mounts file systems in a namespace of its own';
    if (process.getuid?.() !== 0) return 'needs root: it mounts file systems of its own';
    const holder = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', 'echo held; exec cat'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const held = await new Promise<boolean>((resolve) => {
      holder.once('error', () => resolve(false));
      holder.once('close', () => resolve(false));
      holder.stdout.once('data', () => resolve(true));
    });
    if (!held) return 'needs mount namespaces, which this system does not give (unshare --mount)';
    return new PrivateMounts(holder);
  }

  /** A command line that runs a command in here, in place of itself. */
  inside(command: readonly string[]): readonly string[] {
    return ['nsenter', `--mount=/proc/${this.holder.pid}/ns/mnt`, ...command];
  }

  /** Where a file of in here is found from outside. */
  seen(file: string): string {
    return path.join(`/proc/${this.holder.pid}/root`, file);
  }

  /** Runs a shell script in here that must succeed. */
  async run(script: string, ...args: readonly string[]): Promise<void> {
    const [command, ...rest] = this.inside(['bash', '-eu', '-c', script, 'bash', ...args]);
    await execute(command!, rest);
  }

  async close(): Promise<void> {
    if (this.holder.exitCode !== null || this.holder.signalCode !== null) return;
    const closed = once(this.holder, 'close');
    this.holder.stdin.end();
    await closed;
  }
}

/** Scripts that make, break and mend the disk whose backing is $1 and whose folder is $2. */
interface DiskScripts {
  readonly make: string;
  readonly fail: string;
  readonly mend: string;
}

/** Fills the tmpfs to the brim: from then on whatever needs a new page of it fails. dd itself must end with that error. */
const FILL = '! dd if=/dev/zero of=$1/filler bs=4k 2>/dev/null';
/** e2fsck -p says 1 where it has corrected what the failure left. */
const CHECK = 'e2fsck -p $1/image >/dev/null || [ $? = 1 ]';
/**
 * An ext4 image of 16 MiB on the tmpfs, made so that the image's data blocks have their pages (a file that filled
 * it was there before) and those of its own journal have not: once the tmpfs is full, the block device fails
 * ext4's commits, and fdatasync says EIO. Were data blocks to fail first, it would say ENOSPC. commit=300: no
 * commit but those of fdatasync, whose error nobody would hear of.
 */
const MAKE_IMAGE = `
  mount -t tmpfs -o size=32M,mode=0700 none $1
  truncate -s 16M $1/image
  mkfs.ext4 -q -b 4096 -J size=4 -E nodiscard $1/image
  mount -o loop,commit=300 $1/image $2
  ! dd if=/dev/zero of=$2/room bs=64k 2>/dev/null
  sync -f $2; rm $2/room; sync -f $2`;

export const DISKS: Readonly<Record<Failure, DiskScripts>> = {
  ENOSPC: {
    make: 'mount -t tmpfs -o size=4M,mode=0700 none $1; mkdir $1/data; mount --bind $1/data $2',
    fail: FILL,
    mend: 'rm $1/filler',
  },
  EIO: {
    make: MAKE_IMAGE,
    fail: FILL,
    // What the device refused is lost with the mount: only what is really on it is read again.
    mend: `umount $2; rm $1/filler; ${CHECK}; mount -o loop,commit=300 $1/image $2`,
  },
  EROFS: {
    make: MAKE_IMAGE,
    // An ordinary read-only remount is refused while the journal is open for writing; this is what ext4 does on an error.
    fail: 'mount -o remount,abort $2',
    mend: `umount $2; ${CHECK}; mount -o loop,commit=300 $1/image $2`,
  },
};
