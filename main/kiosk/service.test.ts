import { expect, it } from 'vitest';
import type { LogEntryView } from '../../shared/answers';
import { Service, type ServiceParts } from './service';

/** A kiosk that reaches no majority. */
function stranded(fetching: { readonly have: number; readonly of: number } | null) {
  const recovered: unknown[] = [];
  const replica = { members: [{}], majority: false, selling: false, fetching, generation: 2 };
  const parts = {
    site: 'test',
    problem: () => null,
    replica: () => replica,
    recover: (heldBack: unknown) => void recovered.push(heldBack),
    onAnswered: () => {},
  };
  return { service: new Service(parts as unknown as ServiceParts), recovered };
}

it('rule 8: a kiosk is not recovered while a snapshot takes the place of its log: what it begins would stand in neither', async () => {
  for (const fetching of [
    { have: 3, of: 7 },
    { have: 1, of: 1 },
  ]) {
    const { service, recovered } = stranded(fetching);
    expect(await service.execute({ op: 'recover', site: 'test' })).toMatchObject({
      ok: false,
      reason: 'not_allowed',
      said: { code: 'recover_while_fetching' },
    });
    expect(recovered).toEqual([]);
  }
  const { service, recovered } = stranded(null);
  expect(await service.execute({ op: 'recover', site: 'test' })).toEqual({ ok: true, op: 'recover', generation: 2 });
  expect(recovered).toHaveLength(1);
});

it.each([
  ['a long log of large batches', 28, undefined],
  ['the same, of one event', 28, 'match'],
  ['no-ops', 0, undefined],
])('`show` ends an answer early rather than hold up the kiosk, and says where to go on: %s', async (_, sales, event) => {
  const LAST = 2_000;
  const entry = (slot: number): LogEntryView => ({ slot, commands: Array(sales).fill({}) }) as unknown as LogEntryView;
  let longest = 0;
  const range = async (from: number, to: number) => {
    longest = Math.max(longest, to - from + 1);
    return Array.from({ length: to - from + 1 }, (_unused, index) => entry(from + index));
  };
  const parts = {
    problem: () => null,
    replica: () => ({ members: [], leader: null }),
    tickets: () => ({ events: () => [], applied: LAST, hash: '' }),
    reads: { ageSeconds: () => 0 },
    history: { last: LAST, firstSlot: 1, range, ofEvent: (_event: string, from: number, to: number) => range(from, to) },
    onAnswered: () => {},
  };
  const service = new Service(parts as unknown as ServiceParts);
  const slots: number[] = [];
  let answers = 0;
  for (let from: number | undefined = 1; from !== undefined; answers += 1) {
    const answer = await service.execute({ op: 'show', from, last: LAST, confirm: false, ...(event === undefined ? {} : { event }) });
    if (!answer.ok || answer.op !== 'show') throw new Error(JSON.stringify(answer));
    expect(answer.log.reduce((sum, { commands }) => sum + commands.length, 0)).toBeLessThan(7_000);
    slots.push(...answer.log.map(({ slot }) => slot));
    from = answer.nextSlot;
  }
  expect(slots).toEqual(Array.from({ length: LAST }, (_unused, index) => index + 1));
  expect(answers).toBe(sales === 0 ? 1 : 11);
  expect(longest).toBe(64);
  // Where less is asked for, it goes on after that, and not at all beyond the end.
  for (const [from, last, nextSlot] of [
    [1, 3, 4],
    [LAST - 2, 3, undefined],
    [LAST - 2, 2, LAST],
    [LAST + 5, 9, undefined],
  ] as const) {
    expect(await service.execute({ op: 'show', from, last, confirm: false })).toMatchObject({
      ok: true,
      ...(nextSlot === undefined ? {} : { nextSlot }),
    });
    expect('nextSlot' in (await service.execute({ op: 'show', from, last, confirm: false }))).toBe(nextSlot !== undefined);
  }
});
