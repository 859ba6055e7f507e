import type { AppliedReason } from '../../shared/answers';
import type { NotSelling } from '../../shared/service';
import { MAX_ITEMS_PER_BUY, MAX_TICKETS_PER_BUY } from '../../shared/values';
import type { Obstacle } from '../logic/sellCheck';
import type { Messages } from '.';
import type { RefusalOnScreen } from './en';
import { officeDe } from './office.de';

const tickets = (n: number) => `${n} ${n === 1 ? 'Karte' : 'Karten'}`;

const obstacles: Readonly<Record<Obstacle, string>> = {
  selling: 'Einen Moment: der letzte Verkauf wird abgestimmt',
  checking: 'Der letzte Verkauf ist noch ungewiss',
  waiting: 'Jetzt kein Verkauf: wartet auf eine Mehrheit',
  cut_off: 'Jetzt kein Verkauf: abgeschnitten',
  removed: 'Kein Verkauf: aus der Anlage entfernt',
  faulty: 'Kein Verkauf: dieser Kiosk hat angehalten',
  sold_out: 'Diese Veranstaltung ist ausverkauft',
  closed: 'Diese Veranstaltung ist geschlossen',
  no_quantity: 'Anzahl wählen',
  no_shift: 'Zum Verkaufen eine Schicht öffnen',
  not_permitted: 'Du darfst nicht verkaufen',
  short_cash: 'Es wurde weniger gegeben als die Summe',
  too_many: `Höchstens ${MAX_TICKETS_PER_BUY} in einem Verkauf`,
  not_for_sale: 'Eine Kategorie im Warenkorb wird nicht mehr verkauft',
  too_many_lines: `Höchstens ${MAX_ITEMS_PER_BUY} Zeilen in einem Verkauf`,
};

const reasons: Readonly<Record<AppliedReason, string>> = {
  sold_out: 'ausverkauft',
  not_enough: 'nicht genug übrig',
  closed: 'Veranstaltung geschlossen',
  cancelled: 'aufgegeben',
  withdrawn: 'zurückgenommen',
  printed: 'schon gedruckt',
  unknown_sale: 'unbekannter Verkauf',
  already_void: 'schon storniert',
  expired: 'kam zu spät',
  id_reused: 'Kennung schon anders benutzt',
  unknown_event: 'unbekannte Veranstaltung',
  unknown_category: 'unbekannte Kategorie',
  change_pending: 'eine andere Änderung lief noch',
  unknown_kiosk: 'unbekannter Kiosk',
  not_allowed: 'nicht erlaubt',
  not_paid: 'nicht bezahlt',
  price_changed: 'Preise geändert',
  no_shift: 'keine offene Schicht',
  already_used: 'schon benutzt',
  unknown_clerk: 'unbekannte Person',
};

