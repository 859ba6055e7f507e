import { CALM, type Faults } from './faults';
import { randomRun } from './run';

/** Lines of the story that are told at its end. */
const TAIL = 80;
/** What is drawn besides faults is not left out. */
const KINDS = (Object.keys(CALM) as (keyof Faults)[]).filter((kind) => !kind.endsWith('Min') && !kind.endsWith('Max'));

interface Failure {
  /** The rule's own name: what stands before the first colon. */
  readonly rule: string;
  readonly message: string;
  readonly trace: readonly string[];
}

function failure(seed: number, kiosks: number, without: readonly (keyof Faults)[]): Failure | null {
  const trace: string[] = [];
  try {
    randomRun({ seed, kiosks, without, trace: (line) => trace.push(line) });
    return null;
  } catch (error) {
    const { message } = error as Error;
    return { rule: message.split(':')[0]!, message, trace };
  }
}

/**
 * Leaves out, one after another, each kind of fault without which the same rule still breaks, and prints what is
 * left with the end of the story. Returns the exit status: 1 if the seed breaks a rule.
 */
export function shrink(seed: number, kiosks: number): number {
  let smallest = failure(seed, kiosks, []);
  if (smallest === null) {
    process.stdout.write(`seed ${seed} with ${kiosks} kiosks breaks no rule\n`);
    return 0;
  }
  let without: (keyof Faults)[] = [];
  for (const kind of KINDS) {
    const tried = failure(seed, kiosks, [...without, kind]);
    if (tried === null || tried.rule !== smallest.rule) continue;
    without = [...without, kind];
    smallest = tried;
  }
  const left = KINDS.filter((kind) => !without.includes(kind));
  const story =
    smallest.trace.length > TAIL ? [`... ${smallest.trace.length - TAIL} lines before`, ...smallest.trace.slice(-TAIL)] : smallest.trace;
  process.stdout.write(`${story.join('\n')}\n${smallest.message}\nfaults that it takes: ${left.join(', ') || 'none'}\n`);
  return 1;
}
