import { describe, expect, it } from 'vitest';
import { COMMAND_OPTIONS } from '../../shared/commandLine';
import { complete, type Vocabulary } from './completion';

const words: Vocabulary = {
  commands: ['buy', 'cancel', 'change', 'show', 'status', 'stop'],
  after: { change: ['add', 'address', 'remove'], buy: ['match', 'match/adult', 'final'] },
  options: { buy: ['--id', '--timeout'], event: COMMAND_OPTIONS.event! },
};

describe('completion in the console', () => {
  it('finishes a word that only one fits, and begins the next', () => {
    expect(complete('b', words)).toEqual({ line: 'buy ', choices: [] });
    expect(complete('change r', words)).toEqual({ line: 'change remove ', choices: [] });
    expect(complete('buy 2 match/adult --t', words)).toEqual({ line: 'buy 2 match/adult --timeout ', choices: [] });
  });

  it('goes as far as all that fit have in common, and names them', () => {
    expect(complete('c', words)).toEqual({ line: 'c', choices: ['cancel', 'change'] });
    expect(complete('change a', words)).toEqual({ line: 'change add', choices: ['add', 'address'] });
    expect(complete('', words)?.choices).toEqual(words.commands);
  });

  it('knows the options of each command, and offers none of another', () => {
    expect(complete('event create cup --ca', words)).toEqual({ line: 'event create cup --capacity ', choices: [] });
    expect(complete('show --', words)).toBeNull();
    for (const [command, some] of [
      ['buy', ['--pay', '--given', '--expects', '--id', '--timeout', '--clerk']],
      ['event', ['--capacity', '--price', '--starts', '--name', '--id']],
      ['clerk', ['--pin', '--may', '--name']],
      ['shift', ['--shift', '--reason']],
      ['status', ['--watch']],
    ] as const)
      expect(COMMAND_OPTIONS[command]).toEqual(expect.arrayContaining([...some]));
    expect(COMMAND_OPTIONS.show).toEqual(['--from', '--last']);
  });

  it('offers what stands behind a stroke once the stroke is there, and waits for it', () => {
    const season: Vocabulary = { ...words, after: { buy: ['cup', 'cup/adult', 'cup/child', 'gala', 'gala/all', 'open'] } };
    expect(complete('buy ', season)?.choices).toEqual(['cup', 'gala', 'open']);
    expect(complete('buy c', season)).toEqual({ line: 'buy cup', choices: [] });
    expect(complete('buy cup', season)).toEqual({ line: 'buy cup/', choices: ['cup/adult', 'cup/child'] });
    expect(complete('buy cup/c', season)).toEqual({ line: 'buy cup/child ', choices: [] });
    expect(complete('buy o', season)).toEqual({ line: 'buy open ', choices: [] });
  });

  it('says nothing where nothing fits', () => {
    expect(complete('x', words)).toBeNull();
    expect(complete('show f', words)).toBeNull();
    expect(complete('buy 2 final', words)).toBeNull();
  });
});
