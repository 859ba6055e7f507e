import type { PrintLanguage } from '../../shared/printing';
import { Menu, nativeTheme } from './electron';

const WORDS = {
  en: {
    stop: 'Stop this kiosk (hand over and leave)',
    edit: 'Edit',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select all',
    view: 'View',
    system: 'System theme',
    light: 'Light',
    dark: 'Dark',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    resetZoom: 'Actual size',
    fullScreen: 'Full screen',
  },
  de: {
    stop: 'Diesen Kiosk beenden (übergeben und verlassen)',
    edit: 'Bearbeiten',
    cut: 'Ausschneiden',
    copy: 'Kopieren',
    paste: 'Einfügen',
    selectAll: 'Alles auswählen',
    view: 'Ansicht',
    system: 'Darstellung des Systems',
    light: 'Hell',
    dark: 'Dunkel',
    zoomIn: 'Vergrößern',
    zoomOut: 'Verkleinern',
    resetZoom: 'Ursprüngliche Größe',
    fullScreen: 'Vollbild',
  },
} as const;

/** Little is in the menu: everything a clerk needs is on the screen. Made anew when the window's language changes. */
export function setupMenu(language: PrintLanguage, stop: () => void): void {
  const words = WORDS[language];
  const theme = (label: string, source: 'system' | 'light' | 'dark') => ({
    label,
    type: 'radio' as const,
    checked: nativeTheme.themeSource === source,
    click: () => {
      nativeTheme.themeSource = source;
    },
  });
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      { label: 'Kiosk', submenu: [{ label: words.stop, accelerator: 'CommandOrControl+Q', click: stop }] },
      {
        label: words.edit,
        submenu: [
          { role: 'cut', label: words.cut },
          { role: 'copy', label: words.copy },
          { role: 'paste', label: words.paste },
          { role: 'selectAll', label: words.selectAll },
        ],
      },
      {
        label: words.view,
        submenu: [
          theme(words.system, 'system'),
          theme(words.light, 'light'),
          theme(words.dark, 'dark'),
          { type: 'separator' },
          { role: 'zoomIn', label: words.zoomIn },
          { role: 'zoomOut', label: words.zoomOut },
          { role: 'resetZoom', label: words.resetZoom },
          { role: 'togglefullscreen', label: words.fullScreen },
        ],
      },
    ]),
  );
}
