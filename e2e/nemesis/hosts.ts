import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { KioskId } from '../../shared/ballot';

const execute = promisify(execFile);

const SWITCH = 'switch';
const SUBNET = '10.77.0';
/** So slow that messages queue up, as over a bad radio link; what waits longer than the latency is lost. */
const SLOW_LINK = ['rate', '256kbit', 'burst', '4kb', 'latency', '400ms'];

/** Packets that come in to a kiosk, or that go out of it. */
export type Direction = 'in' | 'out';

/**
 * A host for each kiosk, with an address and a firewall of its own, on a switch that leads nowhere else. Only within
 * a sandbox.
 */
export class Hosts {
  /** How many faults ask for a slow link, and the end of what was last done to it. */
  private readonly slowed = new Map<KioskId, { readonly faults: number; readonly done: Promise<void> }>();

  private constructor() {}

  /** @throws the system's error if a tool is missing */
  static async up(kiosks: readonly KioskId[]): Promise<Hosts> {
    await run('ip', 'netns', 'add', SWITCH);
    await within(SWITCH, 'ip', 'link', 'add', 'br0', 'type', 'bridge');
    await within(SWITCH, 'ip', 'link', 'set', 'br0', 'up');
    const hosts = new Hosts();
    for (const kiosk of kiosks) await hosts.add(kiosk);
    // A missing firewall is to be known before anything is started.
    for (const kiosk of kiosks) await within(hostOf(kiosk), 'iptables', '-w', '-L', '-n');
    return hosts;
  }

  address(kiosk: KioskId): string {
    return `${SUBNET}.${kiosk}`;
  }

  /** The command as it runs on the kiosk's host, in the same process. */
  on(kiosk: KioskId, command: readonly string[]): readonly string[] {
    return [...entering(hostOf(kiosk)), ...command];
  }

  /** No packet passes between the kiosk and those others in that direction. */
  async cut(kiosk: KioskId, others: readonly KioskId[], direction: Direction): Promise<void> {
    await this.firewall('-A', kiosk, this.between(others, direction));
  }

  async mend(kiosk: KioskId, others: readonly KioskId[], direction: Direction): Promise<void> {
    await this.firewall('-D', kiosk, this.between(others, direction));
  }

  /** @param share of the packets that come in, from 0 to 1 */
  async lose(kiosk: KioskId, share: number): Promise<void> {
    await this.firewall('-A', kiosk, losing(share));
  }

  async loseNoMore(kiosk: KioskId, share: number): Promise<void> {
    await this.firewall('-D', kiosk, losing(share));
  }

  /** What the kiosk sends is delayed, the more the more it sends. Two faults may ask for it at once: it lasts as long as either. */
  slow(kiosk: KioskId): Promise<void> {
    return this.shape(kiosk, 1);
  }

  slowNoMore(kiosk: KioskId): Promise<void> {
    return this.shape(kiosk, -1);
  }

  private shape(kiosk: KioskId, more: 1 | -1): Promise<void> {
    const { faults, done } = this.slowed.get(kiosk) ?? { faults: 0, done: Promise.resolve() };
    const now = faults + more;
    const tc = (...command: readonly string[]) => within(hostOf(kiosk), 'tc', 'qdisc', ...command);
    const next = done.then(async () => {
      if (faults === 0) await tc('add', 'dev', cable(kiosk), 'root', 'tbf', ...SLOW_LINK);
      if (now === 0) await tc('del', 'dev', cable(kiosk), 'root');
    });
    this.slowed.set(kiosk, { faults: now, done: next.catch(() => {}) });
    return next;
  }

  private async add(kiosk: KioskId): Promise<void> {
    const host = hostOf(kiosk);
    const socket = `port${kiosk}`;
    await run('ip', 'netns', 'add', host);
    await run('ip', 'link', 'add', cable(kiosk), 'netns', host, 'type', 'veth', 'peer', 'name', socket, 'netns', SWITCH);
    await within(host, 'ip', 'addr', 'add', `${this.address(kiosk)}/24`, 'dev', cable(kiosk));
    await within(host, 'ip', 'link', 'set', 'lo', 'up');
    await within(host, 'ip', 'link', 'set', cable(kiosk), 'up');
    await within(SWITCH, 'ip', 'link', 'set', socket, 'master', 'br0');
    await within(SWITCH, 'ip', 'link', 'set', socket, 'up');
  }

  private between(others: readonly KioskId[], direction: Direction): readonly string[] {
    const addresses = others.map((other) => this.address(other)).join(',');
    return direction === 'in' ? ['INPUT', '-s', addresses] : ['OUTPUT', '-d', addresses];
  }

  private async firewall(action: '-A' | '-D', kiosk: KioskId, rule: readonly string[]): Promise<void> {
    await within(hostOf(kiosk), 'iptables', '-w', action, ...rule, '-j', 'DROP');
  }
}

function losing(share: number): readonly string[] {
  return ['INPUT', '-m', 'statistic', '--mode', 'random', '--probability', String(share)];
}

function hostOf(kiosk: KioskId): string {
  return `kiosk${kiosk}`;
}

function cable(kiosk: KioskId): string {
  return `cable${kiosk}`;
}

function entering(host: string): readonly string[] {
  return ['nsenter', `--net=/run/netns/${host}`, '--'];
}

async function within(host: string, ...command: readonly string[]): Promise<void> {
  await run(...entering(host), ...command);
}

async function run(...command: readonly string[]): Promise<void> {
  const [program = '', ...args] = command;
  await execute(program, args);
}
