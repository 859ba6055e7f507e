import { expect, it } from 'vitest';
import { said } from '../../shared/said';
import { Outbox } from './outbox';
import type { Snapshot } from './types';

const SNAPSHOT: Snapshot = { slot: 1, hash: '', parts: [] };

it.each<[string, (out: Outbox) => void, object]>([
  ['a record', (out) => out.write({ t: 'chosen', slot: 1 }, 0), { writes: [{ lsn: 1, record: { t: 'chosen', slot: 1 } }] }],
  [
    'a message',
    (out) => out.send(2, { t: 'read', id: 'r', hops: 0 }),
    { messages: [{ to: 2, message: { t: 'read', id: 'r', hops: 0 }, after: 0 }] },
  ],
  ['a confirmed read', (out) => out.readReady('r', 3), { reads: [{ id: 'r', index: 3 }] }],
  ['a departure', (out) => out.depart('b'), { departed: ['b'] }],
  ['a snapshot', (out) => out.install(SNAPSHOT), { install: SNAPSHOT }],
  ['what was forgotten', (out) => out.forget(said('foreign_page')), { amnesia: said('foreign_page') }],
  ['a broken invariant', (out) => out.fail('two values'), { fatal: 'two values' }],
])('%s is handed out though there is nothing else', (_, fill, expected) => {
  const nothing = { writes: [], messages: [], committed: [], reads: [], departed: [], install: null, amnesia: null, fatal: null };
  const out = new Outbox();
  expect(out.take([])).toEqual(nothing);
  fill(out);
  expect(out.take([])).toEqual({ ...nothing, ...expected });
  const { amnesia, fatal, ...rest } = out.take([]);
  // A fault stays one; everything else is handed out once.
  expect(rest).toEqual({ writes: [], messages: [], committed: [], reads: [], departed: [], install: null });
  expect([amnesia, fatal]).toEqual([(expected as { amnesia?: object }).amnesia ?? null, (expected as { fatal?: string }).fatal ?? null]);
});
