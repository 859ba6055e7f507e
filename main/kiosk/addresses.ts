import type { KioskId } from '../../shared/ballot';
import type { SiteFile } from '../../shared/site';
import type { Command, Member, Value } from '../../shared/values';
import type { PeerAddress } from '../mesh';

interface Known extends PeerAddress {
  readonly name: string;
}

/** Where the kiosks of the site are: from the site file, then from the log, then from what clerks said. The id is the identity, the address may change. */
export class Addresses {
  private readonly known = new Map<KioskId, Known>();

  constructor(
    site: SiteFile,
    private readonly self: KioskId,
  ) {
    this.fromSite(site);
  }

  /** Returns true if anything is new. Kiosks that are known already keep what the log said. */
  fromSite(site: SiteFile): boolean {
    let changed = false;
    for (const { id, name, host, port } of site.kiosks)
      if (!this.known.has(id)) changed = this.set({ kiosk: id, name, host, port }) || changed;
    return changed;
  }

  fromLog(value: Value): boolean {
    return (value.kind === 'founding' || value.kind === 'configuration') && this.fromMembers(value.members);
  }

  /** Members as the log below a snapshot names them. */
  fromMembers(members: readonly Member[]): boolean {
    let changed = false;
    for (const { kiosk, name, host, port } of members) changed = this.set({ kiosk, name, host, port }) || changed;
    return changed;
  }

  /** A command to add or to move a kiosk says where it is. */
  fromCommand(command: Command): boolean {
    if (command.op !== 'change' || (command.change.kind !== 'add' && command.change.kind !== 'address')) return false;
    const { kiosk, host, port } = command.change;
    if (host === undefined || port === undefined) return false;
    return this.set({ kiosk, name: this.known.get(kiosk)?.name ?? `Kiosk ${kiosk}`, host, port });
  }

  get(kiosk: KioskId): Known | undefined {
    return this.known.get(kiosk);
  }

  all(): readonly Known[] {
    return [...this.known.values()].sort((a, b) => a.kiosk - b.kiosk);
  }

  /** All but this kiosk, to be linked with. */
  peers(): readonly PeerAddress[] {
    return this.all().filter(({ kiosk }) => kiosk !== this.self);
  }

  private set(address: Known): boolean {
    const old = this.known.get(address.kiosk);
    if (old?.host === address.host && old.port === address.port && old.name === address.name) return false;
    this.known.set(address.kiosk, address);
    return true;
  }
}
