import { setTimeout as pause } from 'node:timers/promises';
import type { KioskId } from '../../shared/ballot';
import type { SmallDisk } from './disk';
import type { Direction, Hosts } from './hosts';
import type { Kiosks } from './kiosks';
import type { Operator } from './operator';
import { type Fault, type FaultKind, faultWords, type PlannedFault, type Target } from './plan';
import { now, type Recorder } from './recorder';

const DIRECTIONS: readonly Direction[] = ['in', 'out'];

/** A kiosk whose disk is full can't be started, and one that is not up can't be stopped. */
const TO_PROCESSES: ReadonlySet<FaultKind> = new Set(['kill', 'blackout', 'pause', 'clock', 'full-disk']);

/** Undoes a fault. */
type Heal = () => Promise<void>;

export interface Battlefield {
  readonly kiosks: Kiosks;
  readonly operator: Operator;
  readonly recorder: Recorder;
  readonly hosts: Hosts | null;
  readonly disk: SmallDisk | null;
}

/** Carries a plan of faults out, and undoes every one of them. */
export class Nemesis {
  /** How many of each kind were done. */
  readonly done = new Map<FaultKind, number>();
  /** What could not be done or undone. */
  readonly problems: string[] = [];
  private turn: Promise<void> = Promise.resolve();
  /** Times that the full disk ended its kiosk's voting. */
  faulty = 0;

  constructor(private readonly field: Battlefield) {}

  /** Resolves when every fault is undone. */
  async run(plan: readonly PlannedFault[]): Promise<void> {
    const began = now();
    await Promise.all(
      plan.map(async (planned) => {
        await pause(Math.max(0, planned.at - (now() - began)));
        const late = () => now() - began > planned.at + planned.lastsMs;
        await (TO_PROCESSES.has(planned.fault.kind) ? this.inTurn(planned, late) : this.carryOut(planned));
      }),
    );
    await this.field.operator.done();
  }

  /** What is done to processes waits until the one before it is undone, which a busy machine may delay; it is left out if its time is over by then. */
  private inTurn(planned: PlannedFault, late: () => boolean): Promise<void> {
    this.turn = this.turn.then(() => (late() ? undefined : this.carryOut(planned)));
    return this.turn;
  }

  private async carryOut({ fault, lastsMs }: PlannedFault): Promise<void> {
    const start = now();
    try {
      const heal = await this.inject(fault);
      if (heal === null) return;
      this.done.set(fault.kind, (this.done.get(fault.kind) ?? 0) + 1);
      await pause(lastsMs);
      await heal();
    } catch (error) {
      this.problems.push(`${faultWords(fault)}: ${(error as Error).message}`);
    } finally {
      this.field.recorder.add({ type: 'fault', what: faultWords(fault), start, end: now() });
    }
  }

  /** Null if there was nothing to do it to. */
  private async inject(fault: Fault): Promise<Heal | null> {
    const { kiosks, operator, disk } = this.field;
    switch (fault.kind) {
      case 'kill': {
        const kiosk = await this.resolve(fault.target);
        await kiosks.kill(kiosk);
        return () => kiosks.start(kiosk);
      }
      case 'blackout':
        await kiosks.killAll();
        return () => kiosks.startAll();
      case 'pause': {
        const kiosk = await this.resolve(fault.target);
        kiosks.signal(kiosk, 'SIGSTOP');
        return async () => kiosks.signal(kiosk, 'SIGCONT');
      }
      case 'clock': {
        const kiosk = await this.resolve(fault.target);
        await kiosks.setClock(kiosk, fault.seconds);
        return async () => kiosks.setClock(kiosk, 0);
      }
      case 'full-disk':
        return disk === null ? null : this.fillDisk(disk);
      case 'members':
        return operator.change() ? async () => {} : null;
      case 'isolate':
      case 'split':
      case 'cut-off':
      case 'one-way':
      case 'loss':
      case 'slow':
        return this.field.hosts === null ? null : this.onLinks(fault, this.field.hosts);
    }
  }

  private async onLinks(
    fault: Extract<Fault, { kind: 'isolate' | 'split' | 'cut-off' | 'one-way' | 'loss' | 'slow' }>,
    hosts: Hosts,
  ): Promise<Heal | null> {
    switch (fault.kind) {
      case 'isolate':
        // The site never has fewer than three members: one kiosk alone is a minority.
        return this.isolate([await this.resolve(fault.target)], DIRECTIONS, hosts);
      case 'cut-off':
        return this.isolate(fault.side, fault.directions, hosts);
      case 'split':
        return this.cut(fault.side, DIRECTIONS, hosts);
      case 'one-way': {
        const kiosk = await this.resolve(fault.target);
        const others = fault.others.filter((other) => other !== kiosk);
        if (others.length === 0) return null;
        await hosts.cut(kiosk, others, fault.direction);
        return () => hosts.mend(kiosk, others, fault.direction);
      }
      case 'loss': {
        const kiosk = await this.resolve(fault.target);
        await hosts.lose(kiosk, fault.share);
        return () => hosts.loseNoMore(kiosk, fault.share);
      }
      case 'slow': {
        const kiosk = await this.resolve(fault.target);
        await hosts.slow(kiosk);
        return () => hosts.slowNoMore(kiosk);
      }
    }
  }

  private async cut(side: readonly KioskId[], directions: readonly Direction[], hosts: Hosts): Promise<Heal> {
    const cuts = side.flatMap((kiosk) => directions.map((direction) => [kiosk, this.without(side), direction] as const));
    for (const cut of cuts) await hosts.cut(...cut);
    return async () => {
      for (const cut of cuts) await hosts.mend(...cut);
    };
  }

  /** Cuts a minority off, which the checker is told of: it must not sell, and the others must. */
  private async isolate(kiosks: readonly KioskId[], directions: readonly Direction[], hosts: Hosts): Promise<Heal> {
    const mend = await this.cut(kiosks, directions, hosts);
    const start = now();
    return async () => {
      this.field.recorder.add({ type: 'isolation', kiosks, hears: !directions.includes('in'), start, end: now() });
      await mend();
    };
  }

  private async fillDisk(disk: SmallDisk): Promise<Heal> {
    const { kiosks, operator } = this.field;
    await disk.fill();
    return async () => {
      const status = await operator.status(disk.kiosk);
      await disk.free();
      if (status?.role !== 'faulty') return;
      // As its screen says: free some space, then start this kiosk again.
      this.faulty += 1;
      await kiosks.kill(disk.kiosk);
      await kiosks.start(disk.kiosk);
    };
  }

  private async resolve(target: Target): Promise<KioskId> {
    if (target !== 'leader') return target;
    return (await this.field.operator.leader()) ?? this.field.kiosks.all[0]!;
  }

  private without(kiosks: readonly KioskId[]): readonly KioskId[] {
    return this.field.kiosks.all.filter((kiosk) => !kiosks.includes(kiosk));
  }
}
