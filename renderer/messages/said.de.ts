import type { FileWork, SaidCode, Sentences, Undone } from '../../shared/said';
import type { NotSelling } from '../../shared/service';

const UNDONE: Readonly<Record<Undone, string>> = {
  sold: 'nichts wurde verkauft',
  given_up: 'nichts wurde aufgegeben',
  known_given_up: 'ob etwas aufgegeben ist, ist nicht bekannt',
  undone: 'nichts wurde storniert',
  printed: 'nichts wurde gedruckt',
  claimed: 'nichts wurde zum Drucken vergeben',
  noted: 'nichts wurde als gedruckt vermerkt',
  let_in: 'niemand wurde eingelassen',
  changed: 'nichts wurde geändert',
};

const FILE_WORK: Readonly<Record<FileWork, (file: string) => string>> = {
  load: (file) => `${file} lässt sich nicht lesen`,
  write: (file) => `${file} lässt sich nicht schreiben`,
  journal: (file) => `das Journal in ${file} lässt sich nicht schreiben`,
  snapshot: (file) => `ein Stand in ${file} lässt sich nicht schreiben`,
  folder: (file) => `der Datenordner ${file} lässt sich nicht öffnen`,
  history: (file) => `die Geschichte in ${file} lässt sich nicht schreiben`,
};

const REMEDIES: Readonly<Record<string, string>> = {
  ENOSPC: 'die Festplatte ist voll: Platz schaffen und diesen Kiosk neu starten',
  EDQUOT: 'der zugeteilte Platz ist verbraucht: Platz schaffen und diesen Kiosk neu starten',
  EROFS: 'die Festplatte lässt sich nur noch lesen: sie prüfen und diesen Kiosk neu starten',
  EIO: 'die Festplatte meldet einen Fehler: sie prüfen oder ersetzen und diesen Kiosk neu starten',
  EACCES: 'die Datei ist für dieses Konto gesperrt: Besitzer und Rechte richten und diesen Kiosk neu starten',
  EPERM: 'die Datei ist für dieses Konto gesperrt: Besitzer und Rechte richten und diesen Kiosk neu starten',
};

const STEPS = { contacting: 'wird gesucht', catching_up: 'holt auf', voting: 'wird abgestimmt' } as const;

const DOING: Readonly<Record<Parameters<Sentences['not_permitted']>[0], string>> = {
  sell: 'Verkaufen',
  void: 'Stornieren',
  reprint: 'Karten noch einmal drucken',
  admit: 'Einlassen',
  reports: 'Berichte ansehen',
  events: 'das Programm ändern',
  kiosks: 'die Kioske der Anlage ändern',
  clerks: 'Personen und fremde Kassen ändern',
};

const CENTS = 100;

/** As the site writes money, without its currency: a sentence has no room to look it up. */
function amount(cents: number): string {
  return (cents / CENTS).toFixed(2).replace('.', ',');
}

/** What is in words that are not ours, and mostly English: as it came, and said to be so. */
export function toldBySystem(words: string): string {
  return `Meldung des Systems: „${words}“`;
}

function listed(names: readonly string[], more: number): string {
  return more <= 0 ? names.join(', ') : `${names.join(', ')} und ${more} weitere`;
}

/** Why kiosk `kiosk` is not selling, as a sentence that begins small. */
export function whyDe(cause: NotSelling, kiosk: number): string {
  switch (cause.kind) {
    case 'problem':
    case 'disagreement':
      return saidDe(cause.said);
    case 'connecting':
      return 'wartet, bis sich ein Kiosk der Anlage meldet';
    case 'founding':
      return `wartet auf Kiosk ${cause.awaited.join(' und ')}, um die Anlage zu eröffnen`;
    case 'removed':
      return `Kiosk ${kiosk} wurde auf Platz ${cause.slot} aus der Anlage entfernt; zum Verkaufen wieder aufnehmen`;
    case 'fetching':
      return `dieser Kiosk liegt weit zurück und holt den Stand der Anlage (${cause.have} von ${cause.of})`;
    case 'no_majority':
      return `dieser Kiosk erreicht ${cause.reached} von ${cause.members} Mitgliedern, zum Verkaufen braucht es eine Mehrheit; die anderen starten oder das Netz richten`;
    case 'electing':
      return `dieser Kiosk erreicht ${cause.reached} von ${cause.members} Mitgliedern; sie wählen gerade einen Leiter`;
  }
}

