import { randomBytes } from 'node:crypto';
import { output } from './release';

/** An address per machine, on a switch that leads nowhere else. */
const SUBNET = '10.78.0';

/** Machines of a test: network namespaces of their own, joined by a switch. For root on Linux. */
export class Machines {
  private readonly prefix = `qk${randomBytes(2).toString('hex')}`;
  private readonly made: string[] = [];

  static async up(count: number): Promise<Machines> {
    const machines = new Machines();
    try {
      await machines.add(machines.of('sw'));
      await machines.within('sw', 'ip', 'link', 'add', 'br0', 'type', 'bridge');
      await machines.within('sw', 'ip', 'link', 'set', 'br0', 'up');
      for (let id = 1; id <= count; id += 1) await machines.join(id);
      return machines;
    } catch (error) {
      await machines.down();
      throw error;
    }
  }

  static address(id: number): string {
    return `${SUBNET}.${id}`;
  }

  /** The command as it runs on that machine, in the same process. */
  on(id: number | 'sw', command: readonly string[]): readonly string[] {
    return ['nsenter', `--net=/run/netns/${this.of(id)}`, '--', ...command];
  }

  async down(): Promise<void> {
    for (const name of this.made.splice(0)) await output('ip', 'netns', 'del', name);
  }

  private of(id: number | 'sw'): string {
    return `${this.prefix}-${id}`;
  }

  private async add(name: string): Promise<void> {
    await output('ip', 'netns', 'add', name);
    this.made.push(name);
  }

  private async join(id: number): Promise<void> {
    const port = `port${id}`;
    await this.add(this.of(id));
    await output('ip', 'link', 'add', 'cable', 'netns', this.of(id), 'type', 'veth', 'peer', 'name', port, 'netns', this.of('sw'));
    await this.within(id, 'ip', 'addr', 'add', `${Machines.address(id)}/24`, 'dev', 'cable');
    for (const device of ['lo', 'cable']) await this.within(id, 'ip', 'link', 'set', device, 'up');
    await this.within('sw', 'ip', 'link', 'set', port, 'master', 'br0');
    await this.within('sw', 'ip', 'link', 'set', port, 'up');
  }

  private async within(id: number | 'sw', ...command: readonly string[]): Promise<void> {
    const [program = '', ...args] = this.on(id, command);
    await output(program, ...args);
  }
}
