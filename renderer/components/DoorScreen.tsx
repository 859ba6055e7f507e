import { CircleCheckBig, CircleX, ScanLine, TriangleAlert } from 'lucide-react';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import type { Answer } from '../../shared/answers';
import { CODE_LETTERS_MAX } from '../../shared/constants';
import type { KioskView } from '../../shared/service';
import { bridge, unwrap } from '../bridge';
import { logTime } from '../format';
import { failed } from '../hooks/useApproved';
import { useScannerField } from '../hooks/useScannerField';
import { refusalFault } from '../logic/fault';
import { messages } from '../messages';
import { FaultText } from './Fault';
import { Segmented } from './Segmented';

/** Earlier scans that stay in sight. */
const HISTORY = 8;
const MODES = ['admit', 'verify'] as const;
type Mode = (typeof MODES)[number];

interface Scan {
  readonly key: number;
  readonly at: number;
  readonly code: string;
  readonly answer: Answer;
}

/** The gate: each scanned ticket lets one person in, and says so from afar; a second scan says when and where the first was. */
export function DoorScreen({ view }: { view: KioskView }) {
  const [mode, setMode] = useState<Mode>('admit');
  const [code, setCode] = useState('');
  const [waiting, setWaiting] = useState(0);
  const [scans, setScans] = useState<readonly Scan[]>([]);
  const field = useRef<HTMLInputElement>(null);
  const counter = useRef(0);
  useScannerField(field);

  const scan = async (event: FormEvent) => {
    event.preventDefault();
    const read = code.trim();
    setCode('');
    field.current?.focus();
    if (read === '') return;
    const request = mode === 'admit' ? ({ op: 'admit', code: read } as const) : ({ op: 'verify', code: read } as const);
    setWaiting((n) => n + 1);
    const answer = await unwrap(bridge.execute(request)).catch((error: unknown) => failed(request, error));
    setWaiting((n) => n - 1);
    counter.current += 1;
    const key = counter.current;
    setScans((old) => [{ key, at: Date.now(), code: read, answer }, ...old].slice(0, HISTORY + 1));
  };
  const [last, ...earlier] = scans;

  return (
    <div className="page door">
      <form className="door-form" onSubmit={(event) => void scan(event)}>
        <label className="field door-code">
          <span>{messages.door.code}</span>
          <span className="search-box">
            <ScanLine aria-hidden="true" />
            <input
              ref={field}
              type="text"
              autoComplete="off"
              spellCheck={false}
              maxLength={CODE_LETTERS_MAX}
              value={code}
              onChange={(typed) => setCode(typed.target.value)}
            />
          </span>
        </label>
        <button type="submit" className="button button-primary" disabled={code.trim() === ''}>
          {messages.door.check}
        </button>
        <Segmented
          label={messages.door.mode}
          value={mode}
          options={MODES.map((value) => ({ value, label: messages.door.modes[value] }))}
          onChange={(next) => {
            setMode(next);
            field.current?.focus();
          }}
        />
      </form>
      <div className="door-columns">
        <section className="door-last" aria-live="assertive" aria-label={messages.door.last}>
          {waiting > 0 ? (
            <Verdict tone="wait" title={messages.door.asking} text={messages.door.askingText} />
          ) : last === undefined ? (
            <Verdict tone="wait" title={messages.door.ready} text={messages.door.readyText} />
          ) : (
            <AnswerVerdict answer={last.answer} view={view} />
          )}
        </section>
        <section className="door-earlier" aria-label={messages.door.earlier}>
          <h3>{messages.door.earlier}</h3>
          {earlier.length === 0 && <p className="empty">{messages.door.earlierNone}</p>}
          <ul>
            {earlier.map(({ key, at, answer }) => (
              <li key={key} className={`door-row door-row-${toneOf(answer)}`}>
                <span>{titleOf(answer)}</span>
                <span className="door-time">{logTime(at, view.site.timeZone)}</span>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </div>
  );
}

type Tone = 'good' | 'bad' | 'warn' | 'wait';
const ICONS = { good: CircleCheckBig, bad: CircleX, warn: TriangleAlert, wait: ScanLine } as const;

interface VerdictProps {
  readonly tone: Tone;
  readonly title: string;
  readonly text: ReactNode;
  readonly detail?: string;
}

function Verdict({ tone, title, text, detail }: VerdictProps) {
  const Icon = ICONS[tone];
  return (
    <div className={`verdict verdict-${tone}`} data-testid="verdict" data-tone={tone}>
      <Icon aria-hidden="true" />
      <h2>{title}</h2>
      <p>{text}</p>
      {detail !== undefined && <p className="verdict-detail">{detail}</p>}
    </div>
  );
}

/** Good lets in; warn is unknown, and nobody's fault; bad does not let in. */
function toneOf(answer: Answer): Tone {
  if (answer.ok) return answer.op === 'verify' && answer.checked === 'signature' ? 'warn' : 'good';
  return answer.reason === 'timeout' || answer.reason === 'no_majority' ? 'warn' : 'bad';
}

function titleOf(answer: Answer): string {
  if (answer.ok) {
    if (answer.op === 'admit') return messages.door.admitted;
    return answer.op === 'verify' && answer.checked === 'signature' ? messages.door.signatureOnly : messages.door.good;
  }
  switch (answer.reason) {
    case 'already_used':
      return messages.door.used;
    case 'already_void':
      return messages.door.void;
    case 'bad_code':
    case 'unknown_sale':
      return messages.door.noTicket;
    case 'timeout':
    case 'no_majority':
      return messages.door.unknown;
    default:
      return messages.door.refused;
  }
}

function AnswerVerdict({ answer, view }: { answer: Answer; view: KioskView }) {
  const tone = toneOf(answer);
  const title = titleOf(answer);
  if (answer.ok) {
    if (answer.op !== 'admit' && answer.op !== 'verify') return null;
    const event = view.events.find(({ id }) => id === answer.event)?.name ?? answer.event;
    const detail = answer.op === 'verify' && answer.checked === 'signature' ? { detail: messages.door.signatureText } : {};
    return <Verdict tone={tone} title={title} text={messages.door.ticket(answer.number, event, answer.sale)} {...detail} />;
  }
  const fault = refusalFault(answer);
  const told = answer.first ?? answer.undone;
  if (told === undefined) return <Verdict tone={tone} title={title} text={<FaultText fault={fault} />} />;
  const { at, kiosk, clerk } = told;
  const name = view.desk.clerks.find(({ id }) => id === clerk)?.name ?? clerk;
  const say = answer.first === undefined ? messages.door.undone : messages.door.first;
  const words = () => say(logTime(at, view.site.timeZone), kiosk, name);
  return <Verdict tone={tone} title={title} text={<FaultText fault={{ ...fault, words }} />} />;
}
