import { randomInt } from 'node:crypto';
import path from 'node:path';
import type { KioskId, Slot } from '../../shared/ballot';
import { COMMANDS_VERSION, PROTOCOL_VERSION } from '../../shared/constants';
import type { Desk } from '../../shared/desk';
import type { Hello } from '../../shared/messages';
import type { ChosenPrinter } from '../../shared/printing';
import { englishOf, type Said, saidOf, told } from '../../shared/said';
import type { KioskService, KioskView } from '../../shared/service';
import type { Command, HeldBack } from '../../shared/values';
import { APP_VERSION } from '../../shared/version';
import { type Endpoint, startEndpoint } from '../client/endpoint';
import type { Mesh } from '../mesh';
import type { TicketKey } from '../signing/code';
import { dataFolder } from '../site/folders';
import { type Bundle, findKiosk, type Loaded, loadBundle, loadSite } from '../site/load';
import { loadTicketKey, ticketKeyFiles } from '../site/ticketKeys';
import { Store } from '../storage';
import { Addresses } from './addresses';
import { ChosenPrinters } from './chosenPrinters';
import { ClerkDesk } from './clerkDesk';
import { readCode } from './codes';
import { Credentials } from './credentials';
import { Driver, type DriverConfig } from './driver';
import { FATAL_STATUS } from './failStop';
import { Historian } from './historian';
import { History } from './history';
import { Hours } from './hours';
import { Meter } from './meter';
import { type Metrics, startMetrics } from './metrics';
import type { MetricsAddress } from './metricsAddress';
import type { Nearby } from './nearby';
import { Office } from './office';
import { Reads } from './reads';
import { SalesLedger } from './salesLedger';
import { type PrintPort, Service } from './service';
import { Sessions } from './sessions';
import {
  BATCHES_IN_FLIGHT,
  CONFIRM_MS,
  EXIT_MS,
  HAND_OVER_MS,
  KEPT_SLOTS,
  NEARBY_AFTER_MS,
  NO_MAJORITY_MS,
  REVIEW_MS,
  STARTING_MS,
  UPKEEP_MS,
} from './timing';
import { turnedAway } from './turnedAway';
import { viewOf } from './view';
import { ViewFeed } from './viewFeed';
import { Watched } from './watched';

/** Each process counts its heartbeat rounds from a random multiple of what it can use up in years. */
const ROUNDS_PER_PROCESS = 2 ** 32;
const FIRST_ROUND_MAX = 2 ** 20;

export interface KioskOptions {
  readonly kiosk: KioskId;
  /** Path of site.json; the kiosk's bundle is looked for beside it. */
  readonly sitePath: string;
  /** Data folder; null for the default one. */
  readonly dataPath: string | null;
  /** Deliberate: put the data aside, and join as a new kiosk (rule 8). */
  readonly rejoin: boolean;
  readonly log: (line: string) => void;
  /** Where metrics are served; null for nowhere. */
  readonly metrics: MetricsAddress | null;
  /** The data folder is this process's own from here on: a log may be kept in it. */
  readonly onFolder: (folder: string) => void;
  /** There is a kiosk that can be looked at, and that is linked with nobody yet; it may still refuse to start. */
  readonly onMade?: (kiosk: Pick<RunningKiosk, 'service' | 'dataFolder'>) => void;
}

export interface RunningKiosk {
  readonly service: KioskService;
  /** What the window offers to its clerks. */
  readonly desk: Desk;
  readonly ready: { readonly kiosk: KioskId; readonly pid: number; readonly port: number };
  readonly dataFolder: string;
  readonly site: { readonly uid: string; readonly place: string; readonly currency: string; readonly timeZone: string };
  /** For signing and checking tickets, or why there is none; another one once new keys lie in their place. */
  readonly ticketKey: Loaded<TicketKey>;
  /** Settles with the exit status when the kiosk has left, or must end at once (70). */
  readonly stopped: Promise<number>;
  /** A window is here, with a print queue. */
  printWith(port: PrintPort): void;
  /** Where its window prints, and how that printer is: the other kiosks are told. */
  tellPrinter(printer: ChosenPrinter): void;
  /** This machine is about to sleep, or slept: leadership counts as lost (S29). */
  slept(): void;
  /** What has to end before the kiosk leaves in order: pages on their way are claimed through the log. */
  leaveAfter(work: () => Promise<void>): void;
  /** Hands leadership over and leaves in order. */
  stop(): Promise<void>;
}

