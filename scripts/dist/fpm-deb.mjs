#!/usr/bin/env node
// Takes the arguments that electron-builder gives to fpm for a deb, and has dpkg-deb build it: fpm is in
// neither registry that a build machine may be limited to.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

const parsed = readArguments(process.argv.slice(2));
const root = mkdtempSync(path.join(os.tmpdir(), 'qk-deb-'));
try {
  copySources(parsed.sources, root);
  const debian = path.join(root, 'DEBIAN');
  const text = control(parsed, root);
  mkdirSync(debian, { mode: 0o755 });
  writeFileSync(path.join(debian, 'control'), text);
  for (const [option, name] of [
    ['after-install', 'postinst'],
    ['after-remove', 'postrm'],
  ]) {
    const script = parsed.options[option];
    if (script === undefined) continue;
    copyFileSync(script, path.join(debian, name));
    writeFileSync(path.join(debian, name), readFileSync(script), { mode: 0o755 });
    execFileSync('chmod', ['755', path.join(debian, name)]);
  }
  const compression = COMPRESSIONS[parsed.options['deb-compression'] ?? 'xz'] ?? 'xz';
  execFileSync('dpkg-deb', ['--root-owner-group', `-Z${compression}`, '--build', root, parsed.options.package], { stdio: 'inherit' });
} finally {
  rmSync(root, { recursive: true, force: true });
}
