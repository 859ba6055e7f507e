import { useEffect, useState } from 'react';
import type { AssistantResults, AssistantState, FoundFile } from '../../../shared/assistant';
import { LANGUAGES, type Language, language, messages, setLanguage, useLanguage } from '../../messages';
import { Segmented } from '../Segmented';
import { asked } from './bridge';
import { CodeStep } from './CodeStep';
import { FileStep } from './FileStep';
import { OptionsStep } from './OptionsStep';

/** Sticks and printers are looked for this often while the assistant is open. */
const LOOK_MS = 2_000;

const STEPS = ['file', 'code', 'options'] as const;

type Opened = AssistantResults['assistant:open'];

/** What this machine is to be, asked once: the kiosk's file, its code, and how it is to behave. */
export function Assistant() {
  useLanguage();
  const state = useAssistantState();
  const [file, setFile] = useState<FoundFile | null>(null);
  const [opened, setOpened] = useState<Opened | null>(null);
  const step = opened !== null ? 'options' : file !== null ? 'code' : 'file';
  const at = STEPS.indexOf(step) + 1;
  return (
    <main className="assistant">
      <header className="assistant-head">
        <h1>{messages.assistant.title}</h1>
        <Segmented
          label={messages.language.label}
          value={language()}
          options={LANGUAGES.map((value) => ({ value, label: messages.language[value] }))}
          onChange={choose}
        />
      </header>
      <p className="assistant-step">{messages.assistant.stepOf(at, STEPS.length, messages.assistant.steps[step])}</p>
      {step === 'file' && <FileStep state={state} onFile={setFile} />}
      {file !== null && opened === null && <CodeStep file={file} onOpened={setOpened} onBack={() => setFile(null)} />}
      {opened !== null && (
        <OptionsStep
          opened={opened}
          printers={state?.printers ?? []}
          onBack={() => {
            setOpened(null);
            setFile(null);
          }}
        />
      )}
    </main>
  );
}

function choose(next: Language): void {
  document.documentElement.lang = next;
  setLanguage(next);
}

/** What main sees; null until it has answered once. */
function useAssistantState(): AssistantState | null {
  const [state, setState] = useState<AssistantState | null>(null);
  useEffect(() => {
    let gone = false;
    let timer = 0;
    const look = async () => {
      // An answer that fails is followed by the next one.
      const seen = await asked(window.assistant.state()).catch(() => null);
      if (gone) return;
      if (seen !== null) setState(seen);
      timer = window.setTimeout(look, LOOK_MS);
    };
    void look();
    return () => {
      gone = true;
      window.clearTimeout(timer);
    };
  }, []);
  return state;
}
