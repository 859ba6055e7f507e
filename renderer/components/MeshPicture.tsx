import type { KioskOnScreen } from '../../shared/service';
import { linksOf, placesOf } from '../logic/mesh';
import { messages } from '../messages';

const WIDTH = 460;
const HEIGHT = 280;
const MARGIN = 44;
const NODE = 26;

/** Who reaches whom, who leads, and who is behind; in words for those who can't see it. */
export function MeshPicture({ kiosks }: { kiosks: readonly KioskOnScreen[] }) {
  const shown = kiosks.filter(({ standing, linked }) => linked || standing !== 'none');
  const places = placesOf(shown.length, WIDTH, HEIGHT, MARGIN);
  const links = linksOf(shown);
  const at = (id: number) => places[shown.findIndex((kiosk) => kiosk.id === id)]!;
  const words = links
    .filter(({ kind }) => kind !== 'none')
    .map(({ a, b, kind }) => (kind === 'both' ? messages.mesh.both(a, b) : messages.mesh.one(a, b)));
  return (
    <figure className="card mesh" data-testid="mesh">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={[messages.mesh.title, ...words].join('. ')}>
        <defs>
          <marker id="mesh-arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto">
            <path d="M0 0 10 5 0 10z" className="mesh-arrow" />
          </marker>
        </defs>
        {links.map(({ a, b, kind }) => {
          const from = at(a);
          const to = edge(from, at(b));
          return (
            <line
              key={`${a}-${b}`}
              className={`mesh-link mesh-link-${kind}`}
              x1={from.x}
              y1={from.y}
              x2={to.x}
              y2={to.y}
              markerEnd={kind === 'one' ? 'url(#mesh-arrow)' : undefined}
            />
          );
        })}
        {shown.map((kiosk, index) => {
          const { x, y } = places[index]!;
          return (
            <g key={kiosk.id} className={`mesh-node mesh-node-${kiosk.standing}`} data-leader={kiosk.leader} data-linked={kiosk.linked}>
              {kiosk.leader && <circle className="mesh-leader" cx={x} cy={y} r={NODE + 6} />}
              <circle className="mesh-disc" cx={x} cy={y} r={NODE} />
              <text className="mesh-number" x={x} y={y} dominantBaseline="central" textAnchor="middle">
                {kiosk.id}
              </text>
              {kiosk.lag !== null && kiosk.lag > 0 && (
                <text className="mesh-lag" x={x + NODE + 6} y={y + NODE} dominantBaseline="central">
                  −{kiosk.lag}
                </text>
              )}
            </g>
          );
        })}
      </svg>
      <figcaption className="mesh-key">
        <span className="mesh-key-both">{messages.mesh.keyBoth}</span>
        <span className="mesh-key-one">{messages.mesh.keyOne}</span>
        <span className="mesh-key-none">{messages.mesh.keyNone}</span>
        <span className="mesh-key-leader">{messages.mesh.keyLeader}</span>
      </figcaption>
    </figure>
  );
}

/** Where the line from one disc meets the other. */
function edge(from: { readonly x: number; readonly y: number }, to: { readonly x: number; readonly y: number }) {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const share = (length - NODE - 4) / length;
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}
