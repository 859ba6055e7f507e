import { endWith } from '../program';
import { runClient } from './program';

/** The program `npm run client`. */
void endWith(runClient(process.argv.slice(2)));
