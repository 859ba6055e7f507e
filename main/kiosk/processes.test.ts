import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BuyAnswer, ShowAnswer, StatusAnswer } from '../../shared/answers';
import { skipBecause } from '../../shared/testing/skip';
import { inPrivateNamespace, PROGRAMS, Processes } from './testing/processes';

let site: Processes;
beforeEach(async () => {
  site = await Processes.make();
});
afterEach(() => site.remove());

async function startThree(): Promise<void> {
  await Promise.all([1, 2, 3].map((kiosk) => site.start(kiosk)));
  // Refused until the site is open; under one id it is sold once.
  await expect.poll(async () => (await site.client(1, ['buy', '1', '--id', 'first'])).status, { timeout: 20_000 }).toBe(0);
  await expect
    .poll(async () => (await site.client(1, ['status'])).answers[0], { timeout: 20_000 })
    .toMatchObject({ majority: true, members: [1, 2, 3] });
}

async function sold(kiosk: number): Promise<number> {
  const [show] = (await site.client(kiosk, ['show'])).answers as unknown as [ShowAnswer];
  return show.state.events[0]!.sold;
}

describe('three headless kiosks', () => {
  it('sell, show and tell their state, in JSON and in text', async () => {
    await startThree();
    const base = await sold(1);
    const buy = await site.client(2, ['buy', '2', 'match/adult', '--id', 'mine']);
    expect(buy.status).toBe(0);
    expect(buy.answers).toHaveLength(1);
    expect(buy.answers[0]).toEqual({
      ok: true,
      line: 1,
      op: 'buy',
      requestId: 'mine',
      sale: expect.stringMatching(/^\d+\.1$/),
      event: 'match',
      tickets: [base + 1, base + 2],
      items: [{ event: 'match', category: 'adult', n: 2, tickets: [base + 1, base + 2] }],
      total: 2400,
      payment: { kind: 'cash', given: 2400, change: 0 },
      shift: null,
      remaining: 98 - base,
      slot: expect.any(Number),
    });
    const again = await site.client(3, ['buy', '2', 'match/adult', '--id', 'mine']);
    expect(again.answers[0]).toEqual(buy.answers[0]);
    expect((await site.client(1, ['buy', '3', '--id', 'mine'])).answers[0]).toMatchObject({
      ok: false,
      reason: 'id_reused',
      requestId: 'mine',
    });
    const text = await site.client(1, ['show'], { json: false });
    const [state, founding, ...entries] = text.stdout.trim().split('\n');
    expect(state).toMatch(/^match: \d+ of 100 left \| members 1 2 3, leader [123], applied \d+, confirmed$/);
    expect(founding).toBe('1  0.0.1  founding  members 1 2 3, event match (100)');
    expect(entries.join('\n')).toMatch(/kiosk 2 {3}buy 2 match -> sale \d+\.1, tickets \d+-\d+ \(mine\)/);
    const [status] = (await site.client(3, ['status'])).answers as unknown as [StatusAnswer & { line: number }];
    expect(status).toMatchObject({
      ok: true,
      line: 1,
      op: 'status',
      kiosk: 3,
      members: [1, 2, 3],
      connected: [1, 2],
      majority: true,
      problem: null,
      notSelling: null,
    });
    expect(status.runtime).toBe(`node ${process.versions.node}`);
    const show = (await site.client(3, ['show', '--last', '1'])).answers[0] as unknown as ShowAnswer;
    expect(show).toMatchObject({ confirmed: true, firstSlot: 1, state: { members: [1, 2, 3] } });
    expect(show.log).toHaveLength(1);
  });

  it('answer a prompt line by line, several in flight, with the highest exit status', async () => {
    await startThree();
    const run = await site.client(2, null, { input: 'buy 1\nbuy two\n\nshow --last 1\nhelp\nbuy 101\nbuy 1 nowhere\n' });
    const byLine = [...run.answers].sort((a, b) => a.line - b.line);
    expect(byLine.map(({ line, op, ok }) => [line, op, ok])).toEqual([
      [1, 'buy', true],
      [2, 'buy', false],
      [4, 'show', true],
      [5, 'help', true],
      [6, 'buy', false],
      [7, 'buy', false],
    ]);
    for (const answer of byLine) if (answer.op === 'buy') expect(answer).toHaveProperty('requestId');
    expect(run.status).toBe(2);
    expect(run.stdout.split('\n').filter((line) => line !== '' && !line.startsWith('{'))).toEqual([]);
  });

  it('S18: lose nothing through kill -9 of each in turn, and sell nothing twice', async () => {
    await startThree();
    const acknowledged = new Map<string, readonly number[]>();
    for (const victim of [1, 2, 3]) {
      const others = [1, 2, 3].filter((kiosk) => kiosk !== victim);
      const sales = Array.from({ length: 6 }, (_, index) => ({ id: `v${victim}-${index}`, kiosk: [1, 2, 3][index % 3]! }));
      const running = sales.map(({ id, kiosk }) => site.client(kiosk, ['buy', '1', '--id', id, '--timeout', '3000']));
      await site.end(victim);
      await Promise.all(running);
      // Wherever it was first asked: asked again elsewhere, each id is sold once.
      for (const { id } of sales) {
        const { answers } = await site.client(others[0]!, ['buy', '1', '--id', id, '--timeout', '10000']);
        expect(answers[0]).toMatchObject({ ok: true, requestId: id });
        acknowledged.set(id, (answers[0] as unknown as BuyAnswer).tickets);
      }
      await site.start(victim);
    }
    const numbers = [...acknowledged.values()].flat();
    expect(new Set(numbers).size).toBe(18);
    for (const kiosk of [1, 2, 3]) {
      for (const [id, tickets] of acknowledged) {
        expect((await site.client(kiosk, ['buy', '1', '--id', id])).answers[0]).toMatchObject({ ok: true, tickets });
        if (acknowledged.size > 6 && id.endsWith('-2')) break;
      }
      expect(await sold(kiosk)).toBe(19);
    }
  });

  it('S19: ask again for a sale that nobody answered, and it is paid as was said first', async () => {
    await startThree();
    const [status] = (await site.client(1, ['status'])).answers as unknown as [StatusAnswer];
    const clerk = [1, 2, 3].find((kiosk) => kiosk !== status.leader)!;
    const others = [1, 2, 3].filter((kiosk) => kiosk !== clerk);
    const connection = await site.connect(clerk);
    for (const kiosk of others) site.signal(kiosk, 'SIGSTOP');
    const sale = { op: 'buy', id: 'by-card', items: [{ n: 2 }], payment: { kind: 'card' }, timeoutMs: 1_000 } as const;
    expect(await connection.execute({ ...sale, items: [...sale.items] })).toMatchObject({ ok: false, reason: 'timeout' });
    connection.close();
    // What was on its way to the leader dies with it.
    for (const kiosk of others) await site.end(kiosk);
    for (const kiosk of others) await site.start(kiosk);
    await expect
      .poll(async () => (await site.client(clerk, ['buy', '2', '--id', 'by-card'])).answers[0], { timeout: 20_000 })
      .toMatchObject({ ok: true, payment: { kind: 'card' } });
  });

  it('take in kiosk 4, with progress, and let one go; a dead newcomer stops nobody', async () => {
    await startThree();
    const absent = await site.client(1, ['add_kiosk', '4', '--timeout', '500']);
    expect(absent.status).toBe(4);
    expect(absent.answers.at(-1)).toMatchObject({ ok: false, reason: 'timeout', op: 'add_kiosk' });
    expect((await site.client(2, ['buy', '1'])).status).toBe(0);
    await site.start(4);
    const added = await site.client(1, ['add_kiosk', '4']);
    expect(added.status).toBe(0);
    expect(added.answers.at(-1)).toMatchObject({ ok: true, op: 'add_kiosk', kiosk: 4, members: [1, 2, 3, 4] });
    for (const progress of added.answers.slice(0, -1))
      expect(progress).toMatchObject({
        ok: true,
        line: 1,
        op: 'add_kiosk',
        progress: expect.stringMatching(/^(contacting|catching_up|voting)$/),
        percent: expect.any(Number),
      });
    // Each step is told once, however long it takes; one may come again where the newcomer was out of reach for a moment.
    for (const { answers } of [absent, added]) {
      const steps = answers.slice(0, -1).map((answer) => JSON.stringify(answer));
      expect(steps.filter((step, index) => step === steps[index - 1])).toEqual([]);
    }
    expect((await site.client(4, ['buy', '2'])).status).toBe(0);
    expect((await site.client(4, ['change', 'remove', '1'])).answers.at(-1)).toMatchObject({ ok: true, op: 'change', members: [2, 3, 4] });
    await expect.poll(async () => (await site.client(1, ['status'])).answers[0], { timeout: 10_000 }).toMatchObject({ role: 'removed' });
    const refused = await site.client(1, ['buy', '1']);
    expect(refused.answers[0]).toMatchObject({ ok: false, reason: 'no_majority', message: expect.stringContaining('was removed') });
    expect((await site.client(3, ['change', 'remove', '9'])).answers.at(-1)).toMatchObject({ ok: false, reason: 'unknown_kiosk' });
    expect((await site.client(3, ['add_kiosk', '99'])).answers.at(-1)).toMatchObject({ ok: false, reason: 'unknown_kiosk' });
  });

  it('hand over and leave in order on SIGTERM and stop, and die at once on exit', async () => {
    await startThree();
    const [status] = (await site.client(1, ['status'])).answers as unknown as [StatusAnswer];
    const leader = status.leader!;
    const [one = 0, two = 0] = [1, 2, 3].filter((kiosk) => kiosk !== leader);
    expect(await site.end(leader, 'SIGTERM')).toBe(0);
    expect((await site.client(one, ['buy', '1'])).status).toBe(0);
    await site.start(leader);
    const exit = await site.client(two, ['exit']);
    expect(exit).toMatchObject({ status: 0, answers: [{ ok: true, op: 'exit', line: 1 }] });
    expect(await site.gone(two)).toBe('SIGKILL');
    const stop = await site.client(one, ['stop']);
    expect(stop).toMatchObject({ status: 0, answers: [{ ok: true, op: 'stop' }] });
    expect(await site.gone(one)).toBe(0);
  });

  it('S21: refuse alone within a second, in words, and show what they last knew', async () => {
    await startThree();
    await Promise.all([site.end(2), site.end(3)]);
    await expect.poll(async () => (await site.client(1, ['status'])).answers[0], { timeout: 10_000 }).toMatchObject({ majority: false });
    const began = performance.now();
    const { answers, status } = await site.client(1, ['buy', '1']);
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(status).toBe(1);
    expect(answers[0]).toMatchObject({ ok: false, reason: 'no_majority', message: expect.stringContaining('reaches 1 of 3 members') });
    expect((await site.client(1, ['show'])).answers[0]).toMatchObject({ ok: true, confirmed: false, ageSeconds: expect.any(Number) });
    await site.start(3);
    await expect.poll(async () => (await site.client(1, ['buy', '1', '--id', 'later'])).status, { timeout: 20_000 }).toBe(0);
  });
});

