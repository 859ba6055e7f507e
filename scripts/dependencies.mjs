import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ROOT } from './setup/paths.mjs';
import { say } from './setup/report.mjs';

/** Licences that an MIT program may ship with; others are looked at by a person first. */
const SHIPPED = ['MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', '0BSD', 'BlueOak-1.0.0', 'Python-2.0'];
/** Tools that stay on the developer's machine. */
const TOOLS = [...SHIPPED, 'MPL-2.0', 'CC-BY-4.0', 'WTFPL'];
/** Packages whose manifest says it in an old form, or not: read in their LICENSE files. */
const READ_BY_HAND = { '@seald-io/binary-search-tree': 'MIT', 'xmlhttprequest-ssl': 'MIT' };
const AUDIT_MS = 30_000;
const AUDIT_BYTES_MAX = 64 * 1024 * 1024;
const execute = promisify(execFile);

/** Whether an SPDX expression allows one of the licences. */
export function allows(licence, allowed) {
  const text = String(licence ?? '').replace(/[()]/g, '');
  return text.split(' OR ').some((choice) => choice.split(' AND ').every((part) => allowed.includes(part.trim())));
}

/**
 * What is wrong with what the project installs, a sentence each.
 * @param {{ dependencies?: object, devDependencies?: object, optionalDependencies?: object, allowScripts?: object }} manifest package.json
 * @param {{ lockfileVersion: number, packages: Record<string, any> }} lock package-lock.json
 * @param {(place: string) => string | undefined} licenceOf of an installed package, where the lock file has none
 */
export function problemsOf(manifest, lock, licenceOf) {
  const problems = [];
  const wanted = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
  for (const [name, version] of Object.entries(wanted)) {
    if (!/^\d+\.\d+\.\d+$/.test(version)) problems.push(`package.json: ${name} is "${version}", and has to name one version`);
    const locked = lock.packages[`node_modules/${name}`]?.version;
    if (locked !== version) problems.push(`${name} is ${version} in package.json and ${locked} in the lock file: run npm install`);
  }
  for (const [place, entry] of Object.entries(lock.packages)) {
    if (place === '') continue;
    const name = entry.name ?? place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
    if (entry.link) problems.push(`${place} is a link to somewhere else`);
    if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(entry.integrity ?? '')) problems.push(`${place} has no SHA-512 in the lock file`);
    if (entry.resolved !== undefined && !/^https:/.test(entry.resolved)) problems.push(`${place} comes from ${entry.resolved}`);
    if (entry.hasInstallScript && manifest.allowScripts?.[name] !== false)
      problems.push(`${place} runs a script when it is installed: look at it, and say in allowScripts that it must not`);
    const licence = entry.license ?? licenceOf(place) ?? READ_BY_HAND[name];
    const allowed = entry.dev || entry.devOptional ? TOOLS : SHIPPED;
    if (!allows(licence, allowed))
      problems.push(`${place} has the licence ${licence ?? 'that it does not name'}: it is not on the list of scripts/dependencies.mjs`);
  }
  return problems;
}

/** Licence of an installed package. */
export function installedLicence(place) {
  try {
    return JSON.parse(readFileSync(path.join(ROOT, place, 'package.json'), 'utf8')).license;
  } catch {
    return undefined;
  }
}

/** Shipped though package.json has it among the tools. */
const RUNTIME = 'electron';
const GRAVE = ['high', 'critical'];

/**
 * What is known against what ships, a sentence each; null where the registry does not tell. Tools of the developer's that
 * have a hole are told of, and are no reason to hold a change up.
 * @param {{ packages: Record<string, any> }} lock package-lock.json
 * @param {string} [registry] left out: npm's own setting
 */
export async function knownHoles(lock, registry) {
  const args = ['audit', '--json', ...(registry === undefined ? [] : ['--registry', registry])];
  // It ends with 1 where anything is found, however slight.
  const { stdout } = await execute('npm', args, { cwd: ROOT, timeout: AUDIT_MS, maxBuffer: AUDIT_BYTES_MAX }).catch((error) => error);
  const found = parsed(stdout)?.vulnerabilities;
  if (found === undefined) return null;
  const holes = [];
  for (const { name, severity, range, nodes, via } of Object.values(found)) {
    const ships = name === RUNTIME || nodes.some((place) => !lock.packages[place]?.dev && !lock.packages[place]?.devOptional);
    const why = via.map((cause) => (typeof cause === 'string' ? `by ${cause}` : `${cause.title}, ${cause.url}`)).join('; ');
    const text = `${[name, range].filter(Boolean).join(' ')} has a hole (${severity}: ${why})`;
    if (ships && GRAVE.includes(severity)) holes.push(`${text}: take a version that has none`);
    else say(`${text}; ${ships ? 'it ships, and is not grave' : 'it does not ship'}`);
  }
  return holes;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function main() {
  const read = (name) => JSON.parse(readFileSync(path.join(ROOT, name), 'utf8'));
  const lock = read('package-lock.json');
  const problems = problemsOf(read('package.json'), lock, installedLicence);
  const known = await knownHoles(lock);
  if (known === null) say('npm audit is not to be had here: known holes are not looked up');
  else problems.push(...known);
  for (const problem of problems) say(problem);
  if (problems.length === 0) say('every dependency is pinned, has its checksum, an allowed licence, and runs no script');
  return problems.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
