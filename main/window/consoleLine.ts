import type { Answer, ProgressAnswer, ShowAnswer } from '../../shared/answers';
import { parseLine } from '../../shared/commandLine';
import type { ConsoleOutput } from '../../shared/ipc';
import { type Request, SHOW_ENTRIES_MAX, type ShowRequest } from '../../shared/requests';
import { say } from '../../shared/said';
import { answerText, progressText } from '../../shared/text';
import { showWhole } from '../client/show';

type Execute = (request: Request, onProgress: (progress: ProgressAnswer) => void) => Promise<Answer>;

/** A console line, answered in the words of the command-line client; the steps of a change stand before its answer. */
export async function runLine(execute: Execute, line: string): Promise<ConsoleOutput> {
  const parsed = parseLine(line);
  if (parsed === null) return { text: '', ok: true };
  if (!parsed.ok) {
    const { op, message, id } = parsed;
    return refused({ ok: false, op, ...(id === undefined ? {} : { requestId: id }), reason: 'bad_request', message });
  }
  const { request } = parsed;
  // It would be told once, and look as if nothing changed from then on.
  if (request.op === 'status' && request.watch === true)
    return refused({ ok: false, op: 'status', reason: 'bad_request', ...say('watch_by_client') });
  const lines: string[] = [];
  const onProgress = (progress: ProgressAnswer) => {
    const text = progressText(progress);
    if (lines.at(-1) !== text) lines.push(text);
  };
  // A kiosk gives so much of its log at a time; what it names to go on with is read here, as the client does.
  const answer = request.op === 'show' ? await showWhole((page) => execute(page, onProgress), request) : await execute(request, onProgress);
  lines.push(answerText(answer));
  if (answer.ok && answer.op === 'show' && request.op === 'show') lines.push(...whatIsLeftOut(request, answer));
  return { text: lines.join('\n'), ok: answer.ok };
}

function refused(answer: Extract<Answer, { ok: false }>): ConsoleOutput {
  return { text: answerText(answer), ok: false };
}

/** The client reads a log to its end, however long; a page holds so much at once, and says what it has not. */
function whatIsLeftOut({ from, last }: ShowRequest, { firstSlot, nextSlot, state }: ShowAnswer): readonly string[] {
  if (last !== undefined) return [];
  if (from !== undefined) return nextSlot === undefined ? [] : [`(more: show --from ${nextSlot})`];
  const begins = state.applied - SHOW_ENTRIES_MAX + 1;
  return begins <= Math.max(1, firstSlot) ? [] : [`(the newest ${SHOW_ENTRIES_MAX} slots; what was before: show --from ${firstSlot})`];
}
