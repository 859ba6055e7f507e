import type { Said } from './said';
/** What the code on a ticket says, once it is found to be one of this site. */
export interface TicketCode {
  readonly event: string;
  readonly number: number;
  readonly sale: string;
}

/** How a scanned code was taken: by its form and its signature, without looking at the log. */
export type CodeCheck = ({ readonly ok: true } & TicketCode) | { readonly ok: false; readonly why: Said };