describe('the log file', () => {
  it('holds what the kiosk said, from wherever it was started, and no PIN, key or code', async () => {
    await startThree();
    const pin = '718293645';
    expect((await site.client(1, ['clerk', 'add', 'mia', '--pin', pin, '--may', 'all'])).answers[0]).toMatchObject({ ok: true });
    expect((await site.client(1, ['clerk', 'change', 'mia', '--pin', `${pin}0`])).answers[0]).toMatchObject({ ok: true });
    expect((await site.client(1, ['clerk', 'add', 'max', '--pin', `${pin}x`])).answers[0]).toMatchObject({ ok: false });
    await site.program('site', ['rotate', site.siteFolder]);
    await site.program('site', ['renew', site.siteFolder]);
    await expect.poll(() => site.words(1), { timeout: 20_000 }).toMatch(/the certificate of kiosk 1 was renewed/);
    const log = () => readFile(path.join(site.data(1), 'logs', 'kiosk.log'), 'utf8');
    // It says more meanwhile, and writes the same into the file a moment later.
    const said = site.words(1).trim().split('\n');
    const missing = async () => {
      const text = await log();
      return said.filter((line) => !text.includes(line));
    };
    await expect.poll(missing, { timeout: 20_000 }).toEqual([]);
    const text = await log();
    expect(text).toContain('kiosk 1 of site test runs');
    const secrets = [pin, 'PRIVATE KEY', 'QK2'];
    for (const name of ['kiosk.key', 'tickets.key']) {
      const [, line] = (await readFile(path.join(site.siteFolder, 'certificates/kiosk-1', name), 'utf8')).split('\n');
      secrets.push(line!);
    }
    for (const secret of secrets) expect(text).not.toContain(secret);
    // Nor anywhere else: the PIN is there as a hash alone. A kiosk that runs has files that come and go.
    await site.end(1, 'SIGTERM');
    for (const entry of await readdir(site.data(1), { recursive: true, withFileTypes: true }))
      if (entry.isFile()) expect((await readFile(path.join(entry.parentPath, entry.name))).includes(pin), entry.name).toBe(false);
  });
});

