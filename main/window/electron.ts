import { createRequire } from 'node:module';
import type * as Electron from 'electron';

// An `import` would ask Electron for everything that it has, and load it all: 20 ms of a start. What is not asked for here is loaded never, or later.
const electron = createRequire(import.meta.url)('electron') as typeof Electron;

export const { app, BrowserWindow, dialog, ipcMain, Menu, nativeTheme, powerMonitor, powerSaveBlocker, protocol, session } = electron;
export type BrowserWindow = Electron.BrowserWindow;
