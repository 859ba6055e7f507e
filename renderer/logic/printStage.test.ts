import { describe, expect, it } from 'vitest';
import type { PrintJobView } from '../../shared/printing';
import { mayBeOnPaper, printStage } from './printStage';

function job(state: PrintJobView['state'], reason: PrintJobView['reason'] = null): PrintJobView {
  const base = { id: 'qk-1-a', kind: 'tickets', sale: '7.1', clerk: 'ann', tickets: [], copy: null } as const;
  return { ...base, printer: 'front', paper: 'ticket', state, reason, detail: null, file: null, at: 0 };
}

describe('what a print dialog shows of its jobs', () => {
  it.each([
    ['nothing was ordered', [], 0, 'ready'],
    ['they wait or print', [job('done'), job('queued')], 2, 'under_way'],
    ['all are done', [job('done'), job('done')], 2, 'printed'],
    ['all were seen to elsewhere', [], 2, 'printed'],
    ['one failed', [job('done'), job('failed', 'aborted'), job('queued')], 3, 'trouble'],
    ['one is not known at a spooler that knows its jobs', [job('unknown', 'vanished')], 1, 'trouble'],
    ['some are with a printer that tells nothing, and others wait', [job('unknown', 'not_told'), job('queued')], 2, 'under_way'],
    ['all that is left is with such a printer', [job('done'), job('unknown', 'not_told')], 2, 'look'],
    ['one failed, the others are with such a printer', [job('failed', 'not_taken'), job('unknown', 'not_told')], 2, 'trouble'],
  ] as const)('%s', (_, jobs, ordered, stage) => {
    expect(printStage(jobs, ordered)).toBe(stage);
  });
});

describe('whether paper may have come out', () => {
  it.each([
    ['failed', 'cancelled', true],
    ['failed', 'aborted', true],
    ['unknown', 'vanished', true],
    ['unknown', 'not_told', true],
    ['failed', 'restarted', false],
    ['failed', 'not_taken', false],
    ['failed', 'refused', false],
    ['printing', null, false],
  ] as const)('%s, %s: %s', (state, reason, may) => {
    expect(mayBeOnPaper(job(state, reason))).toBe(may);
  });
});
