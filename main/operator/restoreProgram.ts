import { endWith } from '../program';
import { runRestore } from './restore';

/** The program `npm run restore`. */
void endWith(
  runRestore(process.argv.slice(2), {
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
  }),
);
