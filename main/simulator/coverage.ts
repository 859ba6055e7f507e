import { Session } from 'node:inspector';

interface Range {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly count: number;
}

interface Script {
  readonly url: string;
  readonly functions: readonly { readonly functionName: string; readonly ranges: readonly Range[] }[];
}

export interface Coverage {
  /** Branches (blocks, as V8 tells them apart) that were run, of how many. */
  readonly run: number;
  readonly of: number;
  /** Functions of which nothing was run. */
  readonly idle: readonly string[];
}

/** Which branches of a room's files are run between `start` and `take`, by V8's own counters. */
export class BranchCoverage {
  private readonly session = new Session();

  start(): void {
    this.session.connect();
    this.session.post('Profiler.enable');
    this.session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: true });
  }

  /** @param room part of the files' path, for example `/main/paxos/` */
  take(room: string): Coverage {
    let scripts: readonly Script[] = [];
    this.session.post('Profiler.takePreciseCoverage', (error, taken) => {
      if (error === null) scripts = (taken as unknown as { result: readonly Script[] }).result;
    });
    this.session.disconnect();
    let run = 0;
    let of = 0;
    const idle: string[] = [];
    for (const { url, functions } of scripts.filter((script) => script.url.includes(room) && !script.url.includes('.test.'))) {
      for (const { functionName, ranges } of functions) {
        if (functionName === '') continue;
        of += ranges.length;
        run += ranges.filter(({ count }) => count > 0).length;
        if (ranges[0]?.count === 0) idle.push(`${url.split('/').at(-1)} ${functionName}`);
      }
    }
    return { run, of, idle };
  }
}
