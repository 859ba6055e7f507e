import { findUnattended, installUnattended, readInstallation } from '../kiosk/installation';
import { installedSiteFile } from '../site/folders';
import type { Output } from '../site/program';

const OUTPUT: Output = {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
};

/** One of the operator's programs, for an installed machine, which has no Node of its own. */
interface Tool {
  readonly what: string;
  /** Works on a site, which is the installed one unless another is named. */
  readonly ofSite: boolean;
  readonly run: (args: readonly string[], home?: string) => Promise<number>;
}

const TOOLS: Readonly<Record<string, Tool>> = {
  client: {
    what: 'the commands of a running kiosk: show, status, buy, add_kiosk ...',
    ofSite: true,
    run: async (args) => (await import('../client/program')).runClient(args),
  },
  doctor: {
    what: 'ports, clocks, certificates, disk, printer, peers: each with a remedy',
    ofSite: true,
    run: async (args) => (await import('../operator/doctor/doctor')).runDoctor(args, OUTPUT),
  },
  backup: {
    what: 'all that was sold, in one signed file',
    ofSite: true,
    run: async (args) => (await import('../operator/backup')).runBackup(args, OUTPUT),
  },
  restore: {
    what: 'a lost site from one backup',
    ofSite: true,
    run: async (args) => (await import('../operator/restore')).runRestore(args, OUTPUT),
  },
  audit: {
    what: 'proves a backup or a data folder, entry by entry',
    ofSite: true,
    run: async (args) => (await import('../operator/audit')).runAudit(args, OUTPUT),
  },
  verify: {
    what: "whether a ticket's code was signed by the site",
    ofSite: true,
    run: async (args) => (await import('../signing/program')).runVerify(args, OUTPUT),
  },
  provision: {
    what: 'sets this machine up from a provisioning file, or brings its kiosk renewed certificates',
    ofSite: false,
    run: provision,
  },
  site: {
    what: 'makes and keeps a site: certificates, keys, provisioning files',
    ofSite: false,
    run: async (args) => (await import('../site/program')).runSite(args, OUTPUT),
  },
};
const DONE = 0;
const NOT_DONE = 1;
const BAD_USE = 2;

export const TOOLS_HELP = `quorum-kiosk-tool <program> [arguments]     the operator's programs, on an installed kiosk and without a window

${Object.entries(TOOLS)
  .map(([name, { what }]) => `  ${name.padEnd(9)}${what}\n`)
  .join('')}
Each tells more with --help, where it is called "npm run <program> --". Without --site it is the site that this user's machine was
set up for. Run it as the user who sells: the data are that user's alone.
`;

/** Runs one of the operator's programs. Returns its exit status. */
export async function runTool(words: readonly string[], home?: string): Promise<number> {
  const [name = '', ...args] = words;
  const tool = Object.hasOwn(TOOLS, name) ? TOOLS[name] : undefined;
  if (tool === undefined) {
    const asked = name === '' || name === 'help' || name === '--help' || name === '-h';
    if (asked) OUTPUT.out(TOOLS_HELP);
    else OUTPUT.error(`there is no program "${name}" here: ${Object.keys(TOOLS).join(', ')}\n`);
    return asked && name !== '' ? 0 : BAD_USE;
  }
  return tool.run(tool.ofSite ? await withSite(args, home) : args, home);
}

const PROVISION_HELP = `quorum-kiosk-tool provision <file> --code-file FILE [--kiosk-mode] [--start-at-login]

  Sets this user's machine up as the kiosk of a provisioning file, without a window: the next start of Quorum Kiosk sells.
  A kiosk that runs already takes the certificates and keys of a newer file within seconds, without a restart.

  Exit status: 0 done, 1 not done, 2 bad use.
`;

async function provision(args: readonly string[], home?: string): Promise<number> {
  if (args.includes('--help')) {
    OUTPUT.out(PROVISION_HELP);
    return DONE;
  }
  const [file, ...choices] = args;
  const order = file === undefined || file.startsWith('-') ? null : await findUnattended(['--provision', file, ...choices]);
  if (order === null || !order.ok || order.value === null) {
    OUTPUT.error(`${order?.ok === false ? order.sentence : PROVISION_HELP}\n`);
    return BAD_USE;
  }
  const installed = await installUnattended(order.value, home);
  if (installed.ok) OUTPUT.out(`this machine is kiosk ${installed.value.kiosk} of site ${installed.value.site}\n`);
  else OUTPUT.error(`${installed.sentence}\n`);
  return installed.ok ? DONE : NOT_DONE;
}

/** The installed site, where none is named. In front: what stands behind a client's command belongs to it. */
async function withSite(args: readonly string[], home?: string): Promise<readonly string[]> {
  if (args.some((word) => word === '--site' || word.startsWith('--site='))) return args;
  const installed = await readInstallation(home);
  return installed.ok && installed.value !== null ? ['--site', installedSiteFile(installed.value.site, home), ...args] : args;
}
