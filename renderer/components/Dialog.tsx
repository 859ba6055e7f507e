import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A modal dialog: the browser keeps the focus inside, Escape closes, and focus returns to where it was. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // Before the browser draws, and closed while it is still on the page: one that is taken away open gives no focus back.
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // A form that has to scroll would take the focus before its first field does.
    if (document.activeElement instanceof HTMLFormElement) dialog?.querySelector<HTMLElement>('input, select, button')?.focus();
    return () => dialog?.close();
  }, []);
  // The event comes late: by then the dialog may have been opened anew.
  const closed = () => {
    if (ref.current?.open === false) onClose();
  };
  return (
    <dialog ref={ref} className="dialog" aria-labelledby={heading} onClose={closed}>
      <h2 id={heading}>{title}</h2>
      {children}
    </dialog>
  );
}
