import { describe, expect, it } from 'vitest';
import { EMPTY_LINE, recalled, typedOn } from './consoleHistory';

const EARLIER = ['status', 'buy 2', 'show'];

describe('earlier commands in the console', () => {
  it('come back the newest first, and go no further than the oldest', () => {
    let line = EMPTY_LINE;
    const seen = EARLIER.map(() => {
      line = recalled(line, EARLIER, 'back');
      return line.text;
    });
    expect(seen).toEqual(['show', 'buy 2', 'status']);
    expect(recalled(line, EARLIER, 'back').text).toBe('status');
    expect(recalled(line, EARLIER, 'on').text).toBe('buy 2');
  });

  it('give back what was being typed, and take nothing from a line that is new', () => {
    const typing = typedOn(EMPTY_LINE, 'buy 1 fin');
    expect(recalled(typing, EARLIER, 'on')).toEqual(typing);
    const back = recalled(typing, EARLIER, 'back');
    expect(recalled(typedOn(back, 'show --last 3'), EARLIER, 'on')).toEqual(typing);
  });

  it('are none where nothing was asked yet', () => {
    expect(recalled(EMPTY_LINE, [], 'back')).toEqual(EMPTY_LINE);
    expect(recalled(EMPTY_LINE, [], 'on')).toEqual(EMPTY_LINE);
  });
});
