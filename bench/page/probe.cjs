// Loaded into the process of a window that is timed, before its program: says on standard output when its page is there.
const { readFileSync } = require('node:fs');
const path = require('node:path');
const { app, BrowserWindow } = require('electron');

const [address, script] = [process.env.QK_BENCH_PAGE, process.env.QK_BENCH_SCRIPT];
const source = readFileSync(path.join(__dirname, script), 'utf8');

app.on('web-contents-created', (_event, contents) => {
  contents.on('dom-ready', async () => {
    if (!contents.getURL().startsWith(address)) return;
    const at = await contents.executeJavaScript(source);
    const window = BrowserWindow.fromWebContents(contents);
    // A page can be drawn before its window is to be seen.
    if (!window.isVisible()) await new Promise((resolve) => window.once('show', resolve));
    process.stdout.write(`\nbench ${at}\n`);
  });
});
