import { CircleAlert, Lock, UserRound } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import type { ClerkView } from '../../shared/clerks';
import type { SignIn } from '../../shared/desk';
import { saidOf, wordsOf } from '../../shared/said';
import type { KioskView } from '../../shared/service';
import { bridge, unwrap } from '../bridge';
import type { Fault } from '../logic/fault';
import { messages } from '../messages';
import { FaultText } from './Fault';
import { LeaveButton } from './LeaveButton';
import { PIN_DIGITS_MIN, PinField } from './PinField';

const MS_PER_SECOND = 1_000;

type Failure = Extract<SignIn, { ok: false }>;

/** Who stands here? A clerk by name, and her PIN; a locked screen asks for the PIN of the clerk who left it. */
export function SignInScreen({ view }: { view: KioskView }) {
  const { desk, kiosk } = view;
  const active = desk.clerks.filter((clerk) => clerk.active);
  const locked = desk.state === 'locked' ? desk.clerk : null;
  const [chosen, setChosen] = useState<string | null>(locked?.id ?? (active.length === 1 ? active[0]!.id : null));
  const [pin, setPin] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const clerk = active.find(({ id }) => id === chosen) ?? null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (clerk === null || busy || pin.length < PIN_DIGITS_MIN) return;
    setBusy(true);
    setFailure(null);
    unwrap(bridge.signIn({ clerk: clerk.id, pin }))
      .catch((error: unknown): SignIn => ({ ok: false, reason: 'faulty', ...wordsOf(saidOf(error)) }))
      .then((result) => {
        setBusy(false);
        setPin('');
        if (!result.ok) setFailure(result);
      });
  };

  return (
    <div className="sign-in">
      <section className="sign-in-clerks">
        <h2>{locked === null ? messages.signIn.title : messages.signIn.locked}</h2>
        <p className="sign-in-hint">{locked === null ? messages.signIn.hint(kiosk.name) : messages.signIn.lockedHint(locked.name)}</p>
        <div className="sign-in-list">
          {active.map((one) => (
            <ClerkButton
              key={one.id}
              clerk={one}
              chosen={one.id === chosen}
              locked={one.id === locked?.id}
              onChoose={() => {
                setChosen(one.id);
                setPin('');
                setFailure(null);
              }}
            />
          ))}
        </div>
        <LeaveButton view={view} className="button sign-in-leave" />
      </section>
      <form className="card sign-in-pin" onSubmit={submit}>
        {clerk === null ? (
          <p className="empty">{messages.signIn.choose}</p>
        ) : (
          <>
            <PinField key={clerk.id} label={messages.signIn.pin(clerk.name)} pin={pin} onPin={setPin} disabled={busy} />
            <button type="submit" className="button button-primary button-large" disabled={busy || pin.length < PIN_DIGITS_MIN}>
              {busy ? messages.signIn.busy : locked?.id === clerk.id ? messages.signIn.unlock : messages.signIn.enter}
            </button>
            <FailureLine failure={failure} />
          </>
        )}
      </form>
    </div>
  );
}

interface ClerkButtonProps {
  readonly clerk: ClerkView;
  readonly chosen: boolean;
  readonly locked: boolean;
  readonly onChoose: () => void;
}

function ClerkButton({ clerk, chosen, locked, onChoose }: ClerkButtonProps) {
  const Icon = locked ? Lock : UserRound;
  return (
    <button type="button" className="clerk-button" aria-pressed={chosen} onClick={onChoose}>
      <Icon aria-hidden="true" />
      <span>{clerk.name}</span>
    </button>
  );
}

/** Why the PIN was not taken; counts down where the next try has to wait. */
export function FailureLine({ failure }: { failure: Failure | null }) {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (failure?.waitMs === undefined) return undefined;
    const until = Date.now() + failure.waitMs;
    const tick = () => setLeft(Math.max(0, Math.ceil((until - Date.now()) / MS_PER_SECOND)));
    tick();
    const timer = setInterval(tick, MS_PER_SECOND);
    return () => clearInterval(timer);
  }, [failure]);
  if (failure === null) return null;
  return (
    <p className="job job-bad" role="alert" data-testid="sign-in-failure">
      <CircleAlert aria-hidden="true" />
      <FaultText fault={faultOfFailure(failure, left)} />
    </p>
  );
}

function faultOfFailure({ reason, said, waitMs }: Failure, secondsLeft: number): Fault {
  return {
    code: said.code,
    words: () => (waitMs === undefined ? messages.signIn.failures[reason] : messages.signIn.wait(secondsLeft)),
  };
}
