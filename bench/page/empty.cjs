// The smallest program of Electron: one window with one word.
const path = require('node:path');
const { app, BrowserWindow } = require('electron');

app.whenReady().then(() => {
  new BrowserWindow({ width: 1280, height: 800 }).loadFile(path.join(__dirname, 'empty.html'));
});
