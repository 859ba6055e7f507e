import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const CUPSD = '/usr/sbin/cupsd';
const START_MS = 30_000;
const LOOK_MS = 20;
/** The user that CUPS on Debian runs backends as, when it is started by root. */
const LP = { uid: 7, gid: 7 };
const TOOLS = [CUPSD, '/usr/bin/pdftotext', '/usr/bin/pdftoppm', '/usr/bin/zbarimg'];

/**
 * What the simulated printer does with the next page: print it; wait without paper; fail; stop the queue; cancel the
 * job; die after half of the page.
 */
export type PrinterMode = 'ok' | 'paper' | 'fail' | 'stop' | 'cancel' | 'half';

/** Why printing can't be tested here; null if it can. */
export function missingTools(): string | null {
  const missing = TOOLS.filter((file) => !existsSync(file));
  return missing.length === 0 ? null : `not installed here: ${missing.join(', ')} (on Debian: cups-daemon, poppler-utils, zbar-tools)`;
}

/** A CUPS of its own, with two printers that file their pages in a folder and obey a mode file. */
export class PrivateCups {
  private child: ChildProcess | null = null;

  private constructor(
    readonly folder: string,
    /** For CUPS_SERVER. */
    readonly socket: string,
  ) {}

  static async start(printers: readonly string[] = ['front', 'back']): Promise<PrivateCups> {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'qk-cups-'));
    const cups = new PrivateCups(folder, path.join(folder, 'cups.sock'));
    await cups.configure(printers);
    await cups.run();
    return cups;
  }

  /** Starts the daemon, again after `kill`. */
  async run(): Promise<void> {
    await rm(this.socket, { force: true });
    const args = ['-f', '-c', path.join(this.folder, 'cupsd.conf'), '-s', path.join(this.folder, 'cups-files.conf')];
    this.child = spawn(CUPSD, args, { stdio: 'ignore' });
    const deadline = Date.now() + START_MS;
    while (!existsSync(this.socket)) {
      if (this.child.exitCode !== null || Date.now() > deadline) throw new Error(`cupsd did not start:\n${await this.log()}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** As by a power cut. What is being printed is cut off with it. */
  async kill(): Promise<void> {
    const child = this.child!;
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
    // Backends outlive their daemon.
    for (const name of await readdir('/proc')) {
      const command = /^\d+$/.test(name) ? await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '') : '';
      if (command.includes(path.join(this.folder, 'bin', 'backend'))) process.kill(Number(name), 'SIGKILL');
    }
  }

  /** Every job that it knew of, while it is dead. */
  async forget(): Promise<void> {
    for (const name of ['spool', 'cache']) {
      await rm(path.join(this.folder, name), { recursive: true, force: true });
      await mkdir(path.join(this.folder, name));
    }
    await this.give();
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }

  async mode(mode: PrinterMode): Promise<void> {
    const file = path.join(this.folder, 'mode');
    await writeFile(`${file}.new`, mode);
    await chmod(`${file}.new`, 0o644);
    await rename(`${file}.new`, file);
  }

  /** Pages that came out, whole, oldest first: their paths. The file's name is that of the job. */
  async pages(): Promise<readonly string[]> {
    const out = path.join(this.folder, 'out');
    const names = (await readdir(out)).filter((name) => name.endsWith('.pdf'));
    return names.sort().map((name) => path.join(out, name));
  }

  /** Puts a stopped queue on its way again, as an administrator would. */
  async enable(printer: string): Promise<void> {
    await execute('cupsenable', [printer], { env: { ...process.env, CUPS_SERVER: this.socket } });
  }

  async remove(printer: string): Promise<void> {
    await execute('lpadmin', ['-x', printer], { env: { ...process.env, CUPS_SERVER: this.socket } });
  }

  log(): Promise<string> {
    return readFile(path.join(this.folder, 'error_log'), 'utf8').catch(() => '');
  }

  private async configure(printers: readonly string[]): Promise<void> {
    const at = (...parts: string[]) => path.join(this.folder, ...parts);
    for (const name of ['etc/ppd', 'cache', 'state/certs', 'spool', 'bin/backend', 'bin/filter', 'tmp', 'out'])
      await mkdir(at(name), { recursive: true });
    for (const kind of ['daemon', 'notifier'])
      if (existsSync(`/usr/lib/cups/${kind}`)) await symlink(`/usr/lib/cups/${kind}`, at('bin', kind));
    await writeFile(at('cups-files.conf'), this.files());
    await writeFile(at('cupsd.conf'), conf(this.socket));
    await writeFile(at('bin/backend/kiosktest'), backend(this.folder), { mode: 0o755 });
    await writeFile(at('etc/printers.conf'), printers.map((name, index) => printerConf(name, index === 0)).join(''));
    for (const name of printers) await writeFile(at('etc/ppd', `${name}.ppd`), PPD);
    await this.mode('ok');
    await this.give();
  }

  /** CUPS gives up root for its backends, which write here. */
  private async give(): Promise<void> {
    if (process.getuid?.() !== 0) return;
    await chmod(this.folder, 0o755);
    for (const name of ['out', 'tmp', 'spool', 'cache', 'state', 'state/certs']) await chown(path.join(this.folder, name), LP.uid, LP.gid);
  }

  private files(): string {
    const at = (name: string) => path.join(this.folder, name);
    return `ServerRoot ${at('etc')}
RequestRoot ${at('spool')}
CacheDir ${at('cache')}
StateDir ${at('state')}
ServerBin ${at('bin')}
TempDir ${at('tmp')}
AccessLog ${at('access_log')}
ErrorLog ${at('error_log')}
PageLog ${at('page_log')}
Sandboxing relaxed
SystemGroup ${process.getuid?.() === 0 ? 'root' : String(process.getgid?.() ?? '')}
${process.getuid?.() === 0 ? 'User lp\nGroup lp' : ''}
`;
  }
}

function conf(socket: string): string {
  return `Listen ${socket}
LogLevel debug
MaxLogSize 0
Browsing No
WebInterface No
DirtyCleanInterval 0
JobRetryInterval 1
PreserveJobHistory Yes
PreserveJobFiles No
DefaultAuthType None
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  SubscriptionPrivateAccess all
  SubscriptionPrivateValues none
  <Limit All>
    Order allow,deny
    Allow all
  </Limit>
</Policy>
`;
}

function printerConf(name: string, standard: boolean): string {
  return `<${standard ? 'DefaultPrinter' : 'Printer'} ${name}>
Info The ${name} printer
DeviceURI kiosktest:/${name}
State Idle
Accepting Yes
Shared No
ErrorPolicy ${name === 'back' ? 'abort-job' : 'stop-printer'}
OpPolicy default
</Printer>
`;
}

/** The page is filed under the time and the job's name; what it does is read from the mode file, over and over while it waits. */
function backend(folder: string): string {
  return `#!/bin/sh
# job-id user title copies options [file]
[ $# -lt 5 ] && { echo 'direct kiosktest "Unknown" "Simulated printer"'; exit 0; }
mode() { cat ${folder}/mode; }
whole() { cat "$page" > "${folder}/out/.part" && mv "${folder}/out/.part" "${folder}/out/$(date +%s%N)-$1.pdf"; rm -f "$page"; }
page=${folder}/tmp/page-$$
cat "\${6:--}" > "$page"
case $(mode) in
  paper)
    trap 'echo "STATE: -media-empty-error" >&2; exit 1' TERM
    echo "STATE: +media-empty-error" >&2
    while [ "$(mode)" = paper ]; do sleep 0.05; done
    echo "STATE: -media-empty-error" >&2 ;;
esac
case $(mode) in
  ok) whole "$3"; exit 0 ;;
  fail) echo "ERROR: the printer is on fire" >&2; exit 1 ;;
  stop) echo "ERROR: the cover is open" >&2; exit 4 ;;
  cancel) exit 5 ;;
  half) head -c 500 "$page" > "${folder}/out/$(date +%s%N)-$3.half"; kill -SEGV $$ ;;
