import { describe, expect, it } from 'vitest';
import type { Answer, ProgressAnswer, Reason } from '../../shared/answers';
import { afterAnswer, afterFailure, afterTakingBack, type ChangeState, type IssuedChange, kindOf, stepsOf, withProgress } from './change';

const ADD: IssuedChange = { op: 'add_kiosk', kiosk: 4, id: 'w1-a' };
const REMOVE: IssuedChange = { op: 'change', change: 'remove', kiosk: 2, id: 'w1-b' };

function working(request: IssuedChange): ChangeState {
  return { kind: 'working', request, progress: null, takingBack: false };
}

function progress(step: ProgressAnswer['progress'], percent = 0, requestId = ADD.id): ProgressAnswer {
  return { ok: true, op: 'add_kiosk', kiosk: 4, requestId, progress: step, percent };
}

function refused(reason: Reason): Answer {
  return { ok: false, op: 'add_kiosk', requestId: ADD.id, reason, message: reason };
}

const DONE = { ok: true, op: 'add_kiosk', requestId: ADD.id, members: [1, 2, 3, 4] } as unknown as Answer;

describe('a change of the members', () => {
  it('is the same by either of its words', () => {
    expect(kindOf(ADD)).toBe('add');
    expect(kindOf({ op: 'change', change: 'add', kiosk: 4 })).toBe('add');
    expect(kindOf(REMOVE)).toBe('remove');
  });

  it('tells its own progress, and no other’s', () => {
    const far = withProgress(working(ADD), progress('catching_up', 80));
    expect(far).toMatchObject({ kind: 'working', progress: { percent: 80 } });
    expect(withProgress(far, progress('voting', 0, 'w1-z'))).toBe(far);
    const none: ChangeState = { kind: 'none' };
    expect(withProgress(none, progress('voting'))).toBe(none);
  });

  it('goes by contacting, catching up so far, voting, to member', () => {
    const stages = (at: ProgressAnswer | null) =>
      stepsOf(at).map(({ step, stage, percent }) => `${step} ${stage}${percent === null ? '' : ` ${percent}`}`);
    expect(stages(null)).toEqual(['contacting now', 'catching_up later', 'voting later', 'member later']);
    expect(stages(progress('catching_up', 80))).toEqual(['contacting done', 'catching_up now 80', 'voting later', 'member later']);
    expect(stages(progress('voting', 100))).toEqual(['contacting done', 'catching_up done', 'voting now', 'member later']);
  });

  it('ends as the log says, and an addition that nobody waits for any more goes on', () => {
    expect(afterAnswer(working(ADD), ADD, DONE)).toEqual({ kind: 'done', request: ADD, members: [1, 2, 3, 4] });
    for (const reason of ['withdrawn', 'cancelled'] as const)
      expect(afterAnswer(working(ADD), ADD, refused(reason))).toEqual({ kind: 'taken_back', kiosk: 4 });
    expect(afterAnswer(working(ADD), ADD, refused('timeout'))).toMatchObject({ kind: 'refused', stillTrying: true });
    expect(afterAnswer(working(REMOVE), REMOVE, refused('timeout'))).toMatchObject({ kind: 'refused', stillTrying: false });
    expect(afterAnswer(working(ADD), ADD, refused('unknown_kiosk'))).toMatchObject({ kind: 'refused', stillTrying: false });
  });

  it('is taken back once the log has said so, and goes on where nobody could be asked', () => {
    expect(afterTakingBack(working(ADD), ADD, { ...DONE, op: 'cancel' } as unknown as Answer)).toEqual({ kind: 'taken_back', kiosk: 4 });
    expect(afterTakingBack(working(ADD), ADD, refused('no_majority'))).toMatchObject({ kind: 'refused', stillTrying: true });
    expect(afterTakingBack(working(ADD), ADD, refused('already_void'))).toMatchObject({ kind: 'refused', stillTrying: false });
  });

  it('is not told of what is over', () => {
    const later = working(REMOVE);
    expect(afterAnswer(later, ADD, DONE)).toBe(later);
    expect(afterTakingBack(later, ADD, DONE)).toBe(later);
    expect(afterFailure(later, ADD, { reason: 'bad_request', message: '' }, true)).toBe(later);
    expect(afterFailure(later, REMOVE, { reason: 'bad_request', message: 'no' }, true)).toMatchObject({
      kind: 'refused',
      stillTrying: true,
    });
  });
});
