import { ArrowDownToLine, ArrowUpFromLine, FileText, LockKeyhole } from 'lucide-react';
import { type FormEvent, useCallback, useEffect, useState } from 'react';
import type { ShiftAnswer } from '../../shared/answers';
import type { ShiftRequest } from '../../shared/requests';
import type { KioskView } from '../../shared/service';
import type { ShiftView } from '../../shared/shifts';
import { bridge, unwrap } from '../bridge';
import { logTime, money } from '../format';
import { type Fault, faultOf, refusalFault } from '../logic/fault';
import { messages } from '../messages';
import { AmountPad } from './AmountPad';
import { Dialog } from './Dialog';
import { PdfButton } from './ExportButton';
import { FaultLine } from './Fault';
import { openedText, ShiftReport } from './ShiftReport';

/** Reports of earlier shifts that are listed. */
const LISTED = 50;

type Step = 'open' | 'close' | 'in' | 'out';

/** The drawer of whoever stands here: opened with a float, counted when closed, with its reports. */
export function ShiftScreen({ view }: { view: KioskView }) {
  const { desk, site } = view;
  const [step, setStep] = useState<Step | null>(null);
  /** The drawer that is counted for a clerk who went without. */
  const [left, setLeft] = useState<ShiftView | null>(null);
  /** The shift that was just closed here, with its Z report. */
  const [closed, setClosed] = useState<ShiftView | null>(null);
  const mayList = desk.clerk?.permissions.includes('reports') === true;
  const [shifts, setShifts] = useState<readonly ShiftView[] | null>(null);
  const [error, setError] = useState<Fault | null>(null);
  const [looked, setLooked] = useState<number | null>(null);

  const load = useCallback(() => {
    if (!mayList) return;
    unwrap(bridge.shifts({ before: null, limit: LISTED })).then(
      (list) => {
        setShifts(list);
        setError(null);
      },
      (cause: unknown) => setError(faultOf(cause)),
    );
  }, [mayList]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was applied since may have opened or closed one
  useEffect(load, [load, view.applied]);

  const listed = (number: number) => shifts?.find(({ shift }) => shift === number) ?? null;
  // As the list has it, where there is one: something may have been given up since.
  const own = closed === null ? desk.shift : (listed(closed.shift) ?? closed);
  const shown = looked === null ? own : listed(looked);
  return (
    <div className="page shift">
      <div className="page-head">
        <h2>{messages.shift.title}</h2>
        <div className="page-actions">
          {desk.shift === null ? (
            <button type="button" className="button button-primary" disabled={desk.clerk === null} onClick={() => setStep('open')}>
              {messages.shift.open}
            </button>
          ) : (
            <>
              <button type="button" className="button" onClick={() => setStep('in')}>
                <ArrowDownToLine aria-hidden="true" />
                {messages.shift.in}
              </button>
              <button type="button" className="button" onClick={() => setStep('out')}>
                <ArrowUpFromLine aria-hidden="true" />
                {messages.shift.out}
              </button>
              <button type="button" className="button button-primary" onClick={() => setStep('close')}>
                <LockKeyhole aria-hidden="true" />
                {messages.shift.close}
              </button>
            </>
          )}
        </div>
      </div>
      <FaultLine fault={error} />
      <div className="shift-columns">
        <div className="card shift-shown printable">
          {shown === null ? (
            <div className="empty">
              <h3>{messages.shift.none}</h3>
              <p>{messages.shift.noneHint}</p>
            </div>
          ) : (
            <>
              <ShiftReport shift={shown} view={view} />
              {shown.closed === null && shown.shift !== desk.shift?.shift && desk.clerk?.permissions.includes('clerks') === true && (
                <button type="button" className="button not-printed" onClick={() => setLeft(shown)}>
                  <LockKeyhole aria-hidden="true" />
                  {messages.shift.closeFor(shown.shift)}
                </button>
              )}
              <PdfButton name={shown.closed === null ? `x-report-shift-${shown.shift}` : `z-report-${shown.closed.z}`} />
            </>
          )}
        </div>
        {mayList && (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by the keyboard
          <section className="card shift-list" aria-label={messages.shift.list} tabIndex={0}>
            <h3>{messages.shift.list}</h3>
            {shifts === null && error === null && <p className="empty">{messages.state.loadingList}</p>}
            {shifts?.length === 0 && <p className="empty">{messages.shift.listEmpty}</p>}
            <ul>
              {shifts?.map((shift) => (
                <li key={shift.shift}>
                  <button
                    type="button"
                    className="row-button"
                    aria-pressed={shift.shift === shown?.shift}
                    onClick={() => setLooked(shift.shift)}
                  >
                    <FileText aria-hidden="true" />
                    <span className="row-text">
                      <strong>{shift.closed === null ? messages.shift.x(shift.shift) : messages.shift.z(shift.closed.z)}</strong>
                      <span>{logTime(shift.closed?.at ?? shift.openedAt, site.timeZone)}</span>
                    </span>
                    <span className="row-amount">{money(shift.expected, site.currency)}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
      {step !== null && (
        <DrawerDialog
          step={step}
          view={view}
          onDone={(answer) => {
            setStep(null);
            setLooked(null);
            setClosed(desk.shift === null ? null : closedBy(desk.shift, answer, desk.clerk?.id ?? desk.shift.clerk));
            load();
          }}
          onClose={() => setStep(null)}
        />
      )}
      {left !== null && (
        <DrawerDialog
          step="close"
          shift={left}
          view={view}
          onDone={(answer) => {
            setLeft(null);
            setLooked(null);
            setClosed(closedBy(left, answer, desk.clerk?.id ?? left.clerk));
            load();
          }}
          onClose={() => setLeft(null)}
        />
      )}
    </div>
  );
}

interface DrawerDialogProps {
  readonly step: Step;
  /** Whose drawer, where it is not that of whoever stands here. */
  readonly shift?: ShiftView;
  readonly view: KioskView;
  readonly onDone: (answer: ShiftAnswer) => void;
  readonly onClose: () => void;
}

/** An amount of cash: the float, what was counted, what is put in or taken out. What is expected is not told before it was counted. */
export function DrawerDialog({ step, shift, view, onDone, onClose }: DrawerDialogProps) {
  const [cents, setCents] = useState(0);
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<Fault | null>(null);
  const moves = step === 'in' || step === 'out';
  const ready = !busy && (!moves || (cents > 0 && reason.trim() !== ''));
  const words = messages.shift.steps[step];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ready) return;
    setBusy(true);
    setSaid(null);
    unwrap(bridge.execute({ op: 'shift', action: actionOf(step, cents, reason.trim(), shift?.shift) })).then(
      (answer) => {
        setBusy(false);
        if (answer.ok && answer.op === 'shift') onDone(answer);
        else if (!answer.ok) setSaid(refusalFault(answer));
      },
      (error: unknown) => {
        setBusy(false);
        setSaid(faultOf(error));
      },
    );
  };
  return (
    <Dialog title={shift === undefined ? words.title : messages.shift.closeFor(shift.shift)} onClose={onClose}>
      <p>
        {shift !== undefined && `${openedText(shift, view)} `}
        {words.text}
      </p>
      <form className="form form-beside" id="drawer" onSubmit={submit}>
        {moves && (
          <label className="field">
            <span>{messages.shift.reason}</span>
            <input autoComplete="off" maxLength={200} value={reason} onChange={(typed) => setReason(typed.target.value)} />
          </label>
        )}
        <AmountPad label={words.amount} cents={cents} currency={view.site.currency} onCents={setCents} />
        <FaultLine fault={said} />
      </form>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {messages.shift.cancel}
        </button>
        <button type="submit" form="drawer" className="button button-primary" disabled={!ready}>
          {words.done}
        </button>
      </div>
    </Dialog>
  );
}

function actionOf(step: Step, cents: number, reason: string, shift: number | undefined): ShiftRequest['action'] {
  switch (step) {
    case 'open':
      return { kind: 'open', float: cents };
    case 'close':
      return { kind: 'close', counted: cents, ...(shift === undefined ? {} : { shift }) };
    case 'in':
    case 'out':
      return { kind: step, cents, reason };
  }
}

/** The Z report of a shift that was just closed; null where it was not. */
function closedBy(shift: ShiftView, { closed, expected, slot }: ShiftAnswer, clerk: string): ShiftView | null {
  if (closed === undefined) return null;
  const { z, counted, difference } = closed;
  return { ...shift, expected, closed: { z, at: Date.now(), slot, clerk, counted, difference, givenUpSince: null } };
}
