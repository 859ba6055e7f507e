import type { KioskId } from './ballot';
import { plainMoney } from './money';
import type { NotSelling } from './service';
import type { ChangeCommand, Command } from './values';

/** @param more names that are too many to read */
function listed(names: readonly string[], more: number): string {
  return more <= 0 ? names.join(', ') : `${names.join(', ')} and ${more} more`;
}

/** What a request that was not carried out would have done. */
export type Undone = 'sold' | 'given_up' | 'known_given_up' | 'undone' | 'printed' | 'claimed' | 'noted' | 'let_in' | 'changed';

const UNDONE: Readonly<Record<Undone, string>> = {
  sold: 'nothing was sold',
  given_up: 'nothing was given up',
  known_given_up: 'nothing is known to be given up',
  undone: 'nothing was undone',
  printed: 'nothing was printed',
  claimed: 'nothing was claimed for the printer',
  noted: 'nothing was noted as printed',
  let_in: 'nobody was let in',
  changed: 'nothing was changed',
};

/** By the command: what it would have done. */
export const UNDONE_OF: Readonly<Record<Command['op'], Undone>> = {
  buy: 'sold',
  cancel: 'given_up',
  void: 'undone',
  print: 'printed',
  confirm: 'noted',
  admit: 'let_in',
  event: 'changed',
  clerk: 'changed',
  shift: 'changed',
  change: 'changed',
};

/** What a file could not be used for. */
export type FileWork = 'load' | 'write' | 'journal' | 'snapshot' | 'folder' | 'history';

const FILE_WORK: Readonly<Record<FileWork, string>> = {
  load: 'load',
  write: 'write',
  journal: 'write the journal in',
  snapshot: 'write a snapshot in',
  folder: 'open the data folder',
  history: 'write the history in',
};

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: free some space, then start this kiosk again',
  EDQUOT: 'the disk quota is used up: free some space, then start this kiosk again',
  EROFS: 'the disk has become read-only: check it, then start this kiosk again',
  EIO: 'the disk reports an error: check or replace it, then start this kiosk again',
  EACCES: 'this user may not use the file: correct its owner and mode, then start this kiosk again',
  EPERM: 'this user may not use the file: correct its owner and mode, then start this kiosk again',
};

const NOT_ALLOWED: Readonly<Record<ChangeCommand['change']['kind'], (kiosk: KioskId) => string>> = {
  add: (kiosk) =>
    `kiosk ${kiosk} can't be added: the site has as many member kiosks as it can have, or kiosk ${kiosk} is a member that lost its data (then: change readmit ${kiosk})`,
  remove: (kiosk) => `kiosk ${kiosk} is the last member and can't be removed; add another one first`,
  readmit: (kiosk) => `kiosk ${kiosk} can't be readmitted; that is for members that lost their data: see status`,
  leader: (kiosk) => `kiosk ${kiosk} can't lead now: it is not reached, or far behind; try again when it is there`,
  address: (kiosk) => `kiosk ${kiosk} can't be given this address; see where it is now: status`,
};

/** How far a kiosk is on its way to membership. */
export type JoiningStep = 'contacting' | 'catching_up' | 'voting';

/** What a permission allows, in words that begin a sentence. */
const DOING = {
  sell: 'selling',
  void: 'voiding a sale',
  reprint: 'printing tickets again',
  admit: 'letting people in',
  reports: 'seeing reports',
  events: 'changing events',
  kiosks: 'changing the kiosks of the site',
  clerks: 'changing clerks and the drawers of others',
} as const;

/**
 * Every sentence that the kiosk itself says to whoever stands before it, by its code: in English, for clients and
 * log files. A window shows the same code, with the same values, in the words of its own language. A value called `detail`
 * is in words that are not ours, of the system, a spooler or a library: another language quotes it.
 */