describe('bad input', () => {
  it.each([
    ['0', /whole number from 1 to 100, not "0"/],
    ['-1', /whole number from 1 to 100, not "-1"/],
    ['1.5', /whole number from 1 to 100, not "1.5"/],
    ['1e9', /whole number from 1 to 100, not "1e9"/],
    ['two', /whole number from 1 to 100, not "two"/],
    ['101', /at most 100 tickets, not 101/],
  ])('buy %s is refused in words, exit status 2', async (n, words) => {
    const { status, answers } = await site.client(1, ['buy', n]);
    expect(status).toBe(2);
    expect(answers[0]).toMatchObject({ ok: false, op: 'buy', reason: 'bad_request', message: expect.stringMatching(words) });
  });

  it('names what is wrong with an event, a site file, a port, a certificate and a second process', async () => {
    expect((await site.client(1, ['buy', '1'])).answers[0]).toMatchObject({
      reason: 'unreachable',
      message: expect.stringContaining('npm run kiosk -- 1'),
    });
    await startThree();
    expect((await site.client(1, ['buy', '1', 'nowhere'])).answers[0]).toMatchObject({
      reason: 'bad_request',
      message: 'there is no event "nowhere"; events: match',
    });
    expect((await site.client(1, ['buy', '1', 'match/senior'])).answers[0]).toMatchObject({
      reason: 'bad_request',
      message: expect.stringContaining('categories: adult'),
    });
    const second = await site.refused(1);
    expect(second).toMatchObject({ status: 1, stderr: expect.stringMatching(/another process already uses the data folder/) });
    expect(await site.refused(77)).toMatchObject({ status: 1, stderr: expect.stringMatching(/kiosk 77 is not in the site file/) });

    const busy = net.createServer();
    const port = await new Promise<number>((resolve) =>
      busy.listen(0, '127.0.0.1', () => resolve((busy.address() as net.AddressInfo).port)),
    );
    const original = await site.editSite((file) => ({
      ...file,
      kiosks: file.kiosks.map((kiosk) => (kiosk.id === 4 ? { ...kiosk, port } : kiosk)),
    }));
    expect(await site.refused(4)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(new RegExp(`port ${port} on 127.0.0.1 is in use`)),
    });
    busy.close();
    await once(busy, 'close');

    const certificate = path.join(site.siteFolder, 'certificates', 'kiosk-4', 'kiosk.crt');
    await writeFile(certificate, await readFile(path.join(site.siteFolder, 'certificates', 'kiosk-5', 'kiosk.crt')));
    expect(await site.refused(4)).toMatchObject({ status: 1, stderr: expect.stringMatching(/kiosk-5/) });

    await site.editSite(() => ({ ...original, events: [{ ...original.events[0]!, capacity: 0 }] }));
    expect(await site.refused(5)).toMatchObject({ status: 1, stderr: expect.stringMatching(/site\.json.*events\[0\]\.capacity/) });
    await writeFile(site.siteFile, '{ "site": ');
    expect(await site.refused(5)).toMatchObject({ status: 1, stderr: expect.stringMatching(/not valid JSON/) });
    // Nothing was lost by any of it.
    await site.editSite(() => original).catch(() => writeFile(site.siteFile, JSON.stringify(original)));
    expect((await site.client(2, ['buy', '1'])).status).toBe(0);
  });

  it('a data folder with a long path still has its client', async () => {
    const single = await Processes.make(['match=10'], 1, 1);
    try {
      const deep = path.join(single.folder, 'a'.repeat(60), 'b'.repeat(60));
      await mkdir(deep, { recursive: true });
      await single.start(1, deep);
      const run = await single.program('client', [
        '1',
        '--site',
        single.siteFile,
        '--data',
        deep,
        '--json',
        'buy',
        '1',
        '--timeout',
        '20000',
      ]);
      expect(run.answers[0]).toMatchObject({ ok: true, tickets: [1] });
    } finally {
      await single.remove();
    }
  });
});

