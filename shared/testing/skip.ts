import { beforeEach, type TestContext } from 'vitest';

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

/** Skips every test of a group that can't be had here, before anything else of it; null for none. */
export function skipAllBecause(reason: string | null): void {
  beforeEach((context) => {
    if (reason !== null) skipBecause(context, reason);
  });
}
