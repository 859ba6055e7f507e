import type { EventState } from '../../shared/answers';
import { MAX_ITEMS_PER_BUY, MAX_TICKETS_PER_BUY } from '../../shared/constants';
import type { DeskView } from '../../shared/desk';
import { type Cart, countOf, priceOf, totalOf } from './cart';
import type { SaleState } from './sale';
import type { Standing } from './standing';
import { stockOf } from './stock';
import { isShort, type Tender } from './tender';

/** Why Sell can't succeed now. */
export type Obstacle =
  | 'selling'
  | 'checking'
  | Exclude<Standing, 'selling'>
  | 'sold_out'
  | 'closed'
  | 'not_for_sale'
  | 'no_quantity'
  | 'too_many'
  | 'too_many_lines'
  | 'not_permitted'
  | 'no_shift'
  | 'short_cash';

export interface SellSituation {
  readonly standing: Standing;
  readonly events: readonly EventState[];
  /** The event that is chosen. */
  readonly event: EventState;
  readonly cart: Cart;
  readonly sale: SaleState;
  readonly desk: Pick<DeskView, 'state' | 'clerk' | 'shift'>;
  readonly tender: Tender;
}

/**
 * What stands between the cart and a sale; null if Sell may be pressed. Fewer left than asked for is no
 * obstacle: this kiosk's count may be behind, and only the log can offer the rest.
 */
export function obstacleTo({ standing, events, event, cart, sale, desk, tender }: SellSituation): Obstacle | null {
  if (sale.kind === 'selling' || sale.kind === 'checking') return sale.kind;
  if (sale.kind === 'giving_up') return 'checking';
  if (standing !== 'selling') return standing;
  // Before there are clerks, whoever sets the site up may sell, and has no drawer.
  if (desk.state !== 'set_up') {
    if (desk.clerk?.permissions.includes('sell') !== true) return 'not_permitted';
    if (desk.shift === null) return 'no_shift';
  }
  const wanted = cart.length === 0 ? [event] : events.filter(({ id }) => cart.some((line) => line.event === id));
  for (const other of wanted) {
    const stock = stockOf(other);
    if (stock === 'sold_out' || stock === 'closed') return stock;
  }
  if (cart.length === 0) return 'no_quantity';
  if (cart.some((line) => priceOf(line, events) === null)) return 'not_for_sale';
  if (countOf(cart) > MAX_TICKETS_PER_BUY) return 'too_many';
  if (cart.length > MAX_ITEMS_PER_BUY) return 'too_many_lines';
  return isShort(tender, totalOf(cart, events)) ? 'short_cash' : null;
}
