import { type ReactNode, useState } from 'react';
import type { Answer } from '../../shared/answers';
import type { Permission } from '../../shared/constants';
import type { Request } from '../../shared/requests';
import { saidOf, wordsOf } from '../../shared/said';
import type { KioskView } from '../../shared/service';
import { bridge, unwrap } from '../bridge';
import { ApprovalDialog } from '../components/ApprovalDialog';

interface Asked {
  readonly request: Request;
  readonly end: (answer: Answer | null) => void;
}

export interface Approved {
  /** Carries a request out, with a manager's PIN where the clerk may not do it alone; null where nobody gave one. */
  run(request: Request): Promise<Answer | null>;
  /** The question for the PIN, to be drawn where the request was made. */
  readonly dialog: ReactNode;
}

const NEEDED: Partial<Readonly<Record<Request['op'], Permission>>> = {
  void: 'void',
  print: 'reprint',
  reprint: 'reprint',
  admit: 'admit',
  event: 'events',
  clerk: 'clerks',
  change: 'kiosks',
  add_kiosk: 'kiosks',
};

/** Requests that may need the word of another. */
export function useApproved(view: KioskView): Approved {
  const [asked, setAsked] = useState<Asked | null>(null);
  const run = async (request: Request): Promise<Answer | null> => {
    const answer = await unwrap(bridge.execute(request)).catch((error: unknown) => failed(request, error));
    if (answer.ok || answer.reason !== 'not_permitted') return answer;
    return new Promise((resolve) => {
      setAsked({
        request,
        end: (result) => {
          setAsked(null);
          resolve(result);
        },
      });
    });
  };
  const needed = asked === null ? undefined : (NEEDED[asked.request.op] ?? 'clerks');
  const dialog =
    asked === null || needed === undefined ? null : (
      <ApprovalDialog
        request={asked.request}
        approvers={view.desk.clerks.filter(({ active, permissions }) => active && permissions.includes(needed))}
        onEnd={asked.end}
      />
    );
  return { run, dialog };
}

/** A request that did not get as far as an answer. */
export function failed({ op }: Request, error: unknown): Answer {
  return { ok: false, op, reason: 'faulty', ...wordsOf(saidOf(error)) };
}
