import type { Answer, ProgressAnswer, Refusal } from '../../shared/answers';
import type { KioskId } from '../../shared/ballot';
import { type Clerk, type ClerkView, OPERATOR } from '../../shared/clerks';
import { PERMISSIONS, type Permission } from '../../shared/constants';
import type { Approval, DeskView, SignIn } from '../../shared/desk';
import type { Request } from '../../shared/requests';
import { say, type Words } from '../../shared/said';
import type { ShiftView } from '../../shared/shifts';
import type { Tickets } from '../tickets';
import { isPin, PinGate } from './pins';
import type { Behind } from './service';

export interface ClerkDeskParts {
  readonly kiosk: KioskId;
  /** A site to try things out. */
  readonly demo: boolean;
  readonly tickets: () => Tickets;
  readonly execute: (request: Request, onProgress: (progress: ProgressAnswer) => void, behind: Behind) => Promise<Answer>;
  /** A majority has said, after this call, that what is applied here is the newest (rule 11). */
  readonly confirm: () => Promise<boolean>;
  /** Somebody came, went, or locked the screen. */
  readonly onChange: () => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
}

/** What a demo's window begins with. */
const DEMO_CLERK = { id: 'demo', name: 'Demo clerk', pin: '1234', float: 10_000 };

/** Everybody who owns the process may do everything; so may whoever sets a site up that has no clerks yet. */
const OPERATOR_VIEW: ClerkView = { id: OPERATOR, name: 'Operator', permissions: PERMISSIONS, active: true };

type Session = { readonly clerk: string; readonly locked: boolean };

/**
 * Who stands at this kiosk's window, and what he may do there. Held in this process alone: a reloaded page
 * finds its clerk again, a restarted kiosk asks for a PIN.
 */
export class ClerkDesk {
  private session: Session | null = null;
  private readonly gate: PinGate;
  private checking: Promise<void> = Promise.resolve();
  /** This kiosk was once up to date, and there were no clerks: it would have heard of any since. */
  private knownToBeNew = false;
  private learning = false;

  constructor(private readonly parts: ClerkDeskParts) {
    this.gate = new PinGate(parts.now);
  }

  view(): DeskView {
    const { demo } = this.parts;
    const { session } = this;
    const clerks = this.clerks.map(viewOf);
    if (clerks.length === 0) return { state: 'set_up', clerk: OPERATOR_VIEW, shift: null, clerks, demo };
    const clerk = clerks.find(({ id, active }) => active && id === session?.clerk) ?? null;
    if (session === null || clerk === null) return { state: 'signed_out', clerk: null, shift: null, clerks, demo };
    return { state: session.locked ? 'locked' : 'signed_in', clerk, shift: this.shiftOf(clerk.id), clerks, demo };
  }

  /** Also opens a locked screen; another clerk than the one who locked it takes over. */
  async signIn(id: string, pin: string): Promise<SignIn> {
    const checked = await this.check(id, pin);
    if (checked.ok) this.enter(id);
    return checked;
  }

  signOut(): void {
    this.session = null;
    this.parts.onChange();
  }

  /** The clerk goes away for a moment: the cart stays, and nothing is done here before a PIN was given. */
  lock(): void {
    if (this.session === null) return;
    this.session = { ...this.session, locked: true };
    this.parts.onChange();
  }

  /** Carries out a request of whoever stands here, if he may, or if a manager allows it with a PIN. */
  async execute(request: Request, approval: Approval | null, onProgress: (progress: ProgressAnswer) => void): Promise<Answer> {
    const view = this.view();
    if (view.state === 'set_up') {
      const open = isHarmless(request) || (await this.isNew()) || (this.clerks.length === 0 && isSelling(request));
      if (open) return this.setUp(request, onProgress);
    }
    // Its clerks came while that was found out, or are not known here yet: a new kiosk, or one that was away.
    if (view.state === 'set_up') return refused(request, 'signed_out', this.clerks.length === 0 ? unheard(request) : say('signed_out'));
    if (isOpenToAll(request)) return this.parts.execute(request, onProgress, {});
    if (request.op === 'stop' && approval !== null) return this.leave(request, approval, onProgress);
    const { clerk } = view;
    if (clerk === null || view.state === 'locked')
      return refused(request, 'signed_out', clerk === null ? say('signed_out') : say('locked'));
    const needed = this.needed(request, clerk, view.shift);
    // Before somebody is fetched for a PIN, and once more: meanwhile a drawer can be closed.
    const early = request.op === 'void' ? this.withoutDrawer(request, clerk) : null;
    if (early !== null) return early;
    const behind = needed === null || clerk.permissions.includes(needed) ? {} : await this.allowed(request, needed, approval);
    if ('ok' in behind) return behind;
    const late = this.withoutDrawer(request, clerk);
    if (late !== null) return late;
    return this.parts.execute(named(request, clerk.id), onProgress, behind);
  }

