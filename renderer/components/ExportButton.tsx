import { FileDown, FileSpreadsheet, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { ExportQuery } from '../../shared/desk';
import { bridge, unwrap } from '../bridge';
import { type Fault, faultOf } from '../logic/fault';
import { messages } from '../messages';
import { FaultText } from './Fault';

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
  const [said, setSaid] = useState<string | Fault | null>(null);
  const touch = () => void save().then(setSaid, (error: unknown) => setSaid(faultOf(error)));
  return (
    <div className="export not-printed">
      <button type="button" className="button" onClick={touch}>
        <Icon aria-hidden="true" />
        {label}
      </button>
      {said !== null && (
        <span className={typeof said === 'string' ? 'export-said' : 'export-said export-bad'} role="status" data-testid="exported">
          {typeof said === 'string' ? said : <FaultText fault={said} />}
        </span>
      )}
    </div>
  );
}
