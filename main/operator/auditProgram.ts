import { endWith } from '../program';
import { runAudit } from './audit';

/** The program `npm run audit`. */
void endWith(
  runAudit(process.argv.slice(2), {
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
  }),
);