  /** Whether the clerk who stands here may do this. */
  may(permission: Permission): boolean {
    const { state, clerk } = this.view();
    return (state === 'set_up' || state === 'signed_in') && clerk !== null && clerk.permissions.includes(permission);
  }

  /**
   * The window of a demo begins with a clerk and a drawer: made once, signed in at each start.
   * @returns false while the site can't take it yet: to be tried again
   */
  async beginDemo(): Promise<boolean> {
    const { id, name, pin, float } = DEMO_CLERK;
    const run = (request: Request) => this.parts.execute(request, () => {}, {});
    if (this.parts.tickets().clerks.get(id) === undefined) {
      // One id for all kiosks of the demo: whichever comes first makes the clerk.
      const made = await run({
        op: 'clerk',
        action: { kind: 'add', target: id, name, permissions: [...PERMISSIONS], pin },
        id: 'demo-clerk',
      });
      if (!made.ok) return false;
    }
    if (this.shiftOf(id) === null && !(await run({ op: 'shift', action: { kind: 'open', float }, clerk: id })).ok) return false;
    this.session ??= { clerk: id, locked: false };
    this.parts.onChange();
    return true;
  }

  private get clerks(): readonly Clerk[] {
    return this.parts.tickets().clerks.all();
  }

  private shiftOf(clerk: string): ShiftView | null {
    return this.parts.tickets().shifts.openOf(this.parts.kiosk, clerk);
  }

  /** Whether money would move, and this clerk has no drawer here that it could be counted in. */
  private withoutDrawer(request: Request, { id, name }: ClerkView): Refusal | null {
    if ((request.op !== 'buy' && request.op !== 'void') || this.shiftOf(id) !== null) return null;
    if (request.op === 'buy') return refused(request, 'no_shift', say('drawer_closed', name));
    const sale = this.parts.tickets().sale(request.sale);
    const cash = sale !== null && sale.status === 'live' && sale.payment.kind === 'cash' && sale.total > 0;
    return cash ? refused(request, 'no_shift', say('cash_back_drawer', name)) : null;
  }

  private enter(clerk: string): void {
    this.session = { clerk, locked: false };
    this.parts.onChange();
  }

  /** No clerks are known here, and it is not known that there are none. */
  get unsure(): boolean {
    return !this.knownToBeNew && this.clerks.length === 0;
  }

  /** To be called when a leader is reached: whoever sells first then waits for nothing. */
  learn(): void {
    if (this.learning || !this.unsure) return;
    this.learning = true;
    setImmediate(() => void this.isNew().finally(() => (this.learning = false)));
  }

  /** Whether the site has no clerks: not only as far as this kiosk has heard. */
  private async isNew(): Promise<boolean> {
    this.knownToBeNew ||= (await this.parts.confirm()) && this.clerks.length === 0;
    return this.knownToBeNew && this.clerks.length === 0;
  }

  /** A site without clerks is open to whoever sets it up; the first manager is signed in at once. */
  private async setUp(request: Request, onProgress: (progress: ProgressAnswer) => void): Promise<Answer> {
    const answer = await this.parts.execute(named(request, OPERATOR), onProgress, {});
    if (answer.ok && answer.op === 'clerk' && request.op === 'clerk' && request.action.kind === 'add') this.enter(answer.clerk);
    return answer;
  }

  /** One try after another: many at once would all be looked at before the first is judged. */
  private check(id: string, pin: string): Promise<SignIn> {
    const checked = this.checking.then(() => this.judge(id, pin));
    this.checking = checked.then(() => undefined);
    return checked;
  }

