import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Script } from 'node:vm';

/**
 * The kiosk's code as V8 has compiled it, kept from the build: a start that compiles it anew takes half as long again. It
 * lies beside the code, in the same archive, and whoever could change the one could change the other; it is never written
 * by the program itself.
 */
export const CODE_CACHE_FILE = 'window.cache';

const LENGTH_BYTES = 4;
/** One line of its own before each file's code: a line that an error names is counted without it. */
const HEAD = Buffer.from('(function (exports, require, module, __filename, __dirname) {\n');
const FOOT = Buffer.from('\n})');

interface Compiled {
  /** SHA-256 of the code that it was made of: V8 itself compares no more than its length. */
  readonly source: string;
  readonly data: Buffer;
}

type Load = (module: NodeModule, file: string) => void;

/** What was compiled while the cache is made, by file. */
export type Scripts = Map<string, { readonly script: Script; readonly source: string }>;

/** From here on the code in this folder is not compiled again where the cache has it. @param log told once if it can't be used */
export function takeCodeCache(file: string, folder: string, log: (line: string) => void): void {
  const cache = readCache(file, log);
  if (cache.size === 0) return;
  let isTold = false;
  hook(folder, (name, bytes) => {
    const compiled = cache.get(name);
    if (compiled === undefined || compiled.source !== sum(bytes)) return null;
    const script = compile(path.join(folder, name), bytes, compiled.data);
    if (script.cachedDataRejected === true && !isTold) {
      isTold = true;
      log('the compiled code beside the program is of another runtime, and is compiled anew at each start');
    }
    return script;
  });
}

/** From here on the code in this folder is collected as it is compiled. */
export function collectScripts(folder: string): Scripts {
  const scripts: Scripts = new Map();
  hook(folder, (name, bytes) => {
    const script = compile(path.join(folder, name), bytes);
    scripts.set(name, { script, source: sum(bytes) });
    return script;
  });
  return scripts;
}

/** The cache file: the length of its table, the table, and what V8 made of each file. */
export function encodeCache(scripts: Scripts): Buffer {
  const parts = [...scripts].map(([name, { script, source }]) => ({ name, source, data: script.createCachedData() }));
  const table = Buffer.from(JSON.stringify(parts.map(({ name, source, data }) => [name, source, data.length])));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(table.length);
  return Buffer.concat([length, table, ...parts.map(({ data }) => data)]);
}

function readCache(file: string, log: (line: string) => void): ReadonlyMap<string, Compiled> {
  const cache = new Map<string, Compiled>();
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    // A build on a machine without the window's runtime has none.
    return cache;
  }
  try {
    let at = LENGTH_BYTES + bytes.readUInt32LE();
    for (const [name, source, length] of JSON.parse(bytes.toString('utf8', LENGTH_BYTES, at)) as [string, string, number][]) {
      cache.set(name, { source, data: bytes.subarray(at, at + length) });
      at += length;
    }
    if (at === bytes.length) return cache;
  } catch {
    // Told below.
  }
  log(`${file} is cut short: the code is compiled anew`);
  return new Map();
}

/** @param scriptOf of a file in this folder, by its name; null leaves it to Node */
function hook(folder: string, scriptOf: (name: string, bytes: Buffer) => Script | null): void {
  const { extensions } = createRequire(path.join(folder, 'any.js'));
  const byNode = extensions['.js'] as Load;
  extensions['.js'] = (module: NodeModule, file: string) => {
    const script = path.dirname(file) === folder ? scriptOf(path.basename(file), readFileSync(file)) : null;
    if (script === null) return byNode(module, file);
    script.runInThisContext().call(module.exports, module.exports, createRequire(file), module, file, folder);
  };
}

function compile(file: string, bytes: Buffer, cachedData?: Buffer): Script {
  // Put together as bytes: three strings would be copied into one more, among the objects that V8 collects soonest.
  return new Script(Buffer.concat([HEAD, bytes, FOOT]).toString(), {
    filename: file,
    lineOffset: -1,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
}

function sum(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
