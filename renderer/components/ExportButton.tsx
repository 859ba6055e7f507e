import { FileSpreadsheet } from 'lucide-react';
import { useState } from 'react';
import type { ExportQuery } from '../../shared/desk';
import { bridge, errorText, unwrap } from '../bridge';
import { sentence } from '../format';
import { messages } from '../messages';

/** Writes figures as CSV into the folder of exports, and says where they are. */
export function ExportButton({ what }: { what: ExportQuery }) {
  const [said, setSaid] = useState<{ readonly ok: boolean; readonly text: string } | null>(null);
  const save = () => {
    unwrap(bridge.exportCsv(what)).then(
      ({ file, rows }) => setSaid({ ok: true, text: messages.exports.savedRows(file, rows) }),
      (error: unknown) => setSaid({ ok: false, text: sentence(errorText(error)) }),
    );
  };
  return (
    <div className="export not-printed">
      <button type="button" className="button" onClick={save}>
        <FileSpreadsheet aria-hidden="true" />
        {messages.exports.csv}
      </button>
      {said !== null && (
        <span className={said.ok ? 'export-said' : 'export-said export-bad'} role="status" data-testid="exported">
          {said.text}
        </span>
      )}
    </div>
  );
}
