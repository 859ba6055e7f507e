import { CircleAlert, Hourglass, LoaderCircle } from 'lucide-react';

const ICONS = { problem: CircleAlert, waiting: Hourglass, loading: LoaderCircle } as const;

interface NoticeProps {
  readonly kind: keyof typeof ICONS;
  readonly title: string;
  readonly text?: string | null;
}

export function Notice({ kind, title, text = null }: NoticeProps) {
  const Icon = ICONS[kind];
  return (
    <div className={`notice notice-${kind}`} role={kind === 'problem' ? 'alert' : 'status'}>
      <Icon aria-hidden="true" className="notice-icon" />
      <strong>{title}</strong>
      {text !== null && <span className="notice-text">{text}</span>}
    </div>
  );
}
