import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXPIRY_WARNING_MS } from '../../shared/constants';
import { type Bundle, bundleFolder, expiryOf, loadBundle, siteFileIn } from '../site/load';
import { runSite } from '../site/program';
import { Credentials } from './credentials';

const HOUR_MS = 60 * 60 * 1000;
const QUIET = { out: () => undefined, error: () => undefined };

let folder: string;
let now: number;
let said: string[];
let bundle: Bundle;
let credentials: Credentials;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'qk-credentials-'));
  expect(await runSite(['create', folder, '--site', 'one', '--kiosks', '1'], QUIET)).toBe(0);
  const loaded = await loadBundle(folder, 1);
  if (!loaded.ok) throw new Error(loaded.sentence);
  bundle = loaded.value;
  now = Date.now();
  said = [];
  const uid = /OU=(\w+)/.exec(new X509Certificate(bundle.ca).subject)![1]!;
  credentials = new Credentials({ sitePath: siteFileIn(folder), kiosk: 1, uid, now: () => now, log: (line) => said.push(line) }, bundle);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("a kiosk's certificate", () => {
  it('is warned of once a day from 45 days before its end on, and told to have ended', async () => {
    const ends = expiryOf(bundle);
    now = ends - EXPIRY_WARNING_MS - HOUR_MS;
    await credentials.renewed();
    expect([credentials.view, said]).toEqual([{ expiresAt: ends, state: 'good' }, []]);
    now = ends - EXPIRY_WARNING_MS + HOUR_MS;
    for (let hour = 0; hour < 48; hour += 1) {
      await credentials.renewed();
      now += HOUR_MS;
    }
    expect(credentials.view.state).toBe('soon');
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(
      /^the certificate of kiosk 1 expires on 20\d\d-\d\d-\d\d, .*renew it where the site was made \(npm run site -- renew <folder> --kiosk 1\)/,
    );
    now = ends;
    await credentials.renewed();
    expect(credentials.view.state).toBe('expired');
    expect(said.at(-1)).toMatch(/^the certificate of kiosk 1 expired on /);
  });

  it('is taken anew from its place, whole and right, and left as it was otherwise', async () => {
    expect(await credentials.renewed()).toBeNull();
    const certificate = path.join(bundleFolder(folder, 1), 'kiosk.crt');
    expect(await runSite(['renew', folder], QUIET)).toBe(0);
    const renewed = await loadBundle(folder, 1);
    if (!renewed.ok) throw new Error(renewed.sentence);
    // A key without its certificate: half of it was copied.
    await writeFile(certificate, bundle.cert);
    expect(await credentials.renewed()).toBeNull();
    await writeFile(certificate, 'nothing');
    expect(await credentials.renewed()).toBeNull();
    expect(credentials.bundle).toEqual(bundle);
    await writeFile(certificate, renewed.value.cert);
    expect(await credentials.renewed()).toEqual(renewed.value);
    expect(said.at(-1)).toMatch(/^the certificate of kiosk 1 was renewed: it is good until 20/);
    expect(await credentials.renewed()).toBeNull();
  });
});