export type Started = { readonly ok: true; readonly kiosk: RunningKiosk } | { readonly ok: false; readonly sentence: string };

/** Starts one kiosk: site file, certificates, journal, mesh, replica and local endpoint. A refusal is one sentence for the operator. */
export async function startKiosk(options: KioskOptions): Promise<Started> {
  const site = await loadSite(options.sitePath);
  if (!site.ok) return site;
  const self = findKiosk(site.value, options.sitePath, options.kiosk);
  if (!self.ok) return self;
  const siteFolder = path.dirname(options.sitePath);
  const [bundle, ticketKey] = await Promise.all([
    loadBundle(siteFolder, options.kiosk, site.value.uid),
    loadTicketKey(siteFolder, options.kiosk, site.value.uid),
  ]);
  if (!bundle.ok) return bundle;
  const folder = options.dataPath ?? dataFolder(site.value.site, options.kiosk);
  if (!ticketKey.ok) options.log(`no tickets can be printed here: ${ticketKey.sentence}`);
  let store: Store | null = null;
  try {
    // Its code is as large as all the rest: loaded while the disk is waited for.
    const mesh = import('../mesh');
    store = await Store.open({ folder, kiosk: options.kiosk, uid: site.value.uid, rejoin: options.rejoin });
    options.onFolder(folder);
    for (const note of store.notes) options.log(note);
    const kiosk = new Kiosk(options, site.value, self.value, folder, store, bundle.value, ticketKey);
    options.onMade?.(kiosk);
    await kiosk.open((await mesh).Mesh);
    options.log(
      `kiosk ${options.kiosk} of site ${site.value.site} runs: version ${APP_VERSION}, incarnation ${store.incarnation}, port ${kiosk.ready.port}, process ${process.pid}`,
    );
    return { ok: true, kiosk };
  } catch (error) {
    await store?.close();
    return { ok: false, sentence: (error as Error).message };
  }
}

type Site = Extract<Awaited<ReturnType<typeof loadSite>>, { ok: true }>['value'];

/** The composition of one kiosk. */
class Kiosk implements RunningKiosk {
  readonly service: Service;
  readonly desk: Office;
  private readonly clerks: ClerkDesk;
  private nearby: Nearby | null = null;
  private finder: NodeJS.Timeout | null = null;
  private printer: PrintPort | null = null;
  private unfinished: () => Promise<void> = () => Promise.resolve();
  readonly stopped: Promise<number>;
  private readonly feed = new ViewFeed(() => this.view());
  private readonly history: History;
  private readonly historian: Historian;
  /** Kiosks that somebody wants to add: those that were removed once are linked with again. */
  private readonly welcome = new Set<KioskId>();
  private readonly addresses: Addresses;
  private readonly printers: ChosenPrinters;
  /** When kiosks that were linked once were last heard, by the clock that never goes back. */
  private readonly heardAt = new Map<KioskId, number>();
  private readonly sessions: Sessions;
  private readonly reads: Reads;
  private readonly driver: Driver;
  private mesh: Mesh | null = null;
  private endpoint: Endpoint | null = null;
  private readonly meter = new Meter(Date.now());
  private metrics: Metrics | null = null;
  private readonly credentials: Credentials;
  private readonly siteChanges: Watched;
  private readonly keyChanges: Watched;
  private reviewer: NodeJS.Timeout | null = null;
  private upkeeper: NodeJS.Timeout | null = null;
  private problem: Said | null = null;
  /** It has sold, or could have: it is not starting any more, whatever happens. */
  private begun = false;
  private startingUntil = Number.POSITIVE_INFINITY;
  /** What others say, who know more of the log. */
  private saidRemovedFrom: Slot | null = null;
  private resolveStopped: (status: number) => void = () => {};
  private leaving: Promise<void> | null = null;

