import { FileDown } from 'lucide-react';
import { useState } from 'react';
import { bridge, errorText, unwrap } from '../bridge';
import { sentence } from '../format';
import { messages } from '../messages';

/** Writes what the page shows for printing as a PDF into the folder of exports, and says where it is. */
export function PdfButton({ name }: { name: string }) {
  const [said, setSaid] = useState<{ readonly ok: boolean; readonly text: string } | null>(null);
  const save = () => {
    unwrap(bridge.pagePdf({ name })).then(
      ({ file }) => setSaid({ ok: true, text: messages.exports.saved(file) }),
      (error: unknown) => setSaid({ ok: false, text: sentence(errorText(error)) }),
    );
  };
  return (
    <div className="export not-printed">
      <button type="button" className="button" onClick={save}>
        <FileDown aria-hidden="true" />
        {messages.exports.pdf}
      </button>
      {said !== null && (
        <span className={said.ok ? 'export-said' : 'export-said export-bad'} role="status" data-testid="exported">
          {said.text}
        </span>
      )}
    </div>
  );
}