  private async judge(id: string, pin: string): Promise<SignIn> {
    const clerk = this.parts.tickets().clerks.get(id);
    if (clerk?.active !== true) return { ok: false, reason: 'unknown_clerk', ...say('clerk_gone', id) };
    const waiting = this.gate.waitMs(id);
    if (waiting > 0) return tooMany(waiting);
    const right = await isPin(pin, clerk.pin);
    const waitMs = this.gate.judge(id, right);
    if (right) return { ok: true };
    return waitMs > 0 ? tooMany(waitMs) : { ok: false, reason: 'wrong_pin', ...say('wrong_pin') };
  }

  /** A manager's PIN where the clerk may not do it alone. */
  private async allowed(request: Request, needed: Permission, approval: Approval | null): Promise<Behind | Refusal> {
    if (approval === null) return refused(request, 'not_permitted', say('not_permitted', needed));
    const checked = await this.check(approval.clerk, approval.pin);
    if (!checked.ok) return refused(request, 'wrong_pin', checked);
    if (this.parts.tickets().clerks.get(approval.clerk)?.permissions.includes(needed) !== true)
      return refused(request, 'not_permitted', say('may_not_allow', approval.clerk));
    return { approver: approval.clerk };
  }

  /** The way out of kiosk mode: by a PIN alone, whoever stands here, or nobody, and in front of a locked screen too. */
  private async leave(request: Request, approval: Approval, onProgress: (progress: ProgressAnswer) => void): Promise<Answer> {
    const behind = await this.allowed(request, 'kiosks', approval);
    return 'ok' in behind ? behind : this.parts.execute(request, onProgress, behind);
  }

  /** The permission that a request needs; null for none. */
  private needed(request: Request, clerk: ClerkView, shift: ShiftView | null): Permission | null {
    switch (request.op) {
      case 'buy':
      case 'cancel':
      case 'print':
      case 'confirm':
        return 'sell';
      case 'void':
        return 'void';
      case 'reprint':
        return 'reprint';
      case 'admit':
        return 'admit';
      case 'event':
        return 'events';
      case 'clerk':
        return isOwnPin(request, clerk.id) ? null : 'clerks';
      case 'shift': {
        const { action } = request;
        const foreign = action.kind !== 'open' && action.shift !== undefined && action.shift !== shift?.shift;
        return foreign ? 'clerks' : 'sell';
      }
      case 'add_kiosk':
      case 'change':
      case 'recover':
      case 'stop':
      case 'exit':
        return 'kiosks';
      case 'show':
      case 'status':
      case 'help':
      case 'verify':
        return null;
    }
  }
}

/** What whoever passes by may see. */
function isOpenToAll({ op }: Request): boolean {
  return op === 'status' || op === 'help' || op === 'verify';
}

/** Looking at a site without clerks, giving up what was begun here, and closing its window take nobody's leave. */
function isHarmless(request: Request): boolean {
  return isOpenToAll(request) || request.op === 'show' || request.op === 'cancel' || request.op === 'stop' || request.op === 'exit';
}

/** Without a majority nothing of this is carried out, and what was begun in an earlier life is told as it is. */
function isSelling({ op }: Request): boolean {
  return op === 'buy' || op === 'print' || op === 'confirm';
}

/** Recovering is for where no majority will ever answer: then whoever owns the process is asked for, not whoever stands here. */
function unheard({ op }: Request): Words {
  return op === 'recover' ? say('recover_by_client') : say('clerks_unknown');
}

/** Everybody may take a new PIN. */
function isOwnPin({ action }: Extract<Request, { op: 'clerk' }>, clerk: string): boolean {
  return (
    action.kind === 'change' &&
    action.target === clerk &&
    action.name === undefined &&
    action.permissions === undefined &&
    action.active === undefined
  );
}

/** The page does not choose in whose name it asks. */
function named(request: Request, clerk: string): Request {
  switch (request.op) {
    case 'show':
    case 'status':
    case 'help':
    case 'verify':
    case 'recover':
    case 'stop':
    case 'exit':
      return request;
    default:
      return { ...request, clerk };
  }
}

function viewOf({ id, name, permissions, active }: Clerk): ClerkView {
  return { id, name, permissions, active };
}

function tooMany(waitMs: number): SignIn {
  const seconds = Math.ceil(waitMs / 1_000);
  return { ok: false, reason: 'wait', ...say('pin_wait', seconds), waitMs };
}

function refused(request: Request, reason: Refusal['reason'], { message, said }: Words): Refusal {
  return {
    ok: false,
    op: request.op,
    ...('id' in request && request.id !== undefined ? { requestId: request.id } : {}),
    reason,
    message,
    said,
  };
}