  constructor(
    private readonly options: KioskOptions,
    private siteFile: Site,
    private readonly self: Site['kiosks'][number],
    readonly dataFolder: string,
    private readonly store: Store,
    bundle: Bundle,
    private signing: Loaded<TicketKey>,
  ) {
    this.credentials = new Credentials(
      { sitePath: options.sitePath, kiosk: self.id, uid: siteFile.uid, now: Date.now, log: options.log },
      bundle,
    );
    this.siteChanges = new Watched([options.sitePath]);
    this.keyChanges = new Watched(ticketKeyFiles(path.dirname(options.sitePath), self.id));
    this.stopped = new Promise((resolve) => {
      this.resolveStopped = resolve;
    });
    this.addresses = new Addresses(siteFile, self.id);
    this.printers = new ChosenPrinters({
      self: self.id,
      linked: () => this.mesh?.linked() ?? [],
      send: (to, message) => this.mesh?.send(to, message),
      onChange: () => this.feed.changed(),
    });
    const restored = store.takeRestored();
    const { snapshot } = restored;
    this.history = new History(store.archive, { slot: snapshot?.slot ?? 0, hash: snapshot?.hash ?? '' }, (error) => this.fault(error));
    const now = () => performance.now();
    const selling = () => this.problem === null && this.driver.selling;
    this.sessions = new Sessions(
      {
        now,
        propose: (command) => this.driver.propose(command),
        withdraw: (requestId) => this.driver.input({ type: 'withdraw', requestId }),
        known: (command) => this.driver.tickets.answer(command),
        selling,
      },
      NO_MAJORITY_MS,
    );
    this.reads = new Reads({
      now,
      read: (id) => this.driver.input({ type: 'read', id }),
      withdraw: (id) => this.driver.input({ type: 'withdraw-read', id }),
      selling,
    });
    this.driver = new Driver(this.replicaConfig(), restored, {
      now,
      append: (records) => store.append(records),
      checkpoint: (records) => store.checkpoint(records),
      saveSnapshot: async (taken) => {
        await this.history.flush();
        await store.saveSnapshot(taken);
      },
      onInstalled: ({ slot, hash }) => {
        this.history.restart({ slot, hash });
        this.sessions.onInstalled();
        if (this.learnMembers()) this.mesh?.setPeers(this.addresses.peers());
        options.log(`this kiosk was far behind and goes on from the state of slot ${slot}; the history before it follows`);
      },
      send: (to, message) => this.mesh?.send(to, message),
      onApplied: (entry) => {
        this.history.add(entry);
        if (this.addresses.fromLog(entry.value)) this.mesh?.setPeers(this.addresses.peers());
        if (entry.value.kind === 'batch') this.sessions.onBatch(entry.value.commands, entry.results, entry.slot);
        if (entry.value.kind === 'configuration') {
          this.sessions.onApplied(entry.value.command, entry.slot, true);
          for (const { kiosk } of entry.value.members) this.welcome.delete(kiosk);
        }
      },
      onRead: (id) => this.reads.onConfirmed(id),
      onDeparted: (id) => this.sessions.onDeparted(id),
      onSettled: () => this.settled(),
      onFault: (error) => this.fault(error),
      onAmnesia: (why) => void this.forgot(why),
      onFatal: (error) => this.fatal(error),
    });
    this.sessions.remember(this.driver.view().pending);
    this.learnMembers();
    this.historian = new Historian(this.history, {
      now,
      send: (to, message) => this.mesh?.send(to, message),
      source: () => this.driver.view().peers.find(({ firstSlot, applied }) => firstSlot === 1 && applied > 0)?.kiosk ?? null,
      onFirstSlot: (firstSlot) => this.driver.input({ type: 'history', firstSlot }),
      onFault: (error) => this.fault(error),
      log: options.log,
    });
    this.service = new Service({
      kiosk: self.id,
      incarnation: store.incarnation,
      runtime: process.versions.electron === undefined ? `node ${process.versions.node}` : `electron ${process.versions.electron}`,
      version: APP_VERSION,
      tickets: () => this.driver.tickets,
      site: siteFile.site,
      timeZone: siteFile.timeZone,
      printer: () => this.printer,
      readCode: (text) => readCode(text, this.ticketKey),
      recover: (heldBack) => this.recover(heldBack),
      history: this.history,
      sessions: this.sessions,
      reads: this.reads,
      addresses: this.addresses,
      replica: () => this.driver.view(),
      pending: (id) => this.driver.pending(id),
      problem: () => this.problem,
      view: () => this.feed.view,
      subscribe: (listener) => this.feed.subscribe(listener),
      refreshSite: () => this.refreshSite(),
      learnAddress: (command) => {
        this.learnWish(command);
      },
      onAnswered: (answer, ms) => this.meter.answered(answer, ms),
      stop: () => void this.stop(),
      exit: () => void setTimeout(() => process.kill(process.pid, 'SIGKILL'), EXIT_MS),
    });
    this.clerks = new ClerkDesk({
      kiosk: self.id,
      demo: siteFile.demo === true,
      tickets: () => this.driver.tickets,
      execute: (request, onProgress, behind) => this.service.execute(request, onProgress, behind),
      confirm: () => this.reads.confirm(CONFIRM_MS, NO_MAJORITY_MS),
      onChange: () => this.feed.changed(),
      now,
    });
    this.desk = new Office({
      clerks: this.clerks,
      tickets: () => this.driver.tickets,
      history: this.history,
      ledger: new SalesLedger({
        tickets: () => this.driver.tickets,
        hours: new Hours(siteFile.timeZone),
        kioskName: (kiosk) => this.addresses.get(kiosk)?.name ?? `Kiosk ${kiosk}`,
      }),
      readCode: (text) => readCode(text, this.ticketKey),
      site: siteFile.site,
    });
  }

