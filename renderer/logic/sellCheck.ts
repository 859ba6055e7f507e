import type { EventState } from '../../shared/answers';
import { MAX_TICKETS_PER_BUY } from '../../shared/values';
import type { SaleState } from './sale';
import type { Standing } from './standing';
import { stockOf } from './stock';

/** Why Sell can't succeed now. */
export type Obstacle = 'selling' | 'checking' | Exclude<Standing, 'selling'> | 'sold_out' | 'closed' | 'no_quantity' | 'too_many';

/**
 * What stands between the clerk's choice and a sale; null if Sell may be pressed. Fewer left than asked for
 * is no obstacle: this kiosk's count may be behind, and only the log can offer the rest.
 */
export function obstacleTo(standing: Standing, event: EventState, quantity: number, sale: SaleState): Obstacle | null {
  if (sale.kind === 'selling' || sale.kind === 'checking') return sale.kind;
  if (sale.kind === 'giving_up') return 'checking';
  if (standing !== 'selling') return standing;
  const stock = stockOf(event);
  if (stock === 'sold_out' || stock === 'closed') return stock;
  if (quantity === 0) return 'no_quantity';
  return quantity > MAX_TICKETS_PER_BUY ? 'too_many' : null;
}
