import { runAudit } from './audit';

/** The program `npm run audit`. */
process.exitCode = await runAudit(process.argv.slice(2), {
  out: (text) => process.stdout.write(text),
  error: (text) => process.stderr.write(text),
});
