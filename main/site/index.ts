import { endWith } from '../program';
import { runSite } from './program';

/** The program `npm run site`. */
void endWith(
  runSite(process.argv.slice(2), {
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
  }),
);
