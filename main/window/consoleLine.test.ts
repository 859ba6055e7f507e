import { describe, expect, it } from 'vitest';
import type { Answer, LogEntryView, ShowAnswer } from '../../shared/answers';
import { type Request, SHOW_ENTRIES_MAX } from '../../shared/requests';
import { answerText } from '../../shared/text';
import { runLine } from './consoleLine';

const APPLIED = 25_000;

/** So many slots a kiosk gives at a time of a log with large batches. */
const AT_A_TIME = 90;

/** A kiosk with a long log, as its service answers `show`. */
function showOf(request: Extract<Request, { op: 'show' }>, applied = APPLIED, firstSlot = 1): ShowAnswer {
  const limit = Math.min(request.last ?? SHOW_ENTRIES_MAX, SHOW_ENTRIES_MAX);
  const from = Math.max(1, firstSlot, request.from ?? applied - limit + 1);
  const to = Math.min(from + limit - 1, from + AT_A_TIME - 1, applied);
  const log = Array.from(
    { length: to - from + 1 },
    (_, index): LogEntryView => ({ slot: from + index, ballot: '1.0.1', kind: 'no-op', commands: [] }),
  );
  const state = { events: [], members: [1], leader: 1, applied, hash: '' };
  return { ok: true, op: 'show', confirmed: true, state, log, firstSlot, ...(to < applied ? { nextSlot: to + 1 } : {}) };
}

async function linesOf(line: string, applied = APPLIED, firstSlot = 1): Promise<string[]> {
  const answer = async (request: Request): Promise<Answer> => {
    if (request.op !== 'show') throw new Error(request.op);
    return showOf(request, applied, firstSlot);
  };
  return (await runLine(answer, line)).text.split('\n');
}

describe('a line of the console', () => {
  it('tells the steps of a change, each once, before its answer', async () => {
    const done: Answer = { ok: true, op: 'add_kiosk', requestId: 'a', kiosk: 4, members: [1, 2, 3, 4], inForce: 9 } as Answer;
    const { text, ok } = await runLine(async (_, onProgress) => {
      for (const percent of [80, 80, 100])
        onProgress({ ok: true, op: 'add_kiosk', requestId: 'a', kiosk: 4, progress: 'catching_up', percent } as never);
      return done;
    }, 'add_kiosk 4');
    expect(ok).toBe(true);
    expect(text.split('\n')).toEqual([expect.stringContaining('80'), expect.stringContaining('100'), answerText(done)]);
  });

  it('is refused in the words of the client, and nothing is asked then', async () => {
    const never = () => Promise.reject(new Error('asked'));
    expect(await runLine(never, 'buy two --id x')).toMatchObject({ ok: false, text: expect.stringMatching(/^buy: bad_request: .*\(x\)$/) });
    expect(await runLine(never, '')).toEqual({ text: '', ok: true });
    // A page that tells the status once would look as if nothing changed.
    expect(await runLine(never, 'status --watch')).toMatchObject({ ok: false, text: expect.stringContaining('Kiosks screen') });
  });

  it('shows a log whole where the client does, and says what is left out where it is too long', async () => {
    expect(await linesOf('show', 40)).toHaveLength(41);
    expect((await linesOf('show', 40)).at(-1)).toMatch(/^40 /);
    const newest = await linesOf('show');
    expect(newest).toHaveLength(SHOW_ENTRIES_MAX + 2);
    expect(newest[1]).toMatch(/^15001 /);
    expect(newest.at(-1)).toBe('(the newest 10000 slots; what was before: show --from 1)');
    expect((await linesOf('show --from 1')).at(-1)).toBe('(more: show --from 10001)');
    expect((await linesOf('show --from 24000')).at(-1)).toMatch(/^25000 /);
    // What was asked for is not left out; nor is what this kiosk never had.
    expect((await linesOf('show --last 3')).slice(1)).toEqual([24_998, 24_999, 25_000].map((slot) => expect.stringMatching(`^${slot} `)));
    expect((await linesOf('show --from 5 --last 2')).slice(1)).toHaveLength(2);
    expect((await linesOf('show', APPLIED, 20_000)).at(-1)).toMatch(/^25000 /);
  });
});
