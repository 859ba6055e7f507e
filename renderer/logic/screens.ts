import type { Permission } from '../../shared/constants';
import type { DeskView } from '../../shared/desk';

export const SCREENS = ['sell', 'sales', 'print', 'door', 'shift', 'reports', 'events', 'clerks', 'kiosks', 'log', 'console'] as const;
export type Screen = (typeof SCREENS)[number];

/** What a clerk must be allowed to do for a screen to be of any use; the others are for everybody. */
const NEEDED: Partial<Readonly<Record<Screen, Permission>>> = {
  door: 'admit',
  reports: 'reports',
  events: 'events',
  clerks: 'clerks',
  kiosks: 'kiosks',
  log: 'kiosks',
  console: 'kiosks',
};

/** The screens of whoever stands here: a clerk is not shown what she may not use. */
export function screensFor({ clerk }: Pick<DeskView, 'clerk'>): readonly Screen[] {
  return SCREENS.filter((screen) => {
    const needed = NEEDED[screen];
    return needed === undefined || clerk?.permissions.includes(needed) === true;
  });
}