  get ready() {
    return { kiosk: this.self.id, pid: process.pid, port: this.mesh?.port ?? this.self.port };
  }

  get ticketKey(): Loaded<TicketKey> {
    return this.signing;
  }

  get site() {
    const { uid, place, currency, timeZone } = this.siteFile;
    return { uid, place, currency, timeZone };
  }

  async open(meshCode: typeof Mesh): Promise<void> {
    void this.upkeep();
    this.startingUntil = performance.now() + STARTING_MS;
    const { host, port } = this.self;
    try {
      this.mesh = await meshCode.start({
        hello: this.hello(),
        news: (to) => {
          const { generation, recovery } = this.driver.view();
          return { generation, recovery, remembers: [...this.driver.remembers(to)] };
        },
        turnedAway: (hello) => {
          const removedFrom = this.welcome.has(hello.kiosk) ? null : this.driver.shutOutFrom(hello);
          if (removedFrom === null) this.heed(hello.kiosk, hello.generation);
          return turnedAway(hello, this.self.id, this.driver.view(), removedFrom);
        },
        isRevoked: (serial) => this.siteFile.revoked?.includes(serial) === true,
        onRemoved: (slot) => {
          this.saidRemovedFrom = slot;
          this.feed.changed();
        },
        onGeneration: (kiosk, generation) => {
          if (this.driver.shutOutFrom({ kiosk, incarnation: '' }) === null) this.heed(kiosk, generation);
        },
        listen: { host, port },
        tls: this.credentials.bundle,
        peers: this.addresses.peers(),
        onConnected: (hello) => {
          this.saidRemovedFrom = null;
          const remembers = hello.remembers.find(
            ({ kiosk, incarnation }) => kiosk === this.self.id && incarnation === this.store.incarnation,
          );
          this.driver.input({ type: 'connected', peer: { ...hello, remembers: remembers ?? null } });
          this.printers.connected(hello.kiosk);
        },
        onDisconnected: (kiosk) => {
          const peer = this.driver.view().peers.find((other) => other.kiosk === kiosk);
          if (peer !== undefined && Number.isFinite(peer.heardMs)) this.heardAt.set(kiosk, performance.now() - peer.heardMs);
          this.printers.disconnected(kiosk);
          this.driver.input({ type: 'disconnected', kiosk });
        },
        onMessage: (from, message) => {
          // A forwarded addition says where the newcomer is; whoever leads has to reach it.
          if (message.t === 'forward') for (const command of message.commands) this.learnWish(command);
          if (this.printers.onMessage(from.kiosk, message)) return;
          if (this.problem === null && this.historian.onMessage(from.kiosk, message)) return;
          this.driver.input({ type: 'message', from, message });
        },
        onRefused: (sentence) => this.options.log(sentence),
      });
      // What was found in the log meanwhile may have stopped it already: it stays up to say so, and is linked with nobody.
      if (this.problem !== null) await this.mesh.close();
      this.endpoint = await startEndpoint(this.dataFolder, this.service);
    } catch (error) {
      this.driver.end();
      await this.mesh?.close();
      throw error;
    }
    await this.serveMetrics();
    this.reviewer = setInterval(() => this.review(), REVIEW_MS);
    this.finder = setTimeout(() => void this.findNearby(), NEARBY_AFTER_MS);
    this.upkeeper = setInterval(() => void this.upkeep(), UPKEEP_MS);
  }

