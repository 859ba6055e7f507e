import type { TestContext } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** Told by `npm test` beside the skipped test's name. */
    skipReason?: string;
  }
}

/** Skips a test that can't be had here; with CI=true that counts as a failure. */
export function skipBecause(context: TestContext, reason: string): never {
  context.task.meta.skipReason = reason;
  return context.skip(reason);
}
