import { runClient } from './program';

/** The program `npm run client`. */
process.exitCode = await runClient(process.argv.slice(2));
