import { endWith } from '../../program';
import { runDoctor } from './doctor';

/** The program `npm run doctor`. */
void endWith(
  runDoctor(process.argv.slice(2), {
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
  }),
);
