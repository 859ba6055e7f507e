import { endWith } from '../program';
import { runBackup } from './backup';

/** The program `npm run backup`. */
void endWith(
  runBackup(process.argv.slice(2), {
    out: (text) => process.stdout.write(text),
    error: (text) => process.stderr.write(text),
  }),
);
