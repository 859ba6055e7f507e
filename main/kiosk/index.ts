import { randomInt } from 'node:crypto';
import { EventEmitter } from 'node:events';
import path from 'node:path';
import type { KioskId } from '../../shared/ballot';
import { PROTOCOL_VERSION } from '../../shared/constants';
import type { Hello } from '../../shared/messages';
import type { KioskService, KioskView } from '../../shared/service';
import { APP_VERSION } from '../../shared/version';
import { type Endpoint, startEndpoint } from '../client/endpoint';
import { Mesh } from '../mesh';
import type { ReplicaConfig } from '../paxos';
import { dataFolder } from '../site/folders';
import { findKiosk, loadBundle, loadSite } from '../site/load';
import { Store } from '../storage';
import { Tickets } from '../tickets';
import { Addresses } from './addresses';
import { Driver } from './driver';
import { FATAL_STATUS } from './failStop';
import { History } from './history';
import { Reads } from './reads';
import { Service } from './service';
import { Sessions } from './sessions';
import { EXIT_MS, HAND_OVER_MS, NO_MAJORITY_MS, REVIEW_MS, VIEW_MS } from './timing';
import { viewOf } from './view';

/** Each process counts its heartbeat rounds from a random multiple of what it can use up in years. */
const ROUNDS_PER_PROCESS = 2 ** 32;
const FIRST_ROUND_MAX = 2 ** 20;

export interface KioskOptions {
  readonly kiosk: KioskId;
  /** Path of site.json; the kiosk's bundle is looked for beside it. */
  readonly sitePath: string;
  /** Data folder; null for the default one. */
  readonly dataPath: string | null;
  readonly log: (line: string) => void;
}