describe('a power cut', () => {
  /** A kiosk on a file system of its own; its backing file is copied while it sells: that is what the disk would hold after the cut. */
  const SCRIPT = `
    work=$1; programs=$2; node=$3; site=$4
    truncate -s 64M $work/disk; mkfs.ext4 -q -E nodiscard $work/disk; mkdir -p $work/live $work/after
    mount -o loop $work/disk $work/live
    $node $programs/kiosk.js 1 --site $site --data $work/live/k1 > $work/ready 2>&1 & kiosk=$!
    for i in $(seq 200); do grep -q ready $work/ready && break; sleep 0.05; done
    for i in $(seq 300); do echo buy 1 --id cut-$i --timeout 20000; done | $node $programs/client.js 1 --site $site --data $work/live/k1 --json > $work/acks & client=$!
    for i in $(seq 400); do [ $(wc -l < $work/acks) -ge 60 ] && break; sleep 0.02; done
    wc -l < $work/acks > $work/count
    cp $work/disk $work/copy
    wait $client; kill -9 $kiosk; wait $kiosk 2>/dev/null || true
    umount $work/live; mount -o loop $work/copy $work/after
    $node $programs/kiosk.js 1 --site $site --data $work/after/k1 > $work/ready2 2>&1 & kiosk=$!
    for i in $(seq 200); do grep -q ready $work/ready2 && break; sleep 0.05; done
    for i in $(seq 100); do $node $programs/client.js 1 --site $site --data $work/after/k1 --json show > $work/show && grep -q '"confirmed":true' $work/show && break; sleep 0.1; done
    kill -9 $kiosk; wait $kiosk 2>/dev/null || true
    umount $work/after
    cat $work/ready2 >&2
  `;

  it('loses no sale that was acknowledged before it', { timeout: 120_000 }, async (context) => {
    const single = await Processes.make(['match=1000'], 1, 1);
    try {
      const work = path.join(single.folder, 'disk');
      await mkdir(work);
      const ran = await inPrivateNamespace(SCRIPT, [work, PROGRAMS, process.execPath, single.siteFile]);
      if (ran === null) skipBecause(context, 'needs root: it mounts a file system of its own');
      const count = Number(await readFile(path.join(work, 'count'), 'utf8'));
      const acks = (await readFile(path.join(work, 'acks'), 'utf8'))
        .split('\n')
        .slice(0, count)
        .map((line) => JSON.parse(line) as BuyAnswer);
      const show = JSON.parse(await readFile(path.join(work, 'show'), 'utf8')) as ShowAnswer;
      const kept = new Map(show.log.flatMap(({ commands }) => commands).map((command) => [command.requestId, command.result.tickets]));
      expect(count).toBeGreaterThanOrEqual(60);
      for (const ack of acks) expect(kept.get(ack.requestId), ack.requestId).toEqual(ack.tickets);
    } finally {
      await single.remove();
    }
  });
});
