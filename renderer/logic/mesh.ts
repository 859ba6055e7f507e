import type { KioskId } from '../../shared/ballot';
import type { KioskOnScreen } from '../../shared/service';

/** How two kiosks reach each other, as far as either says. */
export interface MeshLink {
  readonly a: KioskId;
  readonly b: KioskId;
  /** both: each says that it reaches the other. one: only `a` says so, or only `a` is heard. */
  readonly kind: 'both' | 'one' | 'none';
}

/** Every pair of kiosks that belong to the site, with who reaches whom. A pair of which neither is heard is not told. */
export function linksOf(kiosks: readonly KioskOnScreen[]): readonly MeshLink[] {
  const links: MeshLink[] = [];
  for (const [index, first] of kiosks.entries()) {
    for (const second of kiosks.slice(index + 1)) {
      if (first.reaches === null && second.reaches === null) continue;
      const there = first.reaches?.includes(second.id) ?? false;
      const back = second.reaches?.includes(first.id) ?? false;
      if (there && back) links.push({ a: first.id, b: second.id, kind: 'both' });
      else if (there || back) links.push(there ? { a: first.id, b: second.id, kind: 'one' } : { a: second.id, b: first.id, kind: 'one' });
      else links.push({ a: first.id, b: second.id, kind: 'none' });
    }
  }
  return links;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Kiosks on an ellipse, the first at the top; two stand side by side. */
export function placesOf(count: number, width: number, height: number, margin: number): readonly Place[] {
  const middle = { x: width / 2, y: height / 2 };
  if (count === 1) return [middle];
  const start = count === 2 ? Math.PI : -Math.PI / 2;
  return Array.from({ length: count }, (_, index) => {
    const angle = start + (2 * Math.PI * index) / count;
    return { x: middle.x + Math.cos(angle) * (width / 2 - margin), y: middle.y + Math.sin(angle) * (height / 2 - margin) };
  });
}