/** Every sentence of the kiosk itself, in German. */
export const GERMAN: { readonly [C in SaidCode]: (...values: Parameters<Sentences[C]>) => string } = {
  no_events: () => 'diese Anlage hat noch keine Veranstaltungen; die Leitung legt welche an',
  unknown_event: (event, known, more) => `die Veranstaltung „${event}“ gibt es nicht; es gibt: ${listed(known, more)}`,
  unknown_category: (event, category, known, more) =>
    `die Veranstaltung ${event} hat keine Kategorie „${category}“; es gibt: ${listed(known, more)}`,
  sold_out: (name) => `${name} ist ausverkauft; eine andere Veranstaltung wählen oder die Leitung um mehr Plätze bitten`,
  not_enough: (name, left, asked) => `nur noch ${left} für ${name} übrig, verlangt waren ${asked}; weniger verlangen`,
  closed: (name) => `${name} ist geschlossen; eine andere Veranstaltung wählen oder sie von der Leitung öffnen lassen`,
  expired: (undone) => `die Anfrage kam zu spät; ${UNDONE[undone]}, bitte neu beginnen`,
  id_reused: (id) => `die Kennung ${id} wurde schon für etwas anderes benutzt; bitte neu beginnen`,
  given_up: (id) => `die Anfrage ${id} wurde aufgegeben; dadurch ist nichts verkauft`,
  never_sold: () => 'das wurde aufgegeben; dadurch ist nichts verkauft und wird nichts verkauft',
  withdrawn: () => 'diese Änderung wurde zurückgenommen; nichts wurde durch sie geändert',
  unknown_sale: (sale) => `den Verkauf ${sale} gibt es nicht; ihn über die Nummer einer Karte suchen`,
  already_void: (sale) => `der Verkauf ${sale} ist schon storniert; seine Karten gelten nicht mehr`,
  sale_given_up: (sale) => `der Verkauf ${sale} wurde aufgegeben; er hat keine Karten`,
  not_claimed: (sale) =>
    `nicht alle diese Karten des Verkaufs ${sale} wurden zum Drucken vergeben, sie sind also nicht gedruckt: bitte drucken`,
  printed: (sale) => `Karten oder der Beleg des Verkaufs ${sale} sind gedruckt; er lässt sich nur noch stornieren`,
  used_before: (number, event, kiosk) =>
    `Karte ${number} für ${event} wurde schon an Kiosk ${kiosk} benutzt; damit niemanden mehr einlassen`,
  not_cancellable: (id) => `die Anfrage ${id} lässt sich nicht aufgeben: sie ist kein Verkauf, und sie ist ausgeführt`,
  change_pending: () => 'eine andere Änderung der Mitglieder gilt noch nicht; noch einmal versuchen, sobald sie gilt',
  no_member: (kiosk) => `Kiosk ${kiosk} ist kein Mitglied dieser Anlage; unter Kioske steht, wer eines ist`,
  change_not_allowed: (kind, kiosk) => {
    switch (kind) {
      case 'add':
        return `Kiosk ${kiosk} lässt sich nicht aufnehmen: die Anlage hat schon so viele Mitglieder wie möglich, oder er ist ein Mitglied, das seine Daten verloren hat (dann: wieder zulassen)`;
      case 'remove':
        return `Kiosk ${kiosk} ist das letzte Mitglied und lässt sich nicht entfernen; zuerst ein anderes aufnehmen`;
      case 'readmit':
        return `Kiosk ${kiosk} lässt sich nicht wieder zulassen; das ist für Mitglieder, die ihre Daten verloren haben`;
      case 'leader':
        return `Kiosk ${kiosk} kann jetzt nicht leiten: er ist nicht erreichbar oder liegt weit zurück; noch einmal versuchen, wenn er da ist`;
      case 'address':
        return `Kiosk ${kiosk} kann diese Adresse nicht bekommen; unter Kioske steht, wo er jetzt ist`;
    }
  },
  change_alone: () => 'eine Änderung der Mitglieder hat einen eigenen Eintrag; sie für sich verlangen',
  clerks_exist: () => 'diese Anlage hat schon Personen; bitte als eine von ihnen anmelden',
  first_is_manager: () => 'die erste Person einer Anlage muss zur Leitung gehören: Personen verwalten erlauben',
  clerk_exists: (clerk) => `die Person ${clerk} gibt es schon; einen anderen Namen wählen oder diese ändern`,
  clerks_full: (max) => `diese Anlage hat ${max} Personen, mehr gehen nicht; eine davon jemand anderem geben`,
  unknown_clerk: (clerk) => `die Person ${clerk} gibt es nicht; bitte anlegen`,
  last_manager: (clerk) => `${clerk} gehört als Letzte zur Leitung; zuerst jemand anderen dazu machen`,
  price_changed: (total, expected) =>
    `die Preise haben sich geändert: die Summe ist jetzt ${amount(total)}, nicht ${amount(expected)}; den neuen Betrag nennen und noch einmal verkaufen`,
  not_paid: (total, given) => `die Summe ist ${amount(total)}, gegeben wurden ${amount(given)}: es fehlen ${amount(total - given)}`,
  not_free: (total) => `die Summe ist ${amount(total)}, es ist also nicht frei; bar oder mit Karte kassieren`,
  drawer_short: () => 'so viel Bargeld ist nicht in der Kasse; nachzählen oder weniger geben',
  shift_elsewhere: (clerk, shift, kiosk) => `${clerk} hat die Schicht ${shift} an Kiosk ${kiosk} offen; zuerst diese schließen`,
  unknown_shift: (shift) => `die Schicht ${shift} gibt es nicht; bitte eine öffnen`,
  shift_closed: (shift, z) => `die Schicht ${shift} ist geschlossen (Z-Bericht ${z}); eine neue öffnen und es dort noch einmal tun`,
  event_exists: (event) => `die Veranstaltung ${event} gibt es schon; einen anderen Namen wählen oder diese ändern`,
  events_full: (max) => `diese Anlage hatte ${max} Veranstaltungen, mehr gehen nicht; als Kategorie einer davon verkaufen`,
  category_twice: (category) => `die Kategorie ${category} kommt zweimal vor; jede nur einmal nennen`,
  below_sold: (highest, event) =>
    `bis Nummer ${highest} sind Karten für ${event} verkauft; weniger als ${highest} dürfen es nicht werden, so viele oder mehr wählen`,
  categories_full: (event, max) => `die Veranstaltung ${event} hatte ${max} Kategorien; eine von ihnen wieder benutzen`,

  unable: (undone, why, kiosk) => `${UNDONE[undone]}: ${why === null ? 'kein Leiter ist erreichbar' : whyDe(why, kiosk)}`,
  majority_away: (kiosks, site) =>
    `nichts wurde geändert: ohne einige der Kioske ${kiosks.join(', ')} gibt es keine Mehrheit; sie starten oder, wenn sie für immer verloren sind, in der Konsole: recover ${site}`,
  unknown_yet: (id) =>
    `noch ungewiss: es kann noch ausgeführt werden; noch einmal fragen, hier oder an einem anderen Kiosk, mit der Kennung ${id}`,
  sold_and_unsure: (id) =>
    `es war verkauft; ob es das noch ist, lässt sich ohne Mehrheit nicht sagen: noch einmal mit der Kennung ${id} fragen`,
  giving_up: (id) =>
    `es ist hier vermerkt, dass ${id} aufgegeben ist; ausgeführt wird das, sobald eine Mehrheit erreichbar ist, bis dahin kann es noch verkauft werden`,
  cancels_itself: () => 'eine Anfrage kann sich nicht selbst aufgeben; ihr eine andere Kennung geben',
  no_own_shift: (clerk) => `${clerk} hat an diesem Kiosk keine offene Schicht; bitte eine öffnen`,
  drawer_closed: (name) => `${name} hat an diesem Kiosk keine offene Schicht; die Kasse zählen und eine öffnen`,
  cash_back_drawer: (name) =>
    `Bargeld wird aus einer gezählten Kasse zurückgegeben, und ${name} hat an diesem Kiosk keine offene Schicht; bitte eine öffnen`,
  code_unreadable: () => 'das ist kein Code einer Karte oder nur ein Teil davon: noch einmal scannen',
  code_of_other_site: () => 'diese Karte ist von einer anderen Anlage: hier gilt sie nicht',
  code_forged: () => 'diesen Code hat diese Anlage nicht unterschrieben: die Karte ist gefälscht oder verändert',
  codes_uncheckable: (why) => `an diesem Kiosk lassen sich Codes nicht prüfen: ${saidDe(why)}`,
  ticket_key_missing: (file) =>
    `der Schlüssel für Karten ${file} fehlt: das Verzeichnis dieses Kiosks noch einmal von dort kopieren, wo die Anlage erstellt wurde`,
  ticket_key_unreadable: (file, code) =>
    `der Schlüssel für Karten ${file} lässt sich nicht lesen (${code}): Besitzer und Rechte der Datei richten`,
  ticket_key_wrong: (file) =>
    `der Schlüssel für Karten ${file} ist kein Ed25519-Schlüssel in PEM: das Verzeichnis dieses Kiosks noch einmal von dort kopieren, wo die Anlage erstellt wurde`,
  not_of_sale: (sale, number, event) => `der Verkauf ${sale} hat keine Karte ${number} für ${event}; damit niemanden einlassen`,
  ticket_undone: (sale) => `der Verkauf ${sale} ist rückgängig gemacht, die Karte gilt nicht mehr; damit niemanden einlassen`,
  never_made: (sale) =>
    `den Verkauf ${sale} hat es nie gegeben, obwohl der Code unterschrieben ist: damit niemanden einlassen und der Leitung sagen`,
  unknown_here: (sale) => `den Verkauf ${sale} gibt es hier nicht; ihn über die Nummer einer Karte suchen`,
  no_tickets_left: (sale) => `der Verkauf ${sale} hat keine Karten mehr; neu verkaufen`,
  not_all_of_sale: (sale) => `der Verkauf ${sale} hat nicht alle diese Karten; den Verkauf noch einmal ansehen`,
  no_window: (sale) => `dieser Kiosk hat kein Fenster zum Drucken; ${sale} an einem Kiosk drucken, der eines hat`,
  being_given_up: (sale) => `der Verkauf ${sale} wird an diesem Kiosk gerade aufgegeben, er druckt ihn also nicht; warten, was daraus wird`,
  other_site: (own, site) => `dieser Kiosk gehört zur Anlage ${own}, nicht zu ${site}; die Anlage nennen, zu der er gehört`,
  no_log: () => 'dieser Kiosk kennt noch kein Protokoll, mit dem es weitergehen könnte; ihn dort starten, wo er einen anderen erreicht',
  recover_while_fetching: () =>
    'dieser Kiosk übernimmt gerade den Stand eines anderen, mit Verkäufen, die er noch nicht kennt; danach noch einmal versuchen',
  nothing_to_recover: () => 'eine Mehrheit ist erreichbar, es gibt nichts wiederherzustellen; zum Verkleinern Kioske entfernen',
  kiosk_nowhere: (kiosk, op, known) =>
    `niemand weiß, wo Kiosk ${kiosk} ist: ihn mit seiner Adresse aufnehmen (${op} ${kiosk} host:port) oder in die Anlagendatei schreiben (dort stehen ${known.join(', ')})`,
  say_where: (kiosk) => `bitte sagen, wo Kiosk ${kiosk} zu finden ist: host:port`,
  still_joining: (kiosk, step, address) =>
    `${
      step === 'contacting'
        ? `Kiosk ${kiosk} antwortet nicht${address === null ? '' : ` unter ${address}`} (läuft er?)`
        : `Kiosk ${kiosk} ist noch kein Mitglied (${STEPS[step]})`
    }; die Anlage versucht es weiter, bis es zurückgenommen wird`,
  stopped: () => 'dieser Kiosk hat angehalten; neu starten',

  recover_by_client: () =>
    'dieser Kiosk hat von den anderen nicht gehört, ob es Verkäufer gibt; recover bitte an diesem Kiosk dem Client auf der Befehlszeile geben',
  watch_by_client: () =>
    '--watch erzählt von Änderungen, sobald sie kommen, das tut nur der Client auf der Befehlszeile; hier zeigt sie die Seite Kioske',
  clerks_unknown: () => 'dieser Kiosk hat von den anderen noch nicht gehört, ob es Verkäufer gibt; bitte noch einmal, sobald er verkauft',
  signed_out: () => 'an diesem Kiosk ist niemand angemeldet; bitte zuerst anmelden',
  locked: () => 'der Bildschirm ist gesperrt; bitte die PIN eingeben',
  not_permitted: (permission) => `${DOING[permission]} dürfen hier andere; jemanden von der Leitung um die PIN bitten`,
  may_not_allow: (clerk) => `auch ${clerk} darf das nicht erlauben; jemanden von der Leitung bitten`,
  clerk_gone: (clerk) => `die Person ${clerk} gibt es hier nicht mehr; die Leitung fragen`,
  wrong_pin: () => 'das ist nicht die PIN; noch einmal versuchen oder die Leitung um eine neue bitten',
  pin_wait: (seconds) => `zu viele falsche PINs; ${seconds} s warten, dann noch einmal`,
  not_committed: (sale) => `den Verkauf ${sale} gibt es hier nicht fest; gedruckt wird nur, was fest verkauft ist`,
  tickets_hidden: () => 'bitte anmelden, um Karten zu sehen',
  reprint_hidden: () => 'noch einmal drucken dürfen hier andere; jemanden von der Leitung anmelden lassen',
  sales_hidden: () => 'bitte anmelden, um Verkäufe zu suchen',
  reports_hidden: () => 'Berichte sehen hier andere; jemanden von der Leitung anmelden lassen',
  export_unwritable: (folder, code) => `nichts wurde gespeichert: ${folder} lässt sich nicht schreiben (${code}); dort Platz schaffen`,
  export_crowded: (names, folder) => `nichts wurde gespeichert: in ${folder} gibt es ${names} Dateien dieses Namens; dort aufräumen`,
  misunderstood: (detail) => `die Anfrage stimmt nicht; ${toldBySystem(detail)}`,
  foreign_page: () => 'nur die eigene Seite des Kiosks darf fragen; sie neu laden',
  unexpected: (detail) => `unerwarteter Fehler; ${toldBySystem(detail)}`,

  print_under_way: (sale) => `Karten des Verkaufs ${sale} sind schon auf dem Weg zum Drucker; auf sie warten`,
  receipt_under_way: (sale) => `der Beleg des Verkaufs ${sale} ist schon auf dem Weg zum Drucker; auf ihn warten`,
  print_gone: () => 'dieser Druck ist nicht mehr in der Schlange; den Verkauf ansehen',
  print_never_given: () => 'diese Karten kamen nie zu einem Drucker: bitte drucken',
  print_not_failed: () => 'dieser Druck ist nicht gescheitert: es gibt nichts noch einmal zu drucken',
  print_leaving: () => 'dieser Druck geht gerade zum Drucker; warten, bis er dort ist',
  print_undecided: () => 'bitte zuerst sagen, ob diese Karten gedruckt sind: Kopie drucken oder schon gedruckt',
  queue_unwritable: (folder, code) =>
    `die Druckschlange in ${folder} lässt sich nicht schreiben (${code}); Platz schaffen und noch einmal drucken`,
  spooler_silent: (detail) => `der Druckdienst antwortet nicht; ${toldBySystem(detail)}`,
  page_not_ready: (name) => `die Seite ${name} ließ sich nicht vorbereiten; noch einmal drucken`,

  file_failed: (work, file, code) =>
    `${FILE_WORK[work](file)} (${code}); ${REMEDIES[code] ?? 'die Festplatte prüfen und diesen Kiosk neu starten'}`,
  snapshot_damaged: (file) => `die Datei ${file} mit einem Stand ist beschädigt oder fehlt; diesen Kiosk mit --rejoin neu starten`,
  journal_miscounted: (file, held, read) =>
    `das Journal ${file} hat ${held} Einträge, die Datenbank liest aber ${read}; dieser Kiosk darf nicht mitstimmen`,
  too_old: (version) => `die Anlage benutzt jetzt Befehle der Version ${version}, die dieser Kiosk nicht kennt: ihn aktualisieren`,
  disk_forgot: (peer, heardRound, heardSlot, hadRound, hadSlot) =>
    `Kiosk ${peer} hat diesen Kiosk für Wahlgang ${heardRound} und Platz ${heardSlot} bürgen hören, seine Festplatte hatte Wahlgang ${hadRound} und Platz ${hadSlot}: sie hat Daten verloren, dieser Kiosk darf nicht mitstimmen`,
  start_again: (why, kiosk) =>
    `${saidDe(why)}; neu starten: er legt seine Daten beiseite, kommt neu dazu und stimmt wieder mit, sobald Kiosk ${kiosk} wieder zugelassen ist`,

  older_generation: (kiosk, generation, own) =>
    `nach einer Wiederherstellung geht es an Kiosk ${kiosk} mit Generation ${generation} der Anlage weiter, und nichts zählt, was Kiosk ${own} jetzt verkauft, also darf nur einer von beiden weitermachen: war die Wiederherstellung gewollt, alle Kioske der älteren Generation beenden, dann jeden mit --rejoin starten; wenn nicht, Kiosk ${kiosk} beenden und diesen hier neu starten`,

  founder_of_other_site: (kiosk) => `Kiosk ${kiosk} gehört zu einer anderen Anlage desselben Namens; allen dieselbe Anlagendatei geben`,
  founder_of_earlier_data: (kiosk) =>
    `Kiosk ${kiosk} hat mit einem früheren Datenordner dieses Kiosks unterschrieben: es ist noch nichts verkauft, also die Datenordner aller Gründer leeren und sie neu starten`,
  founder_with_other_events: (kiosk) =>
    `Kiosk ${kiosk} hat andere Veranstaltungen unterschrieben: beiden dieselbe Anlagendatei geben, die Datenordner aller Gründer leeren und sie neu starten (es ist noch nichts verkauft)`,
  founder_with_other_list: (kiosk) =>
    `Kiosk ${kiosk} hat eine andere Liste der Gründer unterschrieben: allen dieselbe Anlagendatei geben, die Datenordner aller Gründer leeren und sie neu starten (es ist noch nichts verkauft)`,

  no_provisioning_file: () =>
    'das ist keine Einrichtungsdatei: bitte die Datei wählen, die für diesen Kiosk erstellt wurde; ihr Name endet auf .provision',
  wrong_code: (kiosk) =>
    `der Code öffnet die Datei für Kiosk ${kiosk} nicht: den Code dieses Kiosks eingeben oder, falls sie verändert wurde, die Datei neu holen`,
  file_of_other_version: () =>
    'diese Einrichtungsdatei ist von einer anderen Version des Programms: dort neu erstellen, wo die Anlage erstellt wurde',
  file_contradicts_itself: () => 'diese Einrichtungsdatei widerspricht sich: dort neu erstellen, wo die Anlage erstellt wurde',
  file_unusable: (detail) =>
    `diese Einrichtungsdatei lässt sich hier nicht verwenden: die Uhr dieses Geräts prüfen, sonst die Datei dort neu erstellen, wo die Anlage erstellt wurde; ${toldBySystem(detail)}`,
  site_in_the_way: (site, folder, uid) =>
    `in ${folder} liegt eine andere Anlage namens ${site} (uid ${uid}): diesen Ordner zuerst verschieben`,
  packed_for_other_site: (site, own) =>
    `diese Datei ist für die Anlage ${site}, und dieses Programm wurde für ${own} gepackt: die Datei dieses Kiosks holen`,
  file_first: () => 'bitte zuerst die Einrichtungsdatei öffnen',
  page_not_taken: (printer, detail) =>
    `der Drucker ${printer} hat die Seite nicht angenommen${detail === '' ? '' : `: ${typeof detail === 'string' ? toldBySystem(detail) : saidDe(detail)}`}`,
};

export function saidDe({ code, values }: { readonly code: SaidCode; readonly values: readonly unknown[] }): string {
  return (GERMAN[code] as (...values: readonly unknown[]) => string)(...values);
}