export const ENGLISH = {
  // Refusals out of the log.
  no_events: () => 'this site has no events yet; have a manager make one',
  unknown_event: (event: string, known: readonly string[], more: number) => `there is no event "${event}"; events: ${listed(known, more)}`,
  unknown_category: (event: string, category: string, known: readonly string[], more: number) =>
    `event ${event} has no category "${category}"; categories: ${listed(known, more)}`,
  sold_out: (name: string) => `${name} is sold out; choose another event, or have a manager raise its capacity`,
  not_enough: (name: string, left: number, asked: number) => `only ${left} of ${name} left, ${asked} asked for; ask for fewer`,
  closed: (name: string) => `${name} is closed; choose another event, or have a manager open it`,
  expired: (undone: Undone) => `this request came too late to be carried out; ${UNDONE[undone]} by it, make it anew`,
  id_reused: (id: string) => `request id ${id} was used before for something else; give this request an id of its own`,
  given_up: (id: string) => `request ${id} was given up; nothing is sold by it`,
  never_sold: () => 'it was given up; nothing is sold by it, and nothing will be',
  withdrawn: () => 'this change was taken back; nothing was changed by it',
  unknown_sale: (sale: string) => `there is no sale ${sale}; look it up by a ticket's number`,
  already_void: (sale: string) => `sale ${sale} was voided before; its tickets are no longer good`,
  sale_given_up: (sale: string) => `sale ${sale} was given up; it has no tickets`,
  not_claimed: (sale: string) => `not all of these tickets of sale ${sale} were claimed for a printer, so they are not printed: print them`,
  printed: (sale: string) => `tickets or a receipt of sale ${sale} were printed, so it can only be voided: void ${sale}`,
  used_before: (number: number, event: string, kiosk: KioskId) =>
    `ticket ${number} of ${event} was used before, at kiosk ${kiosk}; let nobody else in with it`,
  not_cancellable: (id: string) => `request ${id} can't be given up: it is no sale, and it has been carried out`,
  change_pending: () => 'another change of the members is not yet in force; try again when it is',
  no_member: (kiosk: KioskId) => `kiosk ${kiosk} is not a member of this site; see who is: status`,
  change_not_allowed: (kind: ChangeCommand['change']['kind'], kiosk: KioskId) => NOT_ALLOWED[kind](kiosk),
  change_alone: () => 'a change of the members has an entry of its own; ask for it by itself',
  clerks_exist: () => 'this site has clerks already; sign in as one of them',
  first_is_manager: () => 'the first clerk of a site has to be a manager: give the permission "clerks"',
  clerk_exists: (clerk: string) => `there is a clerk ${clerk} already; take another id, or change that one`,
  clerks_full: (max: number) => `this site has ${max} clerks, and can't have more; give one of them to somebody else`,
  unknown_clerk: (clerk: string) => `there is no clerk ${clerk}; add one: clerk add ${clerk}`,
  last_manager: (clerk: string) => `${clerk} is the last manager; make another one first`,
  price_changed: (total: number, expected: number) =>
    `prices have changed: the total is ${plainMoney(total)} now, not ${plainMoney(expected)}; tell the customer and sell again`,
  not_paid: (total: number, given: number) =>
    `the total is ${plainMoney(total)}, and ${plainMoney(given)} was given: ${plainMoney(total - given)} is missing`,
  not_free: (total: number) => `the total is ${plainMoney(total)}, so it is not free; take cash or card`,
  drawer_short: () => 'there is not so much cash in the drawer; count it, or give less',
  shift_elsewhere: (clerk: string, shift: number, kiosk: KioskId) => `${clerk} has shift ${shift} open at kiosk ${kiosk}; close it first`,
  unknown_shift: (shift: number) => `there is no shift ${shift}; open one`,
  shift_closed: (shift: number, z: number) => `shift ${shift} was closed (Z report ${z}); open a new one, and do it again there`,
  event_exists: (event: string) => `there is an event ${event} already; take another id, or change that one`,
  events_full: (max: number) => `this site has had ${max} events, and can't have more; sell it as a category of one of them`,
  category_twice: (category: string) => `category ${category} appears twice; name each once`,
  below_sold: (highest: number, event: string) =>
    `tickets up to number ${highest} of ${event} are sold, so its capacity can't go below ${highest}; choose that or more`,
  categories_full: (event: string, max: number) => `event ${event} has had ${max} categories; use one of those again`,

  // Refusals of this kiosk.
  unable: (undone: Undone, why: NotSelling | null, kiosk: KioskId) =>
    `${UNDONE[undone]}: ${why === null ? 'no leader can be reached' : notSellingText(why, kiosk)}`,
  majority_away: (kiosks: readonly KioskId[], site: string) =>
    `nothing was changed: no majority can be reached without some of the kiosks ${kiosks.join(', ')}; start them, or, if they are lost for good: recover ${site}`,
  unknown_yet: (id: string) => `not known yet: it may still be carried out; ask again, here or at another kiosk, with the id ${id}`,
  sold_and_unsure: (id: string) => `it was sold; whether it still is can't be known without a majority: ask again with the id ${id}`,
  giving_up: (id: string) =>
    `it is written down here that ${id} is given up, and carried out as soon as a majority can be reached; until then it may still be sold`,
  cancels_itself: () => 'a request can not give itself up: take another id',
  no_own_shift: (clerk: string) => `${clerk} has no open shift at this kiosk; open one: shift open <money>`,
  drawer_closed: (name: string) => `${name} has no open shift at this kiosk; count the drawer and open one`,
  cash_back_drawer: (name: string) => `cash is given back out of a counted drawer, and ${name} has no open shift at this kiosk; open one`,
  code_unreadable: () => 'this is no code of a ticket, or only a part of one: scan it again',
  code_of_other_site: () => 'this ticket is of another site: it is not good here',
  code_forged: () => 'this code was not signed by this site: the ticket is forged, or was altered',
  codes_uncheckable: (why: Said): string => `codes can't be checked at this kiosk: ${englishOf(why)}`,
  ticket_key_missing: (file: string) =>
    `there is no key for tickets ${file}; make it where the site was made, with \`npm run site -- create <folder> --site ID\` of the same site, and copy this kiosk's bundle`,
  ticket_key_unreadable: (file: string, code: string) => `the key for tickets ${file} can't be read (${code}): correct its owner and mode`,
  ticket_key_wrong: (file: string) =>
    `the key for signing tickets ${file} is no Ed25519 key in PEM: copy this kiosk's bundle from where the site was made`,
  not_of_sale: (sale: string, number: number, event: string) => `sale ${sale} has no ticket ${number} of ${event}; let nobody in with it`,
  ticket_undone: (sale: string) => `sale ${sale} was undone, so this ticket is no longer good; let nobody in with it`,
  never_made: (sale: string) => `there never was a sale ${sale}, though the code is signed: let nobody in with it, and tell the manager`,
  unknown_here: (sale: string) => `there is no sale ${sale} here; look it up by a ticket's number`,
  no_tickets_left: (sale: string) => `sale ${sale} has no tickets any more; sell them anew`,
  not_all_of_sale: (sale: string) => `sale ${sale} does not have all of these tickets; look at the sale once more`,
  no_window: (sale: string) => `this kiosk has no window to print from; reprint ${sale} at a kiosk that has one`,
  being_given_up: (sale: string) => `sale ${sale} is being given up at this kiosk, so it does not print it; wait for what becomes of it`,
  other_site: (own: string, site: string) => `this is a kiosk of site ${own}, not of ${site}; name the site that it is of`,
  no_log: () => 'this kiosk knows of no log yet, so there is nothing to go on with; start it where it reaches another one',
  recover_while_fetching: () =>
    'this kiosk is taking over the state of another one, with sales that it does not know yet; try again when that is done',
  nothing_to_recover: () => 'a majority is reached, and nothing has to be recovered; to shrink the site: change remove',
  kiosk_nowhere: (kiosk: KioskId, op: string, known: readonly KioskId[]) =>
    `nobody knows where kiosk ${kiosk} is: say ${op} ${kiosk} host:port, or put it into the site file (which names ${known.join(', ')})`,
  say_where: (kiosk: KioskId) => `say where kiosk ${kiosk} is to be found: change address ${kiosk} host:port`,
  still_joining: (kiosk: KioskId, step: JoiningStep, address: string | null) =>
    `${
      step === 'contacting'
        ? `kiosk ${kiosk} does not answer${address === null ? '' : ` at ${address}`} (is it running?)`
        : `kiosk ${kiosk} is not yet a member (${step.replace('_', ' ')})`
    }; the site goes on trying, change remove ${kiosk} takes it back`,
  stopped: () => 'this kiosk has stopped; start it again',

  // At the window.
  recover_by_client: () =>
    'this kiosk has not heard from the others whether the site has clerks: give recover to the command-line client, at this kiosk',
  watch_by_client: () =>
    '--watch tells of changes as they come, which only the command-line client does; here the Kiosks screen shows them',
  clerks_unknown: () => 'this kiosk has not heard from the others yet whether the site has clerks: try again when it sells',
  signed_out: () => 'nobody is signed in at this kiosk; sign in first',
  locked: () => 'the screen is locked; enter your PIN',
  not_permitted: (permission: keyof typeof DOING) => `${DOING[permission]} is for others here; ask a manager for a PIN`,
  may_not_allow: (clerk: string) => `${clerk} may not allow this either; ask a manager`,
  clerk_gone: (clerk: string) => `there is no clerk ${clerk} here any more; ask a manager`,
  wrong_pin: () => 'that is not the PIN; try again, or ask a manager for a new one',
  pin_wait: (seconds: number) => `too many wrong PINs; wait ${seconds} s, then try again`,
  not_committed: (sale: string) => `there is no committed sale ${sale} here; only what is committed can be printed`,
  tickets_hidden: () => 'sign in to see tickets',
  reprint_hidden: () => 'printing tickets again is for others here; ask a manager to sign in',
  sales_hidden: () => 'sign in to look sales up',
  reports_hidden: () => 'reports are for others here; ask a manager to sign in',
  export_unwritable: (folder: string, code: string) => `nothing was exported: ${folder} can't be written to (${code}); make room there`,
  export_crowded: (names: number, folder: string) =>
    `nothing was exported: there are ${names} files of that name in ${folder}; tidy up there`,
  misunderstood: (detail: string) => `what was asked is not right: ${detail}`,
  foreign_page: () => "only the kiosk's own page may ask; load it anew",
  unexpected: (detail: string) => detail,

  // Printing.
  print_under_way: (sale: string) => `tickets of sale ${sale} are on their way to the printer already; wait for them`,
  receipt_under_way: (sale: string) => `the receipt of sale ${sale} is on its way to the printer already; wait for it`,
  print_gone: () => 'this print is not in the queue any more; look at its sale',
  print_never_given: () => 'these tickets were never given to a printer: print them',
  print_not_failed: () => 'this print has not failed: there is nothing to print again',
  print_leaving: () => 'this print is leaving for the printer at this moment; wait until it is there',
  print_undecided: () => 'say first whether these tickets are printed: print a copy, or already printed',
  queue_unwritable: (folder: string, code: string) => `the print queue can't be written in ${folder} (${code}); make room, and print again`,
  spooler_silent: (detail: string) => `the print spooler does not answer (${detail}); see that it runs, or print to the folder`,
  page_not_ready: (name: string) => `the page ${name} could not be made ready; print again`,

  // What stops a kiosk.
  file_failed: (work: FileWork, file: string, code: string) =>
    `could not ${FILE_WORK[work]} ${file} (${code}); ${REMEDIES[code] ?? 'check the disk, then start this kiosk again'}`,
  snapshot_damaged: (file: string) => `the snapshot file ${file} is damaged or gone; start this kiosk anew with --rejoin`,
  journal_miscounted: (file: string, held: number, read: number) =>
    `the journal ${file} holds ${held} records, but the database reads ${read}; this kiosk must not vote`,
  too_old: (version: number) => `the site now uses commands of version ${version}, which this kiosk does not know: update this kiosk`,
  disk_forgot: (peer: KioskId, heardRound: number, heardSlot: number, hadRound: number, hadSlot: number) =>
    `kiosk ${peer} has heard this kiosk vouch for ballot ${heardRound} and slot ${heardSlot}, and its disk had ballot ${hadRound} and slot ${hadSlot}: the disk has lost data, so this kiosk must not vote`,
  start_again: (why: Said, kiosk: KioskId): string =>
    `${englishOf(why)}; start it again: it puts its data aside, joins anew, and votes after change readmit ${kiosk}`,

  older_generation: (kiosk: KioskId, generation: number, own: KioskId) =>
    `kiosk ${kiosk} goes on with generation ${generation} of the site after a recovery, and nothing counts that kiosk ${own} sells now, so only one of the two may go on: if that recovery was meant, end every kiosk of the older generation, then start each with --rejoin; if not, end kiosk ${kiosk}, then start this one again`,

  // Founders that can't agree.
  founder_of_other_site: (kiosk: KioskId) => `kiosk ${kiosk} belongs to another site of the same name; give all the same site file`,
  founder_of_earlier_data: (kiosk: KioskId) =>
    `kiosk ${kiosk} has signed with an earlier data folder of this kiosk: nothing was sold yet, so empty the data folders of all founders and start them again`,
  founder_with_other_events: (kiosk: KioskId) =>
    `kiosk ${kiosk} has signed other events: give both the same site file, empty the data folders of all founders and start them again (nothing was sold yet)`,
  founder_with_other_list: (kiosk: KioskId) =>
    `kiosk ${kiosk} has signed another list of founders: give all the same site file, empty the data folders of all founders and start them again (nothing was sold yet)`,

  // The first start of a machine.
  no_provisioning_file: () => 'this is no provisioning file: choose the file that was made for this kiosk, its name ends in .provision',
  wrong_code: (kiosk: KioskId) =>
    `the code does not open the file for kiosk ${kiosk}: type the code of this kiosk, or get the file again if it was changed`,
  file_of_other_version: () => 'this provisioning file is of another version of the program: make it anew where the site was made',
  file_contradicts_itself: () => 'this provisioning file contradicts itself: make it anew where the site was made',
  file_unusable: (detail: string) => `this provisioning file can't be used: ${detail}`,
  site_in_the_way: (site: string, folder: string, uid: string) =>
    `there is another site named ${site} in ${folder} (uid ${uid}): move that folder away first`,
  packed_for_other_site: (site: string, own: string) =>
    `this file is for the site ${site}, and this program was packed for ${own}: get this kiosk's own file`,
  file_first: () => 'open the provisioning file first',
  page_not_taken: (printer: string, detail: Said | string): string =>
    `the printer ${printer} did not take the page${detail === '' ? '' : `: ${typeof detail === 'string' ? detail : englishOf(detail)}`}`,
} as const;

