import { useSettings } from '../hooks/useSettings';
import { LANGUAGES, language, messages } from '../messages';
import { Dialog } from './Dialog';
import { Segmented } from './Segmented';

const LOCK_MINUTES = [1, 5, 15, 0] as const;
const THEMES = ['system', 'light', 'dark', 'contrast'] as const;

/** How this kiosk's window looks and speaks. */
export function SettingsDialog({ onClose }: { onClose: () => void }) {
  const [{ theme, lockMinutes }, change] = useSettings();
  return (
    <Dialog title={messages.settings.title} onClose={onClose}>
      <Segmented
        label={messages.language.label}
        value={language()}
        options={LANGUAGES.map((value) => ({ value, label: messages.language[value] }))}
        onChange={(next) => change({ language: next })}
      />
      <Segmented
        label={messages.theme.label}
        value={theme}
        options={THEMES.map((value) => ({ value, label: messages.theme[value] }))}
        onChange={(next) => change({ theme: next })}
      />
      <Segmented
        label={messages.settings.lock}
        value={String(lockMinutes)}
        options={LOCK_MINUTES.map((n) => ({ value: String(n), label: messages.settings.minutes(n) }))}
        onChange={(next) => change({ lockMinutes: Number(next) })}
      />
      <div className="dialog-actions">
        <button type="button" className="button button-primary" onClick={onClose}>
          {messages.settings.close}
        </button>
      </div>
    </Dialog>
  );
}
