import { endWith } from '../program';
import { runVerify } from './program';

/** The program `npm run verify`. */
void endWith(
  runVerify(process.argv.slice(2), {
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
  }),
);
