import { FileDown, FileSpreadsheet, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { ExportQuery } from '../../shared/desk';
import { bridge, errorText, unwrap } from '../bridge';
import { sentence } from '../format';
import { messages } from '../messages';

/** Writes figures as CSV into the folder of exports. */
export function CsvButton({ what }: { what: ExportQuery }) {
  const save = () => unwrap(bridge.exportCsv(what)).then(({ file, rows }) => messages.exports.savedRows(file, rows));
  return <ExportButton key={JSON.stringify(what)} icon={FileSpreadsheet} label={messages.exports.csv} save={save} />;
}

/** Writes what the page shows for printing as a PDF into the folder of exports. */
export function PdfButton({ name }: { name: string }) {
  const save = () => unwrap(bridge.pagePdf({ name })).then(({ file }) => messages.exports.saved(file));
  return <ExportButton key={name} icon={FileDown} label={messages.exports.pdf} save={save} />;
}

interface ExportButtonProps {
  readonly icon: LucideIcon;
  readonly label: string;
  /** Resolves with what is said of the file. */
  readonly save: () => Promise<string>;
}

/** Writes a file for a clerk to take away, and says where it is, until other figures are chosen (its key). */
function ExportButton({ icon: Icon, label, save }: ExportButtonProps) {
  const [said, setSaid] = useState<{ readonly ok: boolean; readonly text: string } | null>(null);
  const touch = () =>
    void save().then(
      (text) => setSaid({ ok: true, text }),
      (error: unknown) => setSaid({ ok: false, text: sentence(errorText(error)) }),
    );
  return (
    <div className="export not-printed">
      <button type="button" className="button" onClick={touch}>
        <Icon aria-hidden="true" />
        {label}
      </button>
      {said !== null && (
        <span className={said.ok ? 'export-said' : 'export-said export-bad'} role="status" data-testid="exported">
          {said.text}
        </span>
      )}
    </div>
  );
}
