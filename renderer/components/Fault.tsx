import { createContext, useContext } from 'react';
import { sentence } from '../format';
import type { Fault } from '../logic/fault';
import { messages } from '../messages';

/** The kiosk that a clerk names on the phone; null while this machine is none yet. */
export const ThisKiosk = createContext<number | null>(null);

/** What did not go: why and what to do, then the kiosk and the code that a clerk says on the phone. */
export function FaultText({ fault: { code, words } }: { fault: Fault }) {
  return (
    <span className="fault">
      {sentence(words())}
      {code !== null && <FaultCode code={code} />}
    </span>
  );
}

export function FaultCode({ code }: { code: string }) {
  return (
    <span className="fault-code" data-testid="fault-code">
      {messages.fault(useContext(ThisKiosk), code)}
    </span>
  );
}

/** A fault on a line of its own; nothing where there is none. */
export function FaultLine({ fault, className = 'job job-bad' }: { fault: Fault | null; className?: string }) {
  if (fault === null) return null;
  return (
    <p className={className} role="alert">
      <FaultText fault={fault} />
    </p>
  );
}
