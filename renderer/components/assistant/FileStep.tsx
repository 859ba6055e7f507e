import { FileKey2, FolderOpen } from 'lucide-react';
import { type DragEvent, useState } from 'react';
import type { AssistantState, FoundFile } from '../../../shared/assistant';
import { type Fault, faultOf } from '../../logic/fault';
import { messages } from '../../messages';
import { FaultLine } from '../Fault';
import { asked } from './bridge';

interface FileStepProps {
  readonly state: AssistantState | null;
  readonly onFile: (file: FoundFile) => void;
}

/** The kiosk's own file: from a stick, by drag, by the system's dialog, or as text. */
export function FileStep({ state, onFile }: FileStepProps) {
  const [error, setError] = useState<Fault | null>(null);
  const [over, setOver] = useState(false);
  const take = (reply: Promise<FoundFile | null>) => {
    setError(null);
    reply.then((file) => file !== null && onFile(file)).catch((why: unknown) => setError(faultOf(why)));
  };
  const read = (text: string) => take(asked(window.assistant.read(text)));
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file !== undefined) void file.text().then(read);
  };
  return (
    <section className="assistant-card" aria-labelledby="assistant-file">
      <h2 id="assistant-file">{messages.assistant.fileTitle}</h2>
      <p>{messages.assistant.welcome}</p>
      {state?.site != null && <p>{messages.assistant.packedFor(state.site.place || state.site.id)}</p>}
      {state !== null && state.found.length > 0 && (
        <>
          <h3 className="label">{messages.assistant.found}</h3>
          <ul className="assistant-files">
            {state.found.map((file) => (
              <li key={`${file.site}-${file.kiosk}`}>
                <button type="button" className="button" onClick={() => onFile(file)}>
                  <FileKey2 aria-hidden="true" />
                  <span>
                    {messages.assistant.kiosk(file.kiosk, file.name)}
                    <small>{messages.assistant.ofSite(file.site)}</small>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dragging is the way of the mouse; the button below is that of the keyboard */}
      <div
        className="assistant-drop"
        data-over={over}
        data-testid="drop"
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <p>{messages.assistant.drop}</p>
        <button type="button" className="button" onClick={() => take(asked(window.assistant.choose()))}>
          <FolderOpen aria-hidden="true" />
          {messages.assistant.choose}
        </button>
      </div>
      <label className="assistant-field">
        <span className="label">{messages.assistant.paste}</span>
        <textarea
          rows={2}
          spellCheck={false}
          value=""
          onChange={() => undefined}
          onPaste={(event) => read(event.clipboardData.getData('text'))}
        />
      </label>
      <FaultLine fault={error} className="assistant-error" />
    </section>
  );
}