esac
`;
}

const PPD = `*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "KIOSK.PPD"
*Product: "(Kiosk)"
*Manufacturer: "Kiosk"
*ModelName: "Kiosk"
*ShortNickName: "Kiosk"
*NickName: "Kiosk simulated printer"
*PSVersion: "(3010.000) 0"
*LanguageLevel: "3"
*cupsFilter2: "application/pdf application/pdf 0 -"
*OpenUI *PageSize: PickOne
*OrderDependency: 10 AnySetup *PageSize
*DefaultPageSize: A4
*PageSize A4/A4: "<</PageSize[595 842]>>setpagedevice"
*CloseUI: *PageSize
*OpenUI *PageRegion: PickOne
*OrderDependency: 10 AnySetup *PageRegion
*DefaultPageRegion: A4
*PageRegion A4/A4: "<</PageSize[595 842]>>setpagedevice"
*CloseUI: *PageRegion
*DefaultImageableArea: A4
*ImageableArea A4/A4: "0 0 595 842"
*DefaultPaperDimension: A4
*PaperDimension A4/A4: "595 842"
*CustomPageSize True: "pop pop pop <</PageSize[5 -2 roll]/ImagingBBox null>>setpagedevice"
*ParamCustomPageSize Width: 1 points 36 1000
*ParamCustomPageSize Height: 2 points 36 1000
*ParamCustomPageSize WidthOffset: 3 points 0 0
*ParamCustomPageSize HeightOffset: 4 points 0 0
*ParamCustomPageSize Orientation: 5 int 0 0
*VariablePaperSize: True
`;
