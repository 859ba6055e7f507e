import { Menu, nativeTheme } from './electron';

/** Little is in the menu: everything a clerk needs is on the screen. */
export function setupMenu(stop: () => void): void {
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
      { label: 'Kiosk', submenu: [{ label: 'Stop this kiosk (hand over and leave)', accelerator: 'CommandOrControl+Q', click: stop }] },
      { label: 'Edit', submenu: [{ role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }] },
      {
        label: 'View',
        submenu: [
          theme('System theme', 'system'),
          theme('Light', 'light'),
          theme('Dark', 'dark'),
          { type: 'separator' },
          { role: 'zoomIn' },
          { role: 'zoomOut' },
          { role: 'resetZoom' },
          { role: 'togglefullscreen' },
        ],
      },
    ]),
  );
}
