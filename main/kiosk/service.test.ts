import { expect, it } from 'vitest';
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
