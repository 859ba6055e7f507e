import { access, mkdir, open, rename } from 'node:fs/promises';
import path from 'node:path';
import type { PrintJob } from './records';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

export type Written = { readonly ok: true; readonly file: string } | { readonly ok: false; readonly detail: string };

/** Where a job's PDF is, or would be: named by event and sale for people, and by the print's id, by which it is found again. */
function pdfFile(folder: string, job: PrintJob): string {
  const what = job.kind === 'receipt' ? 'receipt' : (job.tickets[0]?.event ?? 'tickets');
  return path.join(folder, `${what}-sale-${job.sale}-${job.id}.pdf`);
}

/** "PDF to a folder": whole or not at all. */
export async function writePdf(folder: string, job: PrintJob, pdf: Uint8Array): Promise<Written> {
  const file = pdfFile(folder, job);
  try {
    await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
    const draft = `${file}.part`;
    const handle = await open(draft, 'w', FILE_MODE);
    try {
      await handle.writeFile(pdf);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
    return { ok: true, file };
  } catch (error) {
    return { ok: false, detail: `${folder} (${(error as NodeJS.ErrnoException).code ?? String(error)})` };
  }
}

export async function isWritten(folder: string, job: PrintJob): Promise<boolean> {
  return access(pdfFile(folder, job)).then(
    () => true,
    () => false,
  );
}
