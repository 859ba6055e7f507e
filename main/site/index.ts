import { runSite } from './program';

/** The program `npm run site`. */
process.exitCode = await runSite(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
