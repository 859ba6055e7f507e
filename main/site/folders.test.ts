import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataFolder, demoSiteFile, fromCaller, homeFolder } from './folders';

describe('folders', () => {
  it('QUORUM_HOME stands above all, and counts from where npm was called', () => {
    expect(homeFolder({ QUORUM_HOME: '/srv/kiosks' })).toBe(path.resolve('/srv/kiosks'));
    expect(homeFolder({ QUORUM_HOME: 'here', INIT_CWD: '/home/ann' })).toBe(path.resolve('/home/ann/here'));
  });

  it.runIf(process.platform === 'linux')("otherwise it is the user's data folder", () => {
    expect(homeFolder({ XDG_DATA_HOME: '/data' })).toBe('/data/quorum-kiosk');
    expect(homeFolder({})).toMatch(/\/\.local\/share\/quorum-kiosk$/);
  });

  it('a kiosk and the demo site have their places in it', () => {
    const environment = { QUORUM_HOME: '/srv/kiosks' };
    expect(dataFolder('arena', 3, environment)).toBe(path.resolve('/srv/kiosks/arena/kiosk-3'));
    expect(demoSiteFile(environment)).toBe(path.resolve('/srv/kiosks/demo/site.json'));
  });

  it('a relative path counts from where npm was called', () => {
    expect(fromCaller('a/b', { INIT_CWD: '/home/ann' })).toBe(path.resolve('/home/ann/a/b'));
    expect(fromCaller('/a/b', { INIT_CWD: '/home/ann' })).toBe(path.resolve('/a/b'));
    expect(fromCaller('a', {})).toBe(path.resolve('a'));
  });
});
