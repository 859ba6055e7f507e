import { Hourglass, LoaderCircle, OctagonAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { sentence } from '../format';

const ICONS = { problem: OctagonAlert, waiting: Hourglass, loading: LoaderCircle } as const;

interface NoticeProps {
  readonly kind: keyof typeof ICONS;
  readonly title: string;
  readonly text?: string | null;
  /** Fills the page, where there is nothing else to show. */
  readonly page?: boolean;
  readonly children?: ReactNode;
}

/** What a clerk must know before all else, over the full width. */
export function Notice({ kind, title, text = null, page = false, children }: NoticeProps) {
  const Icon = ICONS[kind];
  const role = kind === 'problem' ? 'alert' : 'status';
  if (!page) {
    return (
      <div className={`notice notice-${kind}`} role={role}>
        <Icon aria-hidden="true" className="notice-icon" />
        <p>
          <strong>{title}</strong>
          {text === null ? null : sentence(text)}
        </p>
        {children}
      </div>
    );
  }
  return (
    <main className={`notice notice-page notice-${kind}`}>
      <Icon aria-hidden="true" className="notice-icon" />
      <div role={role}>
        <h1>{title}</h1>
        <p>{text === null ? null : sentence(text)}</p>
      </div>
      {children}
    </main>
  );
}
