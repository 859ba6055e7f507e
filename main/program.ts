/**
 * Ends a program with the status that its work gives. Every program is built as CommonJS, which V8 can keep compiled,
 * and which has no `await` at its top level.
 */
export async function endWith(work: Promise<number>): Promise<void> {
  process.exitCode = await work;
}
