import { spawn } from 'node:child_process';
import path from 'node:path';
import { ROOT } from './setup/paths.mjs';
import { giveUp, say } from './setup/report.mjs';
import { setup } from './setup.mjs';

const HELP = `npm run nightly [-- --minutes 30]

The long forms of what npm test does briefly, one after the other; about an hour with the 30 minutes of simulation:

  simulation  random seeds for so many minutes
  nemesis     20 runs of 20 s against real kiosks, then every minority of three and of five kiosks cut off
  fuzz        1,000,000 malformed frames and messages to a live kiosk
  demo        three windows and a fourth, without its pauses
  benches     against etcd, a history of 1,000,000, and leadership handed round, with their bounds
`;

/** @param {string} minutes */
function partsOf(minutes) {
  return [
    ['simulation', 'simulate', '--minutes', minutes],
    ['nemesis', 'nemesis', '--runs', '20', '--seconds', '20'],
    ['cuts of three', 'nemesis', '--cuts', '3'],
    ['cuts of five', 'nemesis', '--cuts', '5'],
    ['fuzz', 'fuzz'],
    ['demo', path.join(ROOT, 'scripts', 'demo.mjs'), '--fast'],
    ['bench against etcd', 'bench', 'compare'],
    ['bench of a long history', 'bench', 'history'],
    ['bench of handing over', 'bench', 'handover'],
  ];
}

function run(program, args) {
  return new Promise((resolve) => {
    const file = path.extname(program) === '' ? path.join(ROOT, 'out', 'main', `${program}.js`) : program;
    const child = spawn(process.execPath, [file, ...args], { cwd: ROOT, stdio: 'inherit' });
    child.on('close', (code) => resolve(code ?? 1));
  });
}

async function main() {
  const args = process.argv.slice(2);
  const minutes = args[0] === '--minutes' ? args[1] : '30';
  if (args.includes('--help') || !/^[1-9]\d{0,3}$/.test(minutes ?? '') || (args.length > 0 && args.length !== 2)) {
    process.stdout.write(HELP);
    return args.includes('--help') ? 0 : 2;
  }
  await setup({ window: false, faults: true });
  const parts = partsOf(minutes);
  const failed = [];
  for (const [name, program, ...rest] of parts) {
    say(`\n== ${name}`);
    const began = performance.now();
    const status = await run(program, rest);
    say(`== ${name}: ${status === 0 ? 'good' : `ended with ${status}`}, ${((performance.now() - began) / 60_000).toFixed(1)} min`);
    if (status !== 0) failed.push(name);
  }
  process.stdout.write(
    `${parts.length - failed.length} passed, ${failed.length} failed${failed.length > 0 ? `: ${failed.join(', ')}` : ''}\n`,
  );
  return failed.length > 0 ? 1 : 0;
}

main().then((status) => process.exit(status), giveUp);
