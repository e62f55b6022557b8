import { afterEach, describe, expect, it } from 'vitest';
import { DISPLAY, type Display } from '../../lib/base/kernel';
import { showTable, textTable } from '../../lib/plots/table';

afterEach(() => {
  Reflect.deleteProperty(process, DISPLAY);
});

describe('a table', () => {
  it('is aligned as text', () => {
    expect(textTable(['', 'one'], [['passes', '1'], ['ms', '12.5']])).toBe(
      '        one\n------  ----\npasses  1\nms      12.5',
    );
  });

  it('reaches the notebook in both forms, with what markdown would eat escaped', () => {
    const shown: Record<string, unknown>[] = [];
    const way: Display = { display: (bundle) => {
      shown.push(bundle);
    }, update: () => undefined };
    Reflect.set(process, DISPLAY, way);
    showTable(['a', 'b'], [['<eos>', 'x|y']]);
    expect(shown).toEqual([{ 'text/markdown': '| a | b |\n| --- | --- |\n| \\<eos> | x\\|y |',
      'text/plain': 'a      b\n-----  ---\n<eos>  x|y' }]);
  });

  it('says which row has too many cells', () => {
    expect(() => textTable(['a'], [['1', '2']])).toThrow(
      'a row of this table has 1 cells, got 2: 1, 2',
    );
  });
});
