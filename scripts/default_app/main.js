// Runs an unpacked application: `electron [-r module] <folder> [arguments]`. Stands in for the default_app.asar
// that the fallback runtime lacks.
import fs from 'node:fs';
import { Module } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron/main';

const preloaded = [];
let folder;
for (let index = 1; index < process.argv.length && folder === undefined; index += 1) {
  const word = process.argv[index];
  if (word === '-r' || word === '--require') {
    index += 1;
    preloaded.push(process.argv[index]);
  } else if (word === '-v' || word === '--version') {
    console.log(`v${process.versions.electron}`);
    process.exit(0);
  } else if (!word.startsWith('-')) folder = path.resolve(word);
}
if (folder === undefined) {
  console.error('use: electron [-r module] <application folder> [arguments]');
  process.exit(1);
}
// Playwright passes its loader in this way.
if (preloaded.length > 0) Module._preloadModules(preloaded);

process.defaultApp = true;
try {
  const manifest = path.join(folder, 'package.json');
  if (fs.existsSync(manifest)) {
    const { version, productName, name, desktopName } = JSON.parse(fs.readFileSync(manifest, 'utf8'));
    if (version) app.setVersion(version);
    if (productName ?? name) app.name = productName ?? name;
    app.setDesktopName(desktopName ?? `${app.name}.desktop`);
    app.setAppPath(folder);
  }
  const entry = Module._resolveFilename(folder, null, true);
  // Awaited, as in a packaged application: a top-level `await app.whenReady()` hangs here as it does there.
  await import(pathToFileURL(entry).href);
} catch (error) {
  console.error('The application threw an error while it was loaded:\n', error);
  process.exit(1);
}
