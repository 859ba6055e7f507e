import { renderSVG } from 'uqr';
import type { KioskId } from '../../shared/ballot';

/** A page as large as a ticket that is clearly none, with lines to see whether it is cut off, and a code to try a scanner on. */
export function testPage(kiosk: KioskId, site: string): string {
  const escaped = site.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
  const code = renderSVG(`quorum-kiosk test ${site} kiosk ${kiosk}`).replace('<svg ', '<svg x="20" y="52" width="40" height="40" ');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 127" font-family="sans-serif" text-anchor="middle"><rect x="3" y="3" width="74" height="121" fill="none" stroke="#000" stroke-width="0.6"/><text x="40" y="20" font-size="8" font-weight="bold">TEST</text><text x="40" y="32" font-size="5">${escaped}</text><text x="40" y="42" font-size="5">kiosk ${kiosk}</text>${code}<text x="40" y="108" font-size="4">The frame is whole: nothing is cut off.</text></svg>`;
}
