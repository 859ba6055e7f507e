import { contextBridge, ipcRenderer } from 'electron';
import type { AssistantBridge } from '../shared/assistant';

/** What the first start's page can ask for, and nothing else. */
const bridge: AssistantBridge = {
  state: () => ipcRenderer.invoke('assistant:state'),
  read: (text) => ipcRenderer.invoke('assistant:read', text),
  choose: () => ipcRenderer.invoke('assistant:choose'),
  open: (file) => ipcRenderer.invoke('assistant:open', file),
  testPrint: (printer) => ipcRenderer.invoke('assistant:test-print', { printer }),
  finish: (choices) => ipcRenderer.invoke('assistant:finish', choices),
};

contextBridge.exposeInMainWorld('assistant', bridge);
