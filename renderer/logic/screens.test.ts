import { describe, expect, it } from 'vitest';
import { PERMISSIONS } from '../../shared/constants';
import { SCREENS, screensFor } from './screens';

const clerk = { id: 'ann', name: 'Ann', active: true };

describe('screens', () => {
  it('are those that a clerk can use', () => {
    expect(screensFor({ clerk: { ...clerk, permissions: ['sell'] } })).toEqual(['sell', 'sales', 'print', 'shift']);
    expect(screensFor({ clerk: { ...clerk, permissions: ['sell', 'admit'] } })).toContain('door');
    expect(screensFor({ clerk: { ...clerk, permissions: [...PERMISSIONS] } })).toEqual(SCREENS);
    expect(screensFor({ clerk: null })).toEqual(['sell', 'sales', 'print', 'shift']);
  });
});