  /** Not before it can sell: what speaks to the network is a lot of code. */
  private async findNearby(): Promise<void> {
    const { Nearby } = await import('./nearby');
    if (this.leaving !== null) return;
    const { id, name, host, port } = this.self;
    this.nearby = new Nearby({
      uid: this.siteFile.uid,
      self: { id, name, host, port },
      onChange: () => this.feed.changed(),
      log: this.options.log,
    });
  }

  private async serveMetrics(): Promise<void> {
    if (this.options.metrics === null) return;
    const started = await startMetrics(this.options.metrics, () => this.meter.text(this.feed.view, process.memoryUsage.rss()));
    if (typeof started === 'string') this.options.log(started);
    else this.metrics = started;
  }

  printWith(port: PrintPort): void {
    this.printer = port;
  }

  tellPrinter(printer: ChosenPrinter): void {
    this.printers.tell(printer);
  }

  slept(): void {
    this.driver.input({ type: 'slept' });
  }

  leaveAfter(work: () => Promise<void>): void {
    this.unfinished = work;
  }

  stop(): Promise<void> {
    this.leaving ??= this.unfinished().then(() => this.leave());
    return this.leaving;
  }

  private async leave(): Promise<void> {
    this.driver.input({ type: 'leave' });
    const deadline = performance.now() + HAND_OVER_MS;
    while (
      this.problem === null &&
      this.driver.view().role === 'leader' &&
      this.driver.view().members.length > 1 &&
      performance.now() < deadline
    ) {
      await new Promise((resolve) => setTimeout(resolve, EXIT_MS));
    }
    await this.shut();
    this.resolveStopped(0);
  }

  private async shut(): Promise<void> {
    if (this.reviewer !== null) clearInterval(this.reviewer);
    if (this.upkeeper !== null) clearInterval(this.upkeeper);
    if (this.finder !== null) clearTimeout(this.finder);
    this.sessions.fail();
    this.reads.fail();
    this.driver.end();
    await this.nearby?.close();
    await this.endpoint?.close();
    await this.metrics?.close();
    await this.mesh?.close();
    await this.history.flush();
    await this.store.close();
  }

  /** The entries that named them may be in a snapshot, and are not applied again. Returns true if anything is new. */
  private learnMembers(): boolean {
    return this.driver.tickets.memberships.reduce((changed, { members }) => this.addresses.fromMembers(members) || changed, false);
  }

  /** A command to add a kiosk says where it is, and that it is to be linked with. */
  private learnWish(command: Command): void {
    if (command.op !== 'change') return;
    const { kind, kiosk } = command.change;
    if (kind === 'add' || kind === 'readmit') this.welcome.add(kiosk);
    // Without the kiosk that has moved there may be no majority to say so in the log; a link that there is, stays.
    if (kind === 'address' && this.mesh?.linked().includes(kiosk)) return;
    if (this.addresses.fromCommand(command)) this.mesh?.setPeers(this.addresses.peers());
  }

  /** Rule 8: the others go on without what is sold here, and might sell the same tickets. It ends when the mesh has said why. */
  private heed(kiosk: KioskId, generation: number): void {
    const own = this.driver.view().generation;
    if (own > 0 && own < generation) setImmediate(() => this.fault(told('older_generation', kiosk, generation, this.self.id)));
  }

  /** Rule 8: this kiosk alone decides from here on; every link is made anew, under the new generation. */
  private recover(heldBack: HeldBack | undefined): void {
    this.driver.input({ type: 'recover', at: Date.now(), ...(heldBack === undefined ? {} : { heldBack }) });
    this.options.log(`RECOVERY: generation ${this.driver.view().generation} of the site begins at kiosk ${this.self.id}`);
    this.mesh?.relink();
  }

  /** Rule 8: what this kiosk promised is not on its disk any more. It must not vote, now or after a restart. */
  private async forgot(why: Said): Promise<void> {
    // It says nothing more to its peers already; whoever reads the advice may start it again at once.
    await this.store.retire(englishOf(why)).catch((error: Error) => this.fault(error));
    this.fault(told('start_again', why, this.self.id));
  }

  private hello(): Omit<Hello, 'generation' | 'recovery' | 'remembers'> {
    const { id, name, host, port, priority } = this.self;
    const { site, uid } = this.siteFile;
    return {
      site,
      uid,
      protocol: PROTOCOL_VERSION,
      kiosk: id,
      incarnation: this.store.incarnation,
      host,
      port,
      name,
      priority,
      version: APP_VERSION,
      supports: COMMANDS_VERSION,
    };
  }

