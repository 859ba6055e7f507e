import path from 'node:path';
import { app } from './electron';

/** A file or folder of what the build made: this code itself may lie in any of its parts. */
export function built(...names: readonly string[]): string {
  return path.join(app.getAppPath(), 'out', ...names);
}
