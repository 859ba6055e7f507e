import { Banknote, Lock, LogOut, Settings2 } from 'lucide-react';
import type { KioskView } from '../../shared/service';
import { bridge } from '../bridge';
import { messages } from '../messages';
import { Dialog } from './Dialog';

interface ClerkMenuProps {
  readonly view: KioskView;
  readonly onShift: () => void;
  readonly onSettings: () => void;
  readonly onClose: () => void;
}

/** What whoever stands here can do about standing here: drawer, lock, sign out, language and looks. */
export function ClerkMenu({ view: { desk }, onShift, onSettings, onClose }: ClerkMenuProps) {
  const leave = (act: () => void) => () => {
    onClose();
    act();
  };
  return (
    <Dialog title={desk.state === 'signed_in' && desk.clerk !== null ? desk.clerk.name : messages.clerkMenu.title} onClose={onClose}>
      <div className="menu">
        <button type="button" className="menu-item" onClick={leave(onShift)}>
          <Banknote aria-hidden="true" />
          <span className="row-text">
            <strong>{messages.clerkMenu.toShift}</strong>
            <span>{desk.shift === null ? messages.clerkMenu.noShift : messages.clerkMenu.shift(desk.shift.shift)}</span>
          </span>
        </button>
        {desk.state === 'signed_in' && (
          <>
            <button type="button" className="menu-item" onClick={leave(() => void bridge.lock())}>
              <Lock aria-hidden="true" />
              <span className="row-text">
                <strong>{messages.clerkMenu.lock}</strong>
                <span>{messages.clerkMenu.lockHint}</span>
              </span>
            </button>
            <button type="button" className="menu-item" onClick={leave(() => void bridge.signOut())}>
              <LogOut aria-hidden="true" />
              <span className="row-text">
                <strong>{messages.clerkMenu.signOut}</strong>
                <span>{messages.clerkMenu.signOutHint}</span>
              </span>
            </button>
          </>
        )}
        <button type="button" className="menu-item" onClick={leave(onSettings)}>
          <Settings2 aria-hidden="true" />
          <span className="row-text">
            <strong>{messages.clerkMenu.looks}</strong>
          </span>
        </button>
      </div>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {messages.clerkMenu.close}
        </button>
      </div>
    </Dialog>
  );
}
