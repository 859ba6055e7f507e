import { describe, expect, it } from 'vitest';
import type { Permission } from '../../shared/constants';
import { said } from '../../shared/said';
import { Tickets } from '../tickets';
import { event, founding } from '../tickets/fixtures';
import type { ClerkDesk } from './clerkDesk';
import type { History } from './history';
import { Hours } from './hours';
import { Office } from './office';
import { SalesLedger } from './salesLedger';

/** The office of a kiosk where somebody with these rights stands. */
function office(...permissions: readonly Permission[]): Office {
  const tickets = new Tickets();
  tickets.apply(1, founding(event('match', 10)));
  return new Office({
    clerks: { may: (permission: Permission) => permissions.includes(permission) } as ClerkDesk,
    tickets: () => tickets,
    history: {} as History,
    ledger: new SalesLedger({ tickets: () => tickets, hours: new Hours('UTC'), kioskName: String }),
    readCode: () => ({ ok: false, why: said('code_unreadable') }),
    site: 'test',
  });
}

const exports = [{ what: 'sales', query: {} }, { what: 'report', query: {} }, { what: 'shifts' }] as const;

describe('what was sold', () => {
  it('is looked up by whoever sells or reports, and by nobody else', async () => {
    for (const permission of ['sell', 'reports'] as const)
      expect(await office(permission).search({ limit: 1 })).toMatchObject({ sales: [], next: null });
    await expect(office('void', 'clerks').search({ limit: 1 })).rejects.toThrow('sign in to look sales up');
  });

  it('is added up, listed and written into files for whoever has the right for reports', async () => {
    const boss = office('reports');
    expect(await boss.report({})).toMatchObject({ totals: { sales: 0 } });
    expect(boss.shifts(null, 9)).toEqual([]);
    for (const query of exports) expect((await boss.exportCsv(query, 'en')).rows).toBeGreaterThanOrEqual(0);
    const seller = office('sell', 'void', 'clerks');
    await expect(seller.report({})).rejects.toThrow('reports are for others');
    expect(() => seller.shifts(null, 9)).toThrow('reports are for others');
    for (const query of exports) await expect(seller.exportCsv(query, 'en')).rejects.toThrow('reports are for others');
  });
});