  private replicaConfig(): DriverConfig {
    const { kiosk, incarnation, name, host, port, priority } = this.hello();
    return {
      self: { kiosk, incarnation, name, host, port, priority },
      uid: this.siteFile.uid,
      founders: this.siteFile.members,
      events: this.siteFile.events,
      firstRound: randomInt(FIRST_ROUND_MAX) * ROUNDS_PER_PROCESS,
      mayFound: !this.store.rejoins,
      supports: COMMANDS_VERSION,
      keptSlots: KEPT_SLOTS,
      batchesInFlight: BATCHES_IN_FLIGHT,
    };
  }

  /** What changes beside the log: certificates that are renewed or revoked, keys for tickets, kiosks that were removed. */
  private async upkeep(): Promise<void> {
    if (this.problem !== null) return;
    const renewed = await this.credentials.renewed();
    if (renewed !== null) this.mesh?.renew(renewed);
    if (await this.siteChanges.changed()) await this.refreshSite();
    if (await this.keyChanges.changed()) await this.refreshKeys();
    this.mesh?.reconsider();
  }

  private async refreshSite(): Promise<void> {
    const loaded = await loadSite(this.options.sitePath);
    if (!loaded.ok || loaded.value.uid !== this.siteFile.uid) return;
    const before = this.siteFile.revoked ?? [];
    this.siteFile = loaded.value;
    const revoked = (loaded.value.revoked ?? []).filter((serial) => !before.includes(serial));
    if (revoked.length > 0) {
      this.options.log(`the site file revokes ${revoked.join(', ')}: all links are made anew, without that certificate`);
      this.mesh?.relink();
    }
    if (this.addresses.fromSite(loaded.value)) this.mesh?.setPeers(this.addresses.peers());
  }

  /** What is wrong or half copied is left alone. */
  private async refreshKeys(): Promise<void> {
    const loaded = await loadTicketKey(path.dirname(this.options.sitePath), this.self.id, this.siteFile.uid);
    if (!loaded.ok) return;
    this.signing = loaded;
    this.options.log(`the keys for tickets were changed: tickets that ${loaded.value.publicKeys.length} of them signed are good`);
  }

  private settled(): void {
    this.begun ||= this.driver.selling;
    if (this.sessions.awaitsChange) {
      const { inForce, leader } = this.driver.view();
      this.sessions.onChanged(inForce, leader);
    }
    if (this.clerks.unsure && this.problem === null && this.driver.selling) this.clerks.learn();
    this.feed.changed();
  }

  private review(): void {
    this.sessions.review();
    this.reads.review();
    if (this.problem === null) this.historian.review();
    this.feed.changed();
  }

  /** The disk failed: this kiosk stays up to say so, and sends no protocol message until it is started again. */
  private fault(error: Error): void {
    if (this.problem !== null) return;
    this.driver.end();
    this.problem = saidOf(error);
    this.options.log(`kiosk ${this.self.id} has stopped voting: ${error.message}`);
    this.sessions.fail();
    this.reads.fail();
    void this.mesh?.close();
    this.feed.changed();
  }

  private fatal(error: Error): void {
    this.options.log(`kiosk ${this.self.id} found itself wrong and ends: ${error.stack ?? error.message}`);
    this.resolveStopped(FATAL_STATUS);
  }

  private view(): Omit<KioskView, 'version'> {
    return viewOf({
      replica: this.driver.view(),
      // Once it is over it stays over: whoever has sold and loses the others is cut off.
      starting: !this.begun && performance.now() < this.startingUntil,
      site: this.siteFile,
      self: this.self,
      events: this.driver.tickets.events(),
      saidRemovedFrom: this.saidRemovedFrom,
      certificate: this.credentials.view,
      addresses: this.addresses,
      printers: this.printers,
      awayMs: (kiosk) => {
        const at = this.heardAt.get(kiosk);
        return at === undefined ? null : performance.now() - at;
      },
      problem: this.problem,
      desk: this.clerks.view(),
      nearby: this.nearby?.list() ?? [],
      runtime: process.versions.electron === undefined ? `node ${process.versions.node}` : `electron ${process.versions.electron}`,
      appVersion: APP_VERSION,
    });
  }
}
