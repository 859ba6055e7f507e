import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freePorts } from '../main/kiosk/testing/ports';
import { createAuthority, createKioskCertificate } from '../main/site/authority';
import { endWithThis } from './site';

const PROGRAM = '/usr/bin/etcd';
const NODES = [1, 2, 3] as const;
/** The tighter of etcd's usual settings: its fail-over is the fastest that its documentation allows on one machine. */
const HEARTBEAT_MS = 50;
const ELECTION_MS = 500;
const POLL_MS = 20;
const START_MAX_MS = 60_000;

/** Installs Debian's etcd-server where it is missing and this may be done. @throws Error with the command to give */
export function installEtcd(): void {
  if (existsSync(PROGRAM)) return;
  const install = 'apt-get install -y --no-install-recommends etcd-server';
  if (process.getuid?.() !== 0) throw new Error(`etcd is missing; install it, then try again: sudo ${install}`);
  process.stderr.write(`etcd is missing; installed now: ${install}\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['update', '-qq'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  execFileSync('bash', ['-c', `${install} -qq`], { env, stdio: ['ignore', 'ignore', 'inherit'] });
}

export function etcdVersion(): string {
  return /etcd Version: (\S+)/.exec(execFileSync(PROGRAM, ['--version'], { encoding: 'utf8' }))?.[1] ?? 'unknown';
}

interface Status {
  readonly leader: string;
  readonly member: string;
  readonly index: number;
}

const HOST = '127.0.0.1';
const PRIVATE = { mode: 0o600 };

/**
 * Three etcd nodes on this machine, with fsync on and their data beside the kiosks'. Between them plain TCP, where the
 * kiosks use TLS, or mutual TLS with certificates as a site's are; clients always come by plain TCP.
 */
export class EtcdSite {
  private readonly processes = new Map<number, ChildProcess>();
  /** For clients, then for peers; new ones at each opening. */
  private ports: readonly number[] = [];

  constructor(
    private readonly folder: string,
    private readonly peers: 'plain' | 'tls' = 'plain',
  ) {}

  address(node: number): string {
    return `http://${HOST}:${this.ports[node - 1]}`;
  }

  pid(node: number): number {
    return this.processes.get(node)!.pid!;
  }

  async open(): Promise<void> {
    this.ports = await freePorts(2 * NODES.length);
    if (this.peers === 'tls') await this.certify();
    for (const node of NODES) this.start(node);
    await this.whole();
  }

  start(node: number): void {
    const peer = (other: number) => `${this.peers === 'tls' ? 'https' : 'http'}://${HOST}:${this.ports[NODES.length + other - 1]}`;
    const child = spawn(
      PROGRAM,
      [
        ...['--name', `n${node}`, '--data-dir', this.data(node)],
        ...['--listen-client-urls', this.address(node), '--advertise-client-urls', this.address(node)],
        ...['--listen-peer-urls', peer(node), '--initial-advertise-peer-urls', peer(node)],
        ...['--initial-cluster', NODES.map((other) => `n${other}=${peer(other)}`).join(','), '--initial-cluster-state', 'new'],
        ...['--heartbeat-interval', String(HEARTBEAT_MS), '--election-timeout', String(ELECTION_MS), '--log-level', 'error'],
        ...(this.peers === 'tls'
          ? [
              ...['--peer-client-cert-auth', '--peer-trusted-ca-file', this.file('ca.crt')],
              ...['--peer-cert-file', this.file(`${node}.crt`), '--peer-key-file', this.file(`${node}.key`)],
            ]
          : []),
      ],
      { stdio: 'ignore' },
    );
    this.processes.set(node, child);
    endWithThis(child);
  }

  /** The node that leads, once all three follow it and have what it has. */
  async whole(): Promise<number> {
    for (const deadline = performance.now() + START_MAX_MS; performance.now() < deadline; ) {
      const answers = await Promise.all(NODES.map((node) => this.status(node)));
      const [first] = answers;
      const agreed = first != null && first.leader !== '0' && answers.every((answer) => answer?.leader === first.leader);
      const indexes = answers.map((answer) => answer?.index ?? 0);
      const leader = NODES.find((_, at) => answers[at]?.member === first?.leader);
      if (agreed && leader !== undefined && Math.max(...indexes) - Math.min(...indexes) <= 2) return leader;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    throw new Error('etcd did not come up');
  }

  async kill(node: number): Promise<void> {
    const child = this.processes.get(node)!;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async end(): Promise<void> {
    for (const node of this.processes.keys()) await this.kill(node);
    for (const folder of [...NODES.map((node) => this.data(node)), this.certificates]) await rm(folder, { recursive: true, force: true });
  }

  private data(node: number): string {
    return path.join(this.folder, `etcd-${this.peers}-${node}`);
  }

  private get certificates(): string {
    return path.join(this.folder, `etcd-${this.peers}-certificates`);
  }

  private file(name: string): string {
    return path.join(this.certificates, name);
  }

  /** An authority of their own, and a certificate for each node. */
  private async certify(): Promise<void> {
    await mkdir(this.certificates);
    const authority = await createAuthority('etcd', 'etcd');
    await writeFile(this.file('ca.crt'), authority.cert);
    for (const node of NODES) {
      const { key, cert } = await createKioskCertificate(authority, node, HOST);
      await writeFile(this.file(`${node}.crt`), cert);
      await writeFile(this.file(`${node}.key`), key, PRIVATE);
    }
  }

  private async status(node: number): Promise<Status | null> {
    try {
      const response = await fetch(`${this.address(node)}/v3/maintenance/status`, {
        method: 'POST',
        body: '{}',
        signal: AbortSignal.timeout(1_000),
      });
      const answer = (await response.json()) as { leader?: string; raftIndex?: string; header?: { member_id?: string } };
      return { leader: answer.leader ?? '0', member: answer.header?.member_id ?? '', index: Number(answer.raftIndex ?? 0) };
    } catch {
      return null;
    }
  }
}
