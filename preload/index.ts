import { contextBridge, ipcRenderer } from 'electron';
import type { IpcEvents, KioskBridge } from '../shared/ipc';

/** One named function per request: the page can ask for these things and for nothing else. */

function listen<E extends keyof IpcEvents>(name: E, listener: (value: IpcEvents[E]) => void): () => void {
  const handler = (_event: unknown, value: IpcEvents[E]) => listener(value);
  ipcRenderer.on(name, handler);
  return () => {
    ipcRenderer.off(name, handler);
  };
}

const bridge: KioskBridge = {
  execute: (request) => ipcRenderer.invoke('kiosk:execute', request),
  approve: (job) => ipcRenderer.invoke('kiosk:approve', job),
  signIn: (who) => ipcRenderer.invoke('kiosk:sign-in', who),
  signOut: () => ipcRenderer.invoke('kiosk:sign-out'),
  lock: () => ipcRenderer.invoke('kiosk:lock'),
  search: (query) => ipcRenderer.invoke('kiosk:search', query),
  report: (query) => ipcRenderer.invoke('kiosk:report', query),
  shifts: (page) => ipcRenderer.invoke('kiosk:shifts', page),
  exportCsv: (query) => ipcRenderer.invoke('kiosk:export', query),
  pagePdf: (page) => ipcRenderer.invoke('kiosk:page-pdf', page),
  membershipChanges: () => ipcRenderer.invoke('kiosk:membership-changes'),
  console: (line) => ipcRenderer.invoke('kiosk:console', line),
  view: () => ipcRenderer.invoke('kiosk:view'),
  log: (range) => ipcRenderer.invoke('kiosk:log', range),
  tickets: (sale) => ipcRenderer.invoke('kiosk:tickets', { sale }),
  print: (order) => ipcRenderer.invoke('kiosk:print', order),
  printQueue: () => ipcRenderer.invoke('kiosk:print-queue'),
  printAnswer: (answer) => ipcRenderer.invoke('kiosk:print-answer', answer),
  printChoice: (choice) => ipcRenderer.invoke('kiosk:print-choice', choice),
  openSales: () => ipcRenderer.invoke('kiosk:open-sales'),
  seen: (requestId) => ipcRenderer.invoke('kiosk:seen', { requestId }),
  till: () => ipcRenderer.invoke('kiosk:till'),
  keepTill: (till) => ipcRenderer.invoke('kiosk:keep-till', till),
  sale: (sale) => ipcRenderer.invoke('kiosk:sale', { sale }),
  settings: () => ipcRenderer.invoke('kiosk:settings'),
  lockedToCounter: () => ipcRenderer.invoke('kiosk:locked-to-counter'),
  setSettings: (settings) => ipcRenderer.invoke('kiosk:set-settings', settings),
  onChanged: (listener) => listen('kiosk:changed', listener),
  onProgress: (listener) => listen('kiosk:progress', listener),
  onOpenSales: (listener) => listen('kiosk:open-sales-changed', listener),
  onPrintQueue: (listener) => listen('kiosk:print-queue-changed', listener),
  onWoke: (listener) => listen('kiosk:woke', listener),
};

contextBridge.exposeInMainWorld('kiosk', bridge);
