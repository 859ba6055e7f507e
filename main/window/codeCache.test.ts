import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'qk-code-')));
const chunk = path.join(folder, 'chunks', 'part.js');
const cache = path.join(folder, 'window.cache');
const PROGRAM = `
const { collectScripts, encodeCache, takeCodeCache } = require('./codeCache.cjs');
const fs = require('node:fs');
const vm = require('node:vm');
const [mode] = process.argv.slice(2);
const said = [];
const taken = [];
const { Script } = vm;
vm.Script = class extends Script {
  constructor(code, options) {
    super(code, options);
    taken.push(this.cachedDataRejected === false);
  }
};
const scripts = mode === 'make' ? collectScripts(__dirname + '/chunks') : null;
if (mode === 'take') takeCodeCache(__dirname + '/window.cache', __dirname + '/chunks', (line) => said.push(line));
let result;
try {
  result = require('./chunks/part.js').answer();
} catch (error) {
  result = error.stack.split('\\n')[1].trim();
}
if (scripts !== null) fs.writeFileSync(__dirname + '/window.cache', encodeCache(scripts));
process.stdout.write(JSON.stringify({ result, said, taken }));
`;

interface Said {
  readonly result: unknown;
  readonly said: readonly string[];
  /** For each file that was not left to Node: whether V8 took what was compiled. */
  readonly taken: readonly boolean[];
}

function run(mode: 'make' | 'take' | 'plain', ...flags: readonly string[]): Said {
  return JSON.parse(execFileSync(process.execPath, [...flags, path.join(folder, 'program.cjs'), mode], { encoding: 'utf8' })) as Said;
}

describe('the code cache', () => {
  beforeAll(async () => {
    await build({
      configFile: false,
      logLevel: 'error',
      build: {
        ssr: path.resolve(import.meta.dirname, 'codeCache.ts'),
        outDir: folder,
        emptyOutDir: false,
        target: 'node20.18',
        rolldownOptions: { output: { format: 'cjs', entryFileNames: '[name].cjs' } },
      },
    });
    writeFileSync(path.join(folder, 'program.cjs'), PROGRAM);
    mkdirSync(path.dirname(chunk), { recursive: true });
  });
  beforeEach(() => {
    rmSync(cache, { force: true });
    writeFileSync(chunk, 'exports.answer = () => require("./other.js").value + 1;');
    writeFileSync(path.join(folder, 'chunks', 'other.js'), 'exports.value = 41;');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('gives V8 what it compiled when it was made, for each file of the folder', () => {
    expect(run('make').result).toBe(42);
    expect(run('take')).toEqual({ result: 42, said: [], taken: [true, true] });
  });

  it('is not used for code of the same length that says something else', () => {
    run('make');
    writeFileSync(chunk, 'exports.answer = () => require("./other.js").value + 2;');
    expect(run('take')).toEqual({ result: 43, said: [], taken: [true] });
  });

  it('of a runtime with other flags is told once, and all is compiled anew', () => {
    run('make');
    const { result, said, taken } = run('take', '--no-opt');
    expect({ result, taken }).toEqual({ result: 42, taken: [false, false] });
    expect(said).toEqual(['the compiled code beside the program is of another runtime, and is compiled anew at each start']);
  });

  it('that is cut short is told, and not used', () => {
    run('make');
    const whole = readFileSync(cache);
    for (const bytes of [whole.subarray(0, whole.length - 1), whole.subarray(0, 3), Buffer.alloc(0)]) {
      writeFileSync(cache, bytes);
      expect(run('take')).toEqual({ result: 42, said: [`${cache} is cut short: the code is compiled anew`], taken: [] });
    }
  });

  it('that is not there is no fault', () => {
    expect(run('take')).toEqual({ result: 42, said: [], taken: [] });
  });

  it('leaves lines of errors where they are', () => {
    writeFileSync(chunk, '\n\nexports.answer = () => { throw new Error("here"); };');
    const { result } = run('plain');
    expect(result).toContain('part.js:3:');
    expect(run('make').result).toBe(result);
    expect(run('take').result).toBe(result);
    expect(readdirSync(folder)).toContain('window.cache');
  });
});
