import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { PROVISIONING_MAX_LENGTH } from '../../shared/assistant';
import { type KioskId, kioskIdSchema } from '../../shared/ballot';
import { said } from '../../shared/said';
import { settingsSchema } from '../../shared/settings';
import { type SiteFile, siteIdSchema } from '../../shared/site';
import { fromCaller, homeFolder, installationFile, installedSiteFile } from '../site/folders';
import { type Loaded, loadSite, refused } from '../site/load';
import { installProvisioning, openProvisioning, type Provisioning } from '../site/provisioning';
import { makeFolder } from '../storage/files';

/** What this user's machine was set up as: the kiosk that is started where no other is named. */
const installationSchema = z.strictObject({
  version: z.literal(1),
  site: siteIdSchema,
  kiosk: kioskIdSchema,
  /** Full screen, keys locked; a manager's PIN to leave. */
  kioskMode: z.boolean(),
  startAtLogin: z.boolean(),
  language: settingsSchema.shape.language,
});
export type Installation = z.infer<typeof installationSchema>;

export type InstallationChoices = Pick<Installation, 'kioskMode' | 'startAtLogin' | 'language'>;

/** What a machine is set up from without a question asked; paths count from the file. */
const unattendedSchema = z.strictObject({
  provisioning: z.string().min(1),
  codeFile: z.string().min(1),
  language: settingsSchema.shape.language.default(null),
  kioskMode: z.boolean().default(true),
  startAtLogin: z.boolean().default(true),
});

/** Where an operator, or the operator's tools, leave that file. */
export const UNATTENDED_FILE =
  process.platform === 'win32'
    ? path.join(process.env.PROGRAMDATA ?? 'C:\\ProgramData', 'quorum-kiosk', 'unattended.json')
    : '/etc/quorum-kiosk/unattended.json';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** What this machine was set up as; null where it was not yet. */
export async function readInstallation(home: string = homeFolder()): Promise<Loaded<Installation | null>> {
  const file = installationFile(home);
  const text = await readText(file);
  if (!text.ok) return text;
  if (text.value === null) return { ok: true, value: null };
  const parsed = parse(installationSchema, text.value);
  if (parsed !== null) return { ok: true, value: parsed };
  return refused(`${file} is not what this program wrote: remove it to set this kiosk up again; its data stay`);
}

/** Makes this machine the kiosk of an opened provisioning file. */
export async function install(
  provisioning: Provisioning,
  choices: InstallationChoices,
  home: string = homeFolder(),
): Promise<Loaded<Installation>> {
  const { site, kiosk } = provisioning;
  const placed = await installProvisioning(provisioning, path.join(home, site.site));
  if (!placed.ok) return placed;
  const installation: Installation = { version: 1, site: site.site, kiosk, ...choices };
  const file = installationFile(home);
  await makeFolder(home, FOLDER_MODE);
  await writeFile(`${file}.new`, `${JSON.stringify(installation, null, 2)}\n`, { mode: FILE_MODE });
  await rename(`${file}.new`, file);
  return { ok: true, value: installation };
}

/** Where a machine is set up from without a question. */
export interface UnattendedSource {
  readonly provisioning: string;
  readonly codeFile: string;
  readonly choices: InstallationChoices;
}

/**
 * Looks for an order to set this machine up without a question: `--provision FILE --code-file FILE`, else the
 * operator's file. Null: there is none, and somebody has to be asked.
 */
export async function findUnattended(args: readonly string[], file: string = UNATTENDED_FILE): Promise<Loaded<UnattendedSource | null>> {
  const option = (name: string) => {
    const at = args.findIndex((word) => word === name || word.startsWith(`${name}=`));
    if (at < 0) return null;
    const word = args[at]!;
    return word === name ? (args[at + 1] ?? '') : word.slice(name.length + 1);
  };
  const provision = option('--provision');
  const codeFile = option('--code-file');
  if (provision !== null || codeFile !== null) {
    if (!provision || !codeFile) return refused('--provision FILE and --code-file FILE belong together: name both files');
    const choices = { kioskMode: args.includes('--kiosk-mode'), startAtLogin: args.includes('--start-at-login'), language: null };
    return { ok: true, value: { provisioning: fromCaller(provision), codeFile: fromCaller(codeFile), choices } };
  }
  const text = await readText(file);
  if (!text.ok) return text;
  if (text.value === null) return { ok: true, value: null };
  const order = parse(unattendedSchema, text.value);
  if (order === null)
    return refused(
      `${file} is not right: it holds {"provisioning": FILE, "codeFile": FILE} and, if wanted, "language", "kioskMode", "startAtLogin"`,
    );
  const { kioskMode, startAtLogin, language } = order;
  const from = (name: string) => path.resolve(path.dirname(file), name);
  return {
    ok: true,
    value: { provisioning: from(order.provisioning), codeFile: from(order.codeFile), choices: { kioskMode, startAtLogin, language } },
  };
}

/** The site that this program was packed for, by `npm run dist -- --site`; null if for any. */
export async function packedSite(resources: string | undefined = process.resourcesPath): Promise<SiteFile | null> {
  if (resources === undefined) return null;
  const loaded = await loadSite(path.join(resources, 'site', 'site.json'));
  return loaded.ok ? loaded.value : null;
}

/** Opens a provisioning file with its code; one of another site than this program was packed for is refused. */
export async function openOwn(text: string, code: string, packed: SiteFile | null): Promise<Loaded<Provisioning>> {
  const opened = await openProvisioning(text, code);
  if (!opened.ok || packed === null || opened.value.site.uid === packed.uid) return opened;
  return refused(said('packed_for_other_site', opened.value.site.site, packed.site));
}

/** Sets this machine up as the order says. */
export async function installUnattended(
  { provisioning, codeFile, choices }: UnattendedSource,
  home?: string,
  resources?: string,
): Promise<Loaded<Installation>> {
  const [text, code] = [await readText(provisioning), await readText(codeFile)];
  if (!text.ok) return text;
  if (!code.ok) return code;
  if (text.value === null) return refused(`there is no provisioning file ${provisioning}`);
  if (code.value === null) return refused(`there is no file ${codeFile} with the code of the provisioning file`);
  const opened = await openOwn(text.value, code.value.split('\n')[0] ?? '', await packedSite(resources));
  if (!opened.ok) return opened;
  const before = await readInstallation(home);
  return install(opened.value, before.ok ? renewed(before.value, opened.value, choices) : choices, home);
}

/** A kiosk that gets new certificates by a new file stays as it was set up, but for what is said anew. */
function renewed(before: Installation | null, { site, kiosk }: Provisioning, choices: InstallationChoices): InstallationChoices {
  if (before === null || before.site !== site.site || before.kiosk !== kiosk) return choices;
  return {
    kioskMode: choices.kioskMode || before.kioskMode,
    startAtLogin: choices.startAtLogin || before.startAtLogin,
    language: choices.language ?? before.language,
  };
}

/** Arguments that start the kiosk of an installation. */
export function kioskOf({ site, kiosk }: Installation, home?: string): { readonly kiosk: KioskId; readonly sitePath: string } {
  return { kiosk, sitePath: installedSiteFile(site, home) };
}

async function readText(file: string): Promise<Loaded<string | null>> {
  try {
    const text = await readFile(file, 'utf8');
    return text.length > PROVISIONING_MAX_LENGTH ? refused(`${file} is too long to be what it should be`) : { ok: true, value: text };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { ok: true, value: null };
    return refused(`${file} can't be read (${code ?? String(error)}): give this user the right to read it`);
  }
}

function parse<T>(schema: z.ZodType<T>, text: string): T | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