export type Sentences = typeof ENGLISH;
export type SaidCode = keyof Sentences;

/** A sentence by its code and values. It crosses to the window, and lies in records: plain data. */
export interface Said {
  readonly code: SaidCode;
  readonly values: readonly unknown[];
}

/** A sentence as answers carry it: in English for whoever has no words of his own, and as what it says. */
export interface Words {
  readonly message: string;
  readonly said: Said;
}

export function said<C extends SaidCode>(code: C, ...values: Parameters<Sentences[C]>): Said {
  return { code, values };
}

export function say<C extends SaidCode>(code: C, ...values: Parameters<Sentences[C]>): Words {
  return wordsOf(said(code, ...values));
}

export function wordsOf(what: Said): Words {
  return { message: englishOf(what), said: what };
}

export function englishOf({ code, values }: Said): string {
  return (ENGLISH[code] as (...values: readonly unknown[]) => string)(...values);
}

/** What was refused or went wrong in a sentence of the list above. */
export class Told extends Error {
  override readonly name: string = 'Told';

  constructor(readonly said: Said) {
    super(englishOf(said));
  }
}

export function told<C extends SaidCode>(code: C, ...values: Parameters<Sentences[C]>): Told {
  return new Told(said(code, ...values));
}

/** An error as a sentence. What nobody foresaw has only its own words. */
export function saidOf(error: unknown): Said {
  if (error instanceof Told) return error.said;
  return said('unexpected', error instanceof Error ? error.message : String(error));
}

/** Why kiosk `kiosk` is not selling, as a sentence that begins small. */
export function notSellingText(why: NotSelling, kiosk: KioskId): string {
  switch (why.kind) {
    case 'problem':
    case 'disagreement':
      return englishOf(why.said);
    case 'connecting':
      return 'waiting for a kiosk of the site to connect';
    case 'founding':
      return `waiting for kiosk ${why.awaited.join(' and ')} to open the site`;
    case 'removed':
      return `kiosk ${kiosk} was removed from the site at slot ${why.slot}; add it again to sell here`;
    case 'fetching':
      return `this kiosk is far behind and fetches the state of the site (${why.have} of ${why.of})`;
    case 'no_majority':
      return `this kiosk reaches ${why.reached} of ${why.members} members, and a majority is needed to sell; start the others, or mend the network`;
    case 'electing':
      return `this kiosk reaches ${why.reached} of ${why.members} members; they are choosing a leader`;
  }
}