const age = (seconds: number) => (seconds < 120 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`);

function why(cause: NotSelling, kiosk: number): string {
  switch (cause.kind) {
    case 'problem':
      return cause.text;
    case 'connecting':
      return 'wartet, bis sich ein Kiosk der Anlage meldet';
    case 'disagreement':
      return cause.text;
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

function changeWords(change: string): string {
  const [kind, kiosk = '', where = ''] = change.split(' ');
  switch (kind) {
    case 'add':
      return `Kiosk ${kiosk} aufnehmen`;
    case 'remove':
      return `Kiosk ${kiosk} entfernen`;
    case 'readmit':
      return `Kiosk ${kiosk} wieder zulassen`;
    case 'leader':
      return `Kiosk ${kiosk} zum Leiter machen`;
    case 'address':
      return `Kiosk ${kiosk} zieht um nach ${where}`;
    default:
      return `Änderung ${change}`;
  }
}

function refusal({ reason, message, remaining }: RefusalOnScreen): string {
  switch (reason) {
    case 'sold_out':
      return 'diese Veranstaltung ist ausverkauft';
    case 'not_enough':
      return remaining === undefined ? 'so viele sind nicht mehr übrig' : `so viele sind nicht mehr übrig, nur noch ${remaining}`;
    case 'closed':
      return 'diese Veranstaltung ist geschlossen';
    case 'cancelled':
      return 'das wurde aufgegeben; dadurch ist nichts verkauft und wird nichts verkauft';
    case 'withdrawn':
      return 'das wurde zurückgenommen';
    case 'printed':
      return 'die Karten sind schon gedruckt: den Verkauf stattdessen stornieren';
    case 'unknown_sale':
      return 'diesen Verkauf gibt es nicht';
    case 'already_void':
      return 'dieser Verkauf ist schon storniert';
    case 'expired':
      return 'die Anfrage kam zu spät; noch einmal neu beginnen';
    case 'id_reused':
      return 'diese Kennung wurde schon für etwas anderes benutzt; noch einmal neu beginnen';
    case 'unknown_event':
      return 'diese Veranstaltung gibt es nicht';
    case 'unknown_category':
      return 'diese Kategorie gibt es nicht';
    case 'change_pending':
      return 'eine andere Änderung läuft noch; ihr Ende abwarten';
    case 'unknown_kiosk':
      return 'diesen Kiosk gibt es in der Anlage nicht';
    case 'not_allowed':
      return 'das ist nicht erlaubt';
    case 'not_paid':
      return 'das Geld reicht nicht, oder die Zahlart passt nicht zum Betrag';
    case 'price_changed':
      return 'die Preise haben sich geändert; den neuen Betrag nennen und noch einmal verkaufen';
    case 'no_shift':
      return 'keine Schicht ist offen; die Kasse zählen und eine öffnen';
    case 'already_used':
      return 'mit dieser Karte ist schon jemand eingelassen worden';
    case 'unknown_clerk':
      return 'diese Person gibt es hier nicht';
    case 'bad_code':
      return 'das ist kein Code einer Karte dieser Anlage';
    case 'signed_out':
      return 'hier ist niemand angemeldet, oder der Bildschirm ist gesperrt';
    case 'not_permitted':
      return 'das dürfen hier andere; jemanden von der Leitung um die PIN bitten';
    case 'wrong_pin':
      return 'die PIN stimmt nicht';
    case 'no_majority':
      return 'nichts ist geschehen: dieser Kiosk erreicht keine Mehrheit';
    case 'timeout':
      return 'noch ungewiss: es kann noch ausgeführt werden; noch einmal fragen';
    case 'unreachable':
      return 'der Kiosk antwortet nicht';
    case 'faulty':
    case 'bad_request':
      return message;
  }
}

/** Every text of `en.ts`, in German. */
export const de: Messages = {
  locale: 'de-DE',
  ...officeDe,
  nav: {
    sell: 'Verkauf',
    sales: 'Verkäufe',
    print: 'Drucken',
    door: 'Einlass',
    shift: 'Schicht',
    reports: 'Berichte',
    events: 'Programm',
    clerks: 'Personen',
    kiosks: 'Kioske',
    log: 'Protokoll',
    console: 'Konsole',
    label: 'Seiten',
  },
  header: { kiosk: (id) => `Kiosk ${id}` },
  theme: { label: 'Darstellung', system: 'System', light: 'Hell', dark: 'Dunkel', contrast: 'Hoher Kontrast' },
  settings: {
    title: 'Sprache und Darstellung',
    open: 'Sprache und Darstellung',
    close: 'Fertig',
    lock: 'Bildschirm sperren, wenn ihn niemand berührt',
    minutes: (n) => (n === 0 ? 'Nie' : `${n} min`),
  },
  language: { label: 'Sprache', en: 'English', de: 'Deutsch' },
  majority: {
    selling: 'Verkauft',
    waiting: 'Wartet auf Mehrheit',
    cut_off: 'Abgeschnitten',
    removed: 'Entfernt',
    notMember: 'nicht mehr Teil der Anlage',
    faulty: 'Angehalten',
    startAgain: 'diesen Kiosk neu starten',
    reached: (n, m) => `${n} von ${m} Kiosken`,
    leader: (id) => `Kiosk ${id} leitet`,
    noLeader: 'kein Leiter',
  },
  sell: {
    title: 'Karten verkaufen',
    events: 'Veranstaltungen',
    left: (n, capacity) => `${n} von ${capacity} übrig`,
    low: (n) => `Nur noch ${n} übrig`,
    soldOut: 'Ausverkauft',
    closed: 'Geschlossen',
    open: 'Ohne Termin',
    price: 'Preis',
    free: 'Frei',
    quantity: 'Wie viele',
    range: (max) => `1 bis ${max}`,
    none: '–',
    keypad: 'Ziffern',
    quick: 'Schnelltasten',
    erase: 'Löschen',
    order: (n, category) => `${n} × ${category}`,
    orderNone: 'Nichts gewählt',
    total: 'Summe',
    sell: 'Verkaufen',
    obstacles,
    onlyLeft: (n) => `Nur noch ${n} für diese Veranstaltung`,
    noEvents: 'Noch keine Veranstaltungen',
    noEventsHint: 'Sie erscheinen, sobald die Anlage eröffnet ist.',
  },
  cart: {
    title: 'Warenkorb',
    clear: 'Leeren',
    remove: (line) => `${line} herausnehmen`,
    gone: 'nicht im Verkauf',
    count: (n) => tickets(n),
  },
  result: {
    title: 'Letzter Verkauf',
    none: 'Bereit für den nächsten Verkauf',
    noneHint: 'Veranstaltung und Anzahl wählen, dann Verkaufen drücken.',
    notNow: 'Jetzt kein Verkauf',
    notNowHint: 'Warum, und was zu tun ist, steht oben.',
    selling: 'Wird verkauft …',
    sellingHint: 'Die Kioske stimmen diesen Verkauf ab.',
    sold: 'Verkauft',
    ticket: (numbers) => `Karte ${numbers}`,
    tickets: (numbers) => `Karten ${numbers}`,
    sale: (id) => `Verkauf ${id}`,
    print: 'Karten drucken',
    refused: 'Nicht verkauft',
    offer: (left) => `Nur noch ${left} übrig. ${left} verkaufen?`,
    offerSeveral: (n) => `Es sind weniger übrig. ${n} verkaufen?`,
    checking: 'Wird geprüft',
    checkingText: 'Es ist noch ungewiss, ob diese Karten verkauft sind. Der Kiosk fragt weiter, bis er es weiß. Vorher nichts aushändigen.',
    giveUp: 'Diesen Verkauf aufgeben',
    givingUp: 'Wird aufgegeben',
    givingUpText:
      'Es ist festgehalten, dass dieser Verkauf aufgegeben ist. Bis die anderen Kioske antworten, kann er noch als verkauft gelten.',
    givenUpText: 'Dieser Verkauf wurde aufgegeben: durch ihn ist nichts verkauft und wird nichts verkauft.',
    request: (id) => `Anfrage ${id}`,
    dismiss: 'OK',
    change: 'Bestellung ändern',
    changeDue: 'Rückgeld',
  },
  open: {
    title: 'Offene Verkäufe',
    strip: 'Verkäufe, die nicht abgeschlossen sind',
    checking: (n) => (n === 1 ? '1 Verkauf wird geprüft' : `${n} Verkäufe werden geprüft`),
    answered: (n) => (n === 1 ? '1 Verkauf ist geklärt' : `${n} Verkäufe sind geklärt`),
    unprinted: (n) => (n === 1 ? '1 Verkauf ist nicht gedruckt' : `${n} Verkäufe sind nicht gedruckt`),
    elsewhere: (n) =>
      n === 1 ? '1 Verkauf eines fehlenden Kiosks ist nicht gedruckt' : `${n} Verkäufe fehlender Kioske sind nicht gedruckt`,
    elsewhereTitle: 'An fehlenden Kiosken verkauft und nicht gedruckt',
    look: 'Ansehen',
    close: 'Schließen',
    none: 'Alles erledigt: kein Verkauf ist offen, und alle Karten sind gedruckt.',
    askedTitle: 'Angefragt und nicht sofort beantwortet',
    unprintedTitle: 'Verkauft und noch nicht gedruckt',
    states: {
      checking: 'Wird geprüft',
      giving_up: 'Wird aufgegeben',
      sold: 'Verkauft',
      voided: 'Storniert',
      not_sold: 'Nicht verkauft',
      not_given_up: 'Nicht aufgegeben',
    },
    checkingText:
      'Es ist noch ungewiss, ob das verkauft ist. Noch einmal senden, um zu fragen, oder aufgeben. Es wird nie doppelt verkauft.',
    givingUpText: 'Das läuft von selbst weiter. Bis die anderen Kioske antworten, kann es noch als verkauft gelten.',
    voidedText: (id) => `Es war als Verkauf ${id} verkauft und ist seitdem storniert. Die Karten sind wieder frei.`,
    unknown: 'Karten einer früheren Anfrage',
    unfinished: 'Der Druck wurde nicht fertig. Noch einmal gedruckt, sind diese Karten als Kopien gekennzeichnet.',
    sentAgain: 'Noch einmal gefragt …',
    sendAgain: 'Noch einmal senden',
    giveUp: 'Aufgeben',
    print: 'Drucken',
    seen: 'OK',
    sale: (id, numbers, n) => `Verkauf ${id} · ${n === 1 ? 'Karte' : 'Karten'} ${numbers}`,
    printSale: (id) => `Verkauf ${id} drucken`,
    what: (lines) => lines.join(' + '),
    line: (n, event, category) => `${n} × ${event}, ${category}`,
  },
  print: {
    title: 'Karten drucken',
    sale: (id, n) => `Verkauf ${id} · ${tickets(n)}`,
    preview: (number) => `Karte ${number}`,
    choose: (number, chosen) => `Karte ${number}: ${chosen ? 'gewählt' : 'ausgelassen'}`,
    onPaper: 'Gedruckt',
    previews: 'Vorschau der Karten',
    printer: 'Drucker',
    paper: 'Papier',
    papers: { ticket: 'Karten', a4: 'A4' },
    folder: 'PDF in einen Ordner',
    print: 'Drucken',
    printNumber: (n) => `${n} drucken`,
    receipt: 'Beleg',
    receiptCopy: (n) => `Beleg, Kopie ${n}`,
    printing: 'Druckt …',
    again: 'Kopien drucken',
    copies: (n) => `Diese Karten wurden schon gedruckt: sie werden mit KOPIE ${n} gekennzeichnet.`,
    someCopies: 'Einige dieser Karten wurden schon gedruckt: sie werden als Kopien gekennzeichnet.',
    later: 'Später',
    done: 'Fertig',
    file: (path) => `Gespeichert als ${path}`,
    sent: (printer, n) => `${tickets(n)} von ${printer} gedruckt`,
    receiptDone: 'Der Beleg ist gedruckt',
    lookAtPaper: (n, printer) => `An ${printer}: ${tickets(n)}. Alles herausgekommen? Das System sagt es nicht.`,
    receiptLook: (printer) => `Der Beleg ist bei ${printer}. Herausgekommen? Das System sagt es nicht.`,
    allPrinted: 'Alles gedruckt',
    progress: (done, of, printer) => `${done} von ${of} gedruckt, Drucker ${printer}`,
    loading: 'Karten werden geladen …',
    noTickets: 'Es gibt noch nichts zu drucken.',
    screen: 'Drucken',
    printers: 'Drucker',
    asks: 'Wartet auf Sie',
    underWay: 'Unterwegs',
    elsewhere: 'An anderen Kiosken verkauft und noch nicht gedruckt',
    finished: 'Zuletzt gedruckt',
    none: 'Nichts wird gedruckt, und nichts wartet auf Sie.',
    jobTickets: (numbers, n) => `${n === 1 ? 'Karte' : 'Karten'} ${numbers}`,
    jobReceipt: 'Beleg',
    of: (sale, printer) => `Verkauf ${sale} · ${printer}`,
    copy: (n) => `KOPIE ${n}`,
    saleOf: (sale, kiosk) => `Verkauf ${sale} von Kiosk ${kiosk}`,
    away: 'Dieser Kiosk ist nicht erreichbar',
    states: {
      queued: 'Wartet',
      rendering: 'Wird erstellt',
      submitted: 'Beim Drucker',
      printing: 'Druckt',
      done: 'Gedruckt',
      failed: 'Nicht gedruckt',
      unknown: 'Gedruckt oder nicht?',
    },
    reasons: {
      refused: (detail) => `Das Protokoll lässt es nicht zu: ${detail}.`,
      no_majority: () => 'Es wartet, bis eine Mehrheit der Kioske erreicht wird; gedruckt wurde nichts.',
      not_rendered: (detail) => `Die Seite konnte nicht erstellt werden: ${detail}.`,
      not_written: (detail) =>
        `Die PDF-Datei konnte nicht geschrieben werden: ${detail}. Schaffen Sie dort Platz oder wählen Sie einen Drucker, und drucken Sie noch einmal.`,
      not_taken: (detail) =>
        `Der Drucker hat es nicht angenommen: ${detail}. Wählen Sie einen anderen Drucker oder den Ordner, und drucken Sie noch einmal.`,
      cancelled: () => 'Es wurde abgebrochen. Sehen Sie nach, ob das Papier herauskam.',
      aborted: (detail) => `Der Drucker hat aufgegeben${detail === '' ? '' : ` (${detail})`}. Sehen Sie nach, ob das Papier herauskam.`,
      restarted: () => 'Dieser Kiosk hielt an, bevor die Seite zum Drucker ging. Drucken Sie noch einmal.',
      vanished: () => 'Der Drucker kennt diese Seite nicht mehr. Sehen Sie nach, ob das Papier herauskam, und sagen Sie es hier.',
      not_told: () => 'Es ging an den Drucker, mehr sagt dieses System nicht. Nachsehen, ob das Papier herauskam, und es hier sagen.',
    },
    printerStates: {
      ready: 'Bereit',
      untold: 'Keine Auskunft',
      out_of_paper: 'Kein Papier',
      stopped: 'Angehalten',
      unreachable: 'Nicht erreichbar',
      none: 'Kein Drucker',
    },
    remedies: {
      ready: 'Nimmt die nächste Karte.',
      untold: 'Nimmt Seiten an. Dieses System sagt nicht, was aus ihnen wird: aufs Papier schauen und es hier sagen.',
      out_of_paper: 'Legen Sie Papier ein: es druckt dann von selbst weiter.',
      stopped: 'Sehen Sie nach dem Drucker und geben Sie seine Warteschlange frei; oder wählen Sie einen anderen Drucker.',
      unreachable: 'Prüfen Sie, ob er eingeschaltet und verbunden ist; oder wählen Sie einen anderen Drucker.',
      none: 'Dieser Drucker ist nicht mehr eingerichtet: wählen Sie einen anderen.',
    },
    folderHint: 'Immer da: jeder Verkauf wird eine PDF-Datei.',
    use: 'Hier drucken',
    used: 'Druckt hier',
    printCopy: 'Kopie drucken',
    printAgain: 'Noch einmal drucken',
    alreadyPrinted: 'Schon gedruckt',
    drop: 'Herausnehmen',
    cancelJob: 'Abbrechen',
    void: 'Stornieren',
    voidReason: 'nicht gedruckt',
  },
  log: {
    title: 'Protokoll',
    state: 'Stand der Anlage',
    newest: 'Neueste',
    oldest: 'Älteste',
    jump: 'Zu Platz',
    go: 'Los',
    filter: 'Veranstaltung',
    allEvents: 'Alle Veranstaltungen',
    empty: 'Noch nichts im Protokoll',
    emptyFilter: 'Für diese Veranstaltung steht nichts im Protokoll',
    searching: (slot) => `Sucht … gelesen bis Platz ${slot}`,
    members: (ids) => `Mitglieder ${ids || 'keine'}`,
    leader: (id) => (id === null ? 'Kein Leiter' : `Leiter ${id}`),
    applied: (slot) => `Angewendet ${slot}`,
    left: (name, left, capacity) => `${name}: ${left} von ${capacity} übrig`,
    columns: { slot: 'Platz', ballot: 'Wahl', kiosk: 'Kiosk', what: 'Was geschah' },
    kiosk: (id) => `Kiosk ${id}`,
    print: (sale) => `Verkauf ${sale} drucken`,
    details: (slot, n) => `Alle ${n} Befehle auf Platz ${slot}`,
    detailsShort: (n) => `Alle ${n}`,
    detailsTitle: (slot) => `Platz ${slot}`,
    close: 'Schließen',
    founding: (members, events) => `Anlage eröffnet von Kiosken ${members} mit ${events}`,
    noOp: 'Leer: füllt einen Platz',
    configuration: (change, members, from) => `${change}: Mitglieder ${members}, in Kraft ab Platz ${from}`,
    recovery: (generation, members) =>
      `Neubeginn: Generation ${generation} der Anlage beginnt mit Kiosk ${members} allein; was andere ohne ihn verkauft haben, zählt nicht`,
    version: (version) => `Alle Kioske verstehen Befehle der Version ${version}`,
    buy: (what) => `Kauf ${what}`,
    cancel: (request) => `${request} aufgeben`,
    void: (sale, reason) => `Verkauf ${sale} stornieren${reason === undefined ? '' : ` (${reason})`}`,
    printing: (n, sale) => `${tickets(n)} von Verkauf ${sale} drucken`,
    printingReceipt: (sale) => `Beleg von Verkauf ${sale} drucken`,
    confirming: (n, sale) => `${tickets(n)} von Verkauf ${sale} gedruckt`,
    approved: (clerk) => `erlaubt von ${clerk}`,
    neverSold: 'nie verkauft',
    undone: (sale, back) => `Verkauf ${sale} rückgängig${back}`,
    voided: (back) => `erledigt${back}`,
    back: (numbers, n) => `, ${n === 1 ? 'Karte' : 'Karten'} ${numbers} wieder frei`,
    original: 'Original',
    originals: 'Originale',
    copies: (n, of) => (n === of ? 'Kopien' : `${of - n} Originale, ${n} Kopien`),
    change: changeWords,
    admit: (number, event, sale) => `Einlass: Karte ${number} von ${event}, Verkauf ${sale}`,
    event: (what) => `Veranstaltung: ${what}`,
    clerk: (what) => `Person: ${what}`,
    shift: (what) => `Schicht: ${what}`,
    confirmed: 'Bestätigt',
    unconfirmed: (seconds) => `Zuletzt bekannt, nicht bestätigt, ${age(seconds)} alt`,
    soldAs: (sale, numbers, n) => `Verkauf ${sale}, ${n === 1 ? 'Karte' : 'Karten'} ${numbers}`,
    refused: (reason) => `abgelehnt: ${reason === undefined ? 'nicht getan' : reasons[reason]}`,
    ok: 'erledigt',
    duplicate: 'Wiederholung einer früheren Anfrage',
    more: (n) => `und ${n} weitere`,
    loading: '…',
    failed: 'Das Protokoll konnte nicht gelesen werden',
    retry: 'Noch einmal',
  },
  kiosks: {
    title: 'Kioske dieser Anlage',
    self: 'dieser Kiosk',
    leads: 'leitet',
    linked: 'Verbunden',
    notLinked: 'Nicht verbunden',
    standing: {
      member: 'Mitglied',
      joining: 'Tritt bei',
      learner: 'Lernt, ohne Stimme',
      lost: 'Daten verloren, ohne Stimme',
      removed: 'Entfernt',
      none: 'Kein Mitglied',
    },
    lag: (n) => (n === 0 ? 'auf dem neuesten Stand' : `${n} ${n === 1 ? 'Platz' : 'Plätze'} zurück`),
    heard: (seconds) => (seconds === 0 ? 'eben gehört' : `vor ${seconds} s gehört`),
    never: 'nicht gehört',
    add: 'Kiosk aufnehmen',
    addThis: (id) => `Kiosk ${id} aufnehmen`,
    addOther: 'Anderen Kiosk aufnehmen',
    id: 'Kiosknummer (1 bis 255)',
    address: 'Adresse host:port, wenn sie nicht in der Anlagendatei steht',
    remove: 'Entfernen',
    removeThis: (id) => `Kiosk ${id} entfernen`,
    removeTitle: (id) => `Kiosk ${id} aus der Anlage entfernen?`,
    removeText: 'Er verkauft dann nicht mehr, und seine Stimme zählt nicht mehr. Ist das erledigt, kann er ausgeschaltet werden.',
    cancel: 'Abbrechen',
    readmit: 'Wieder zulassen',
    readmitThis: (id) => `Kiosk ${id} wieder zulassen`,
    lead: 'Zum Leiter machen',
    leadThis: (id) => `Kiosk ${id} zum Leiter machen`,
    generation: (n) => `Generation ${n} der Anlage`,
    working: {
      add: (id) => `Kiosk ${id} wird aufgenommen`,
      remove: (id) => `Kiosk ${id} wird entfernt`,
      readmit: (id) => `Kiosk ${id} wird wieder zugelassen`,
      leader: (id) => `Die Leitung geht an Kiosk ${id}`,
      address: (id) => `Kiosk ${id} zieht um`,
    },
    history: (n) => `Die anderen holen zuerst die ganze Geschichte: ${n} %`,
    steps: { contacting: 'Verbindet', catching_up: 'Holt auf', voting: 'Abstimmung', member: 'Mitglied' },
    percent: (n) => `${n} %`,
    takeBack: 'Zurücknehmen',
    takingBack: 'Wird zurückgenommen …',
    takenBack: (id) => `Zurückgenommen. Kiosk ${id} bleibt, was er war`,
    underWay: 'Eine Änderung, die an diesem Kiosk früher verlangt wurde, läuft noch.',
    done: {
      add: (id, members) => `Kiosk ${id} ist Mitglied. Mitglieder jetzt: ${members}`,
      remove: (id, members) => `Kiosk ${id} ist kein Mitglied mehr. Mitglieder jetzt: ${members}`,
      readmit: (id, members) => `Kiosk ${id} stimmt wieder mit. Mitglieder jetzt: ${members}`,
      leader: (id) => `Kiosk ${id} leitet jetzt`,
      address: (id) => `Kiosk ${id} ist ab jetzt unter der neuen Adresse zu finden`,
    },
    blockedMajority: 'Mitglieder lassen sich ändern, sobald wieder eine Mehrheit erreicht ist.',
    blockedWorking: 'Eine Änderung nach der anderen: bitte das Ende dieser abwarten.',
  },
  console: {
    title: 'Konsole',
    prompt: 'Befehl',
    run: 'Ausführen',
    running: '…',
    hint: 'Dieselben Befehle und Antworten wie in der Kommandozeile, auf Englisch. help zeigt eine Liste; Pfeil nach oben holt frühere zurück.',
  },
  why,
  refusal,
  assistant: {
    title: 'Diese Kasse einrichten',
    welcome: 'Dieses Gerät wird eine Kasse Ihres Standorts. Sie brauchen die Datei, die für sie erstellt wurde, und deren Code.',
    packedFor: (place: string) => `Dieses Programm ist für ${place}.`,
    steps: { file: 'Datei', code: 'Code', options: 'Auswahl' },
    stepOf: (step: number, steps: number, name: string) => `Schritt ${step} von ${steps}: ${name}`,
    fileTitle: 'Welche Kasse ist das?',
    drop: 'Stecken Sie den Stick ein, oder ziehen Sie die Datei dieser Kasse hierher. Ihr Name endet auf .provision.',
    found: 'Auf einem Stick gefunden',
    choose: 'Datei wählen …',
    paste: 'Oder den Text der Datei einfügen',
    kiosk: (id: number, name: string) => `Kasse ${id}, ${name}`,
    ofSite: (site: string) => `Standort ${site}`,
    codeTitle: (id: number, name: string) => `Der Code von Kasse ${id}, ${name}`,
    code: 'Code',
    codeHint: 'Vier Gruppen zu fünf Buchstaben und Ziffern. Er kam getrennt von der Datei.',
    open: 'Öffnen',
    opening: 'Wird geöffnet …',
    back: 'Zurück',
    optionsTitle: (id: number, name: string, place: string) => `Das ist Kasse ${id}, ${name}, von ${place}`,
    printer: 'Karten druckt',
    folder: 'PDF in einen Ordner',
    testPrint: 'Testseite drucken',
    printing: 'Wird gesendet …',
    tested: 'Die Testseite ist auf dem Weg zum Drucker.',
    kioskMode: 'Vollbild mit gesperrten Tasten; eine Leitung beendet es mit PIN',
    startAtLogin: 'Starten, wenn das Gerät eingeschaltet und angemeldet ist',
    finish: 'Verkauf beginnen',
    finishing: 'Startet …',
  },
  state: {
    loading: 'Startet …',
    loadingList: 'Einen Moment …',
    loadError: 'Der Kiosk antwortet noch nicht',
    problem: 'Dieser Kiosk hat angehalten',
    founding: 'Die Anlage ist noch nicht eröffnet',
    learner: 'Dieser Kiosk ist noch kein Mitglied',
    removed: 'Dieser Kiosk wurde aus der Anlage entfernt',
    estranged: 'Dieser Kiosk hat seine Daten verloren',
    estrangedText: 'Er folgt der Anlage und darf verkaufen, aber seine Stimme zählt erst, wenn er wieder zugelassen ist.',
    lost: (id) => `Kiosk ${id} hat seine Daten verloren`,
    certificate: {
      soon: (day) => `Das Zertifikat dieses Kiosks endet am ${day}`,
      expired: (day) => `Das Zertifikat dieses Kiosks ist am ${day} abgelaufen`,
    },
    certificateText:
      'Danach verbindet sich kein anderer Kiosk mehr mit ihm. Bitte dem Betreiber sagen: ein neues macht npm run site -- renew.',
    lostText: 'Er ist mit leerem Gedächtnis zurück, und seine Stimme zählt erst, wenn er wieder zugelassen ist.',
    lastKnown: (seconds) => `Was hier steht, ist zuletzt bekannt, nicht bestätigt, ${age(seconds)} alt.`,
    noBridge: 'Diese Seite gehört in ein Kioskfenster. Den Kiosk mit npm start oder npm run kiosk starten.',
    crashed: 'Diese Anzeige ist abgestürzt. Der Kiosk selbst läuft weiter, und kein Verkauf ist verloren.',
    reload: 'Anzeige neu laden',
  },
};