export interface RunningKiosk {
  readonly service: KioskService;
  readonly ready: { readonly kiosk: KioskId; readonly pid: number; readonly port: number };
  readonly dataFolder: string;
  readonly site: { readonly uid: string; readonly place: string; readonly currency: string; readonly timeZone: string };
  /** Settles with the exit status when the kiosk has left, or must end at once (70). */
  readonly stopped: Promise<number>;
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
  const bundle = await loadBundle(path.dirname(options.sitePath), options.kiosk, site.value.uid);
  if (!bundle.ok) return bundle;
  const folder = options.dataPath ?? dataFolder(site.value.site, options.kiosk);
  let store: Store | null = null;
  try {
    store = await Store.open({ folder, kiosk: options.kiosk, uid: site.value.uid });
    for (const note of store.notes) options.log(note);
    const kiosk = new Kiosk(options, site.value, self.value, folder, store);
    await kiosk.open(bundle.value);
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
  readonly stopped: Promise<number>;
  private readonly changes = new EventEmitter<{ change: [KioskView] }>();
  private readonly tickets = new Tickets();
  private readonly history = new History();
  private readonly addresses: Addresses;
  private readonly sessions: Sessions;
  private readonly reads: Reads;
  private readonly driver: Driver;
  private mesh: Mesh | null = null;
  private endpoint: Endpoint | null = null;
  private reviewer: NodeJS.Timeout | null = null;
  private pendingView: NodeJS.Timeout | null = null;
  private lastView = '';
  private version = 0;
  private problem: string | null = null;
  private resolveStopped: (status: number) => void = () => {};
  private leaving: Promise<void> | null = null;

  constructor(
    private readonly options: KioskOptions,
    private siteFile: Site,
    private readonly self: Site['kiosks'][number],
    readonly dataFolder: string,
    private readonly store: Store,
  ) {
    this.stopped = new Promise((resolve) => {
      this.resolveStopped = resolve;
    });
    this.addresses = new Addresses(siteFile, self.id);
    const now = () => performance.now();
    const selling = () => this.problem === null && this.driver.view().selling;
    this.sessions = new Sessions(
      {
        now,
        propose: (command) => this.driver.input({ type: 'propose', command }),
        withdraw: (requestId) => this.driver.input({ type: 'withdraw', requestId }),
        known: (command) => this.tickets.answer(command),
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
    this.driver = new Driver(this.replicaConfig(), store.takeRecords(), this.tickets, {
      now,
      append: (records) => store.append(records),
      send: (to, message) => this.mesh?.send(to, message),
      onApplied: (entry) => {
        this.history.add(entry);
        if (this.addresses.fromLog(entry.value)) this.mesh?.setPeers(this.addresses.peers());
        if (entry.value.kind === 'batch') for (const command of entry.value.commands) this.sessions.onApplied(command, entry.slot, false);
        if (entry.value.kind === 'configuration') this.sessions.onApplied(entry.value.command, entry.slot, true);
      },
      onRead: (id) => this.reads.onConfirmed(id),
      onDeparted: (id) => this.sessions.onDeparted(id),
      onSettled: () => this.settled(),
      onFault: (error) => this.fault(error),
      onFatal: (error) => this.fatal(error),
    });
    this.service = new Service({
      kiosk: self.id,
      incarnation: store.incarnation,
      runtime: process.versions.electron === undefined ? `node ${process.versions.node}` : `electron ${process.versions.electron}`,
      version: APP_VERSION,
      tickets: this.tickets,
      history: this.history,
      sessions: this.sessions,
      reads: this.reads,
      addresses: this.addresses,
      replica: () => this.driver.view(),
      problem: () => this.problem,
      view: () => this.view(),
      subscribe: (listener) => {
        this.changes.on('change', listener);
        return () => this.changes.off('change', listener);
      },
      refreshSite: () => this.refreshSite(),
      learnAddress: (command) => {
        if (this.addresses.fromCommand(command)) this.mesh?.setPeers(this.addresses.peers());
      },
      stop: () => void this.stop(),
      exit: () => void setTimeout(() => process.kill(process.pid, 'SIGKILL'), EXIT_MS),
    });
    this.changes.setMaxListeners(0);
  }

  get ready() {
    return { kiosk: this.self.id, pid: process.pid, port: this.mesh?.port ?? this.self.port };
  }

  get site() {
    const { uid, place, currency, timeZone } = this.siteFile;
    return { uid, place, currency, timeZone };
  }

  async open(tls: { key: string; cert: string; ca: string }): Promise<void> {
    const { host, port } = this.self;
    try {
      this.mesh = await Mesh.start({
        hello: this.hello(),
        listen: { host, port },
        tls,
        peers: this.addresses.peers(),
        onConnected: (peer) => this.driver.input({ type: 'connected', peer: { ...peer } }),
        onDisconnected: (kiosk) => this.driver.input({ type: 'disconnected', kiosk }),
        onMessage: (from, message) => {
          // A forwarded addition says where the newcomer is; whoever leads has to reach it.
          if (message.t === 'forward') {
            for (const command of message.commands) if (this.addresses.fromCommand(command)) this.mesh?.setPeers(this.addresses.peers());
          }
          this.driver.input({ type: 'message', from, message });
        },
        onRefused: (sentence) => this.options.log(sentence),
      });
      this.endpoint = await startEndpoint(this.dataFolder, this.service);
    } catch (error) {
      this.driver.end();
      await this.mesh?.close();
      throw error;
    }
    this.reviewer = setInterval(() => this.review(), REVIEW_MS);
  }

  stop(): Promise<void> {
    this.leaving ??= this.leave();
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
    this.sessions.fail();
    this.reads.fail();
    this.driver.end();
    await this.endpoint?.close();
    await this.mesh?.close();
    await this.store.close();
  }

  private hello(): Hello {
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
    };
  }

  private replicaConfig(): ReplicaConfig {
    const { kiosk, incarnation, name, host, port, priority } = this.hello();
    return {
      self: { kiosk, incarnation, name, host, port, priority },
      uid: this.siteFile.uid,
      founders: this.siteFile.members,
      events: this.siteFile.events,
      firstRound: randomInt(FIRST_ROUND_MAX) * ROUNDS_PER_PROCESS,
      isAnswered: (command) => this.tickets.answer(command) !== null,
    };
  }

  private async refreshSite(): Promise<void> {
    const loaded = await loadSite(this.options.sitePath);
    if (!loaded.ok || loaded.value.uid !== this.siteFile.uid) return;
    this.siteFile = loaded.value;
    if (this.addresses.fromSite(loaded.value)) this.mesh?.setPeers(this.addresses.peers());
  }

  private settled(): void {
    if (this.sessions.awaitForce) {
      const { inForce, inForceFrom } = this.driver.view();
      if (inForce) this.sessions.onInForce(inForceFrom);
    }
    this.showChange();
  }

  private review(): void {
    this.sessions.review();
    this.reads.review();
    this.showChange();
  }

  /** The disk failed: this kiosk stays up to say so, and sends no protocol message until it is started again. */
  private fault(error: Error): void {
    this.problem = error.message;
    this.options.log(`kiosk ${this.self.id} has stopped voting: ${error.message}`);
    this.sessions.fail();
    this.reads.fail();
    void this.mesh?.close();
    this.showChange();
  }

  private fatal(error: Error): void {
    this.options.log(`kiosk ${this.self.id} found itself wrong and ends: ${error.stack ?? error.message}`);
    this.resolveStopped(FATAL_STATUS);
  }

  private view(): KioskView {
    return { version: this.version, ...this.currentView() };
  }

  private currentView(): Omit<KioskView, 'version'> {
    return viewOf({
      replica: this.driver.view(),
      site: this.siteFile,
      self: this.self,
      events: this.tickets.events(),
      addresses: this.addresses,
      problem: this.problem,
      runtime: process.versions.electron === undefined ? `node ${process.versions.node}` : `electron ${process.versions.electron}`,
      appVersion: APP_VERSION,
    });
  }

  private showChange(): void {
    if (this.pendingView !== null || this.changes.listenerCount('change') === 0) return;
    this.pendingView = setTimeout(() => {
      this.pendingView = null;
      const view = this.currentView();
      const text = JSON.stringify(view);
      if (text === this.lastView) return;
      this.lastView = text;
      this.version += 1;
      this.changes.emit('change', { version: this.version, ...view });
    }, VIEW_MS);
  }
}
