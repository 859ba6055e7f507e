import { runRestore } from './restore';

/** The program `npm run restore`. */
process.exitCode = await runRestore(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
