#!/usr/bin/env node
// Takes the arguments that electron-builder gives to fpm for a deb, and has dpkg-deb build it: fpm is in
// neither registry that a build machine may be limited to.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const COMPRESSIONS = { gz: 'gzip', xz: 'xz', zst: 'zstd', zstd: 'zstd', none: 'none' };

function readArguments(words) {
  const options = {};
  const lists = { depends: [], recommends: [], sources: [] };
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    const value = () => {
      index += 1;
      return words[index];
    };
    if (word === '--force' || word === '--debug') continue;
    if (word === '-d' || word === '--depends') lists.depends.push(value());
    else if (word === '--deb-recommends') lists.recommends.push(value());
    else if (word.startsWith('-')) options[word.replace(/^-+/, '')] = value();
    else lists.sources.push(word);
  }
  if (options.t !== 'deb' || options.s !== 'dir') throw new Error(`only -s dir -t deb is understood, not -s ${options.s} -t ${options.t}`);
  return { options, ...lists };
}

function copySources(sources, root) {
  for (const source of sources) {
    const at = source.lastIndexOf('=');
    const from = source.slice(0, at);
    const to = path.join(root, source.slice(at + 1));
    const folder = from.endsWith('/');
    mkdirSync(folder ? to : path.dirname(to), { recursive: true });
    execFileSync('cp', ['-a', '--no-preserve=ownership', folder ? `${from}.` : from, to]);
  }
  execFileSync('chmod', ['-R', 'u+rwX,go+rX,go-w', root]);
}

function control({ options, depends, recommends }, root) {
  const installedKib = Number(execFileSync('du', ['-sk', root], { encoding: 'utf8' }).split('\t')[0]);
  const [summary, ...more] = (options.description ?? options.name).trim().split('\n');
  const fields = [
    `Package: ${options.name}`,
    `Version: ${options.version}${options.iteration ? `-${options.iteration}` : ''}`,
    `Architecture: ${options.architecture}`,
    `Maintainer: ${options.maintainer}`,
    `Installed-Size: ${installedKib}`,
    `Priority: ${options['deb-priority'] ?? 'optional'}`,
    `Section: ${options.category ?? 'default'}`,
    depends.length > 0 ? `Depends: ${depends.join(', ')}` : null,
    recommends.length > 0 ? `Recommends: ${recommends.join(', ')}` : null,
    options.url ? `Homepage: ${options.url}` : null,
    `Description: ${summary}`,
    ...more.map((line) => ` ${line.trim() || '.'}`),
  ];
  return `${fields.filter((field) => field !== null).join('\n')}\n`;
}

/** What `dpkg --verify` compares with. */
function checksums(root) {
  const list = execFileSync('find', ['.', '-path', './DEBIAN', '-prune', '-o', '-type', 'f', '-exec', 'md5sum', '{}', '+'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return list.replaceAll('  ./', '  ');
}

/** The builder's script, run for those of dpkg's reasons that it was written for: dpkg calls it with others, too. */
function maintainerScript(target, source, reasons) {
  if (source === undefined) return;
  const script = readFileSync(source, 'utf8').replace(/^#!.*\n/, '');
  writeFileSync(target, `#!/bin/bash\ncase "$1" in ${reasons.join('|')}) ;; *) exit 0 ;; esac\n${script}`);
  chmodSync(target, 0o755);
}

const parsed = readArguments(process.argv.slice(2));
const root = mkdtempSync(path.join(os.tmpdir(), 'qk-deb-'));
try {
  copySources(parsed.sources, root);
  const text = control(parsed, root);
  const debian = path.join(root, 'DEBIAN');
  mkdirSync(debian, { mode: 0o755 });
  writeFileSync(path.join(debian, 'control'), text);
  writeFileSync(path.join(debian, 'md5sums'), checksums(root));
  maintainerScript(path.join(debian, 'postinst'), parsed.options['after-install'], ['configure', 'abort-upgrade', 'abort-remove']);
  // Not when it is upgraded: the new version's postinst has the link by then.
  maintainerScript(path.join(debian, 'postrm'), parsed.options['after-remove'], ['remove', 'disappear', 'abort-install']);
  const compression = COMPRESSIONS[parsed.options['deb-compression'] ?? 'xz'] ?? 'xz';
  execFileSync('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '--build', root, parsed.options.package], { stdio: 'inherit' });
} finally {
  rmSync(root, { recursive: true, force: true });
}
