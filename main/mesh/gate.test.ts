import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Gate } from './gate';
import { ADDRESSES_MAX, HANDSHAKES_BURST, HANDSHAKES_PER_SECOND, STRANGERS_MAX, STRANGERS_PER_ADDRESS } from './settings';

let port = 1_000;

class Caller extends EventEmitter {
  readonly remotePort = ++port;
  destroyed = false;
  constructor(readonly remoteAddress: string) {
    super();
  }
  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit('close');
  }
}

function gateAt() {
  const clock = { now: 0 };
  const floods: string[] = [];
  const gate = new Gate(
    () => clock.now,
    (address) => floods.push(address),
  );
  const call = (address = '10.0.0.1') => {
    const caller = new Caller(address);
    return { caller, admitted: gate.admits(caller as unknown as Socket) };
  };
  return { gate, clock, floods, call };
}

describe('the gate before TLS', () => {
  it('lets one address have so many open handshakes, and closes the rest unread', () => {
    const { gate, floods, call } = gateAt();
    const calls = Array.from({ length: STRANGERS_PER_ADDRESS + 5 }, () => call());
    expect(calls.filter(({ admitted }) => admitted)).toHaveLength(STRANGERS_PER_ADDRESS);
    expect(calls.filter(({ caller }) => caller.destroyed)).toHaveLength(5);
    expect(floods).toEqual(Array.from({ length: 5 }, () => '10.0.0.1'));
    expect(call('10.0.0.2').admitted).toBe(true);
    calls[0]!.caller.destroy();
    expect(call().admitted).toBe(true);
    expect(gate.strangers).toBe(STRANGERS_PER_ADDRESS + 1);
  });

  it('lets one address begin so many a second, after a burst', () => {
    const { clock, call } = gateAt();
    const burst = () => {
      // More than can be let in, and no more than ends: without a limit it would go on for ever.
      const calls = Array.from({ length: 2 * HANDSHAKES_BURST }, () => {
        const made = call();
        made.caller.destroy();
        return made;
      });
      return calls.filter(({ admitted }) => admitted).length;
    };
    expect(burst()).toBe(HANDSHAKES_BURST);
    clock.now += 1_000;
    expect(burst()).toBe(HANDSHAKES_PER_SECOND);
    clock.now += 1_000_000;
    expect(burst()).toBe(HANDSHAKES_BURST);
  });

  it('has room for so many strangers in all; kiosks that proved themselves take none of it', () => {
    const { gate, call } = gateAt();
    const calls = Array.from({ length: STRANGERS_MAX }, (_, index) => call(`10.0.1.${index}`));
    expect(calls.every(({ admitted }) => admitted)).toBe(true);
    expect(call('10.0.2.1').admitted).toBe(false);
    for (const { caller } of calls) gate.proved(caller as unknown as Socket);
    expect(gate.strangers).toBe(0);
    expect(call('10.0.2.1').admitted).toBe(true);
    for (const { caller } of calls) caller.destroy();
    expect(gate.strangers).toBe(1);
  });

  it('a kiosk that proves itself may call again at once, however often', () => {
    const { gate, call } = gateAt();
    for (let turn = 0; turn < 5 * HANDSHAKES_BURST; turn += 1) {
      const { caller, admitted } = call();
      expect(admitted).toBe(true);
      gate.proved(caller as unknown as Socket);
      caller.destroy();
    }
  });

  it('remembers a bounded number of addresses', () => {
    const { gate, call } = gateAt();
    for (let index = 0; index < 4 * ADDRESSES_MAX; index += 1)
      call(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`).caller.destroy();
    expect((gate as unknown as { addresses: Map<string, unknown> }).addresses.size).toBe(ADDRESSES_MAX);
    expect(gate.strangers).toBe(0);
  });
});
