/**
 * A Debian of its own to install the package into: the folder that QK_ROOT names, made with
 * `debootstrap --variant=minbase bookworm <folder>`. It has nothing but Debian's base, so that a dependency which the
 * package forgot is missed. Without one, the package is installed on the machine itself.
 */
export const CLEAN_ROOT: string | null = process.env.QK_ROOT || null;

/** Enters it by pivot_root and not by chroot, in which the system makes no user namespaces, and so no sandbox of Chromium's. */
const ENTER = `set -e
root=$1; shared=$2; shift 2
mount --rbind "$root" "$root"
for folder in proc sys dev; do mount --rbind "/$folder" "$root/$folder"; done
for file in $shared; do [ -e "$root$file" ] || : > "$root$file"; mount --bind "$file" "$root$file"; done
mount --bind /tmp "$root/tmp"
cd "$root"
mkdir -p .outside
pivot_root . .outside
umount -l .outside
exec "$@"`;

const USERS = '/etc/passwd /etc/group';
const NAME_SERVERS = '/etc/resolv.conf';

function entered(shared: string, command: readonly string[]): readonly string[] {
  if (CLEAN_ROOT === null) return command;
  return ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', ENTER, 'sh', CLEAN_ROOT, shared, ...command];
}

/** The command as it runs where the package is installed, by its superuser. */
export function asRoot(...command: readonly string[]): readonly string[] {
  return entered(NAME_SERVERS, command);
}

/** The same for what becomes one of this machine's users: they are known there, and have the same /tmp. */
export function withUsers(command: readonly string[]): readonly string[] {
  return entered(`${USERS} ${NAME_SERVERS}`, command);
}

/** Where a file of the system that the package is installed into lies, as this machine sees it. */
export function outside(file: string): string {
  return CLEAN_ROOT === null ? file : `${CLEAN_ROOT}${file}`;
}
