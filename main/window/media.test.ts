import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createSite } from '../site/create';
import { writeProvisioning } from '../site/provisioning';
import { findProvisioningFiles, foundFile, mediaFolders } from './media';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'qk-media-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('finds provisioning files at the top of a stick and in its folder, and passes over what is none', async () => {
  const events = [{ id: 'match', name: 'Match', capacity: 10, categories: [{ id: 'adult', name: 'Adult', price: 0 }] }];
  const site = path.join(folder, 'site');
  await createSite({ folder: site, site: 'gate', kiosks: 2, members: 1, host: '127.0.0.1', basePort: 7401, events, from: null });
  const media = path.join(folder, 'media');
  await writeProvisioning(site, path.join(media, 'STICK'), 2);
  await writeProvisioning(site, path.join(media, 'OTHER', 'provisioning'), 1);
  await writeFile(path.join(media, 'STICK', 'broken.provision'), 'nothing');
  await mkdir(path.join(media, 'STICK', 'folder.provision'));
  const found = await findProvisioningFiles([media, path.join(folder, 'none')]);
  expect(found.map(({ site: of, kiosk, name }) => ({ of, kiosk, name }))).toEqual([
    { of: 'gate', kiosk: 1, name: 'Kiosk 1' },
    { of: 'gate', kiosk: 2, name: 'Kiosk 2' },
  ]);
});

it('tells of a file that is none by a sentence which the page has in its own language', () => {
  expect(() => foundFile('a letter')).toThrow(expect.objectContaining({ said: { code: 'no_provisioning_file', values: [] } }));
});

it('looks where each system mounts sticks', () => {
  expect(mediaFolders('linux', 'ann')).toEqual(['/media/ann', '/run/media/ann', '/media', '/mnt']);
  expect(mediaFolders('darwin', 'ann')).toEqual(['/Volumes']);
  expect(mediaFolders('win32', 'ann')).toEqual([]);
});
