import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Display, DISPLAY_SYMBOL } from '../../lib/base/kernel-symbols';
import { showTable } from '../../lib/plots/show-table';

afterEach(() => {
  Reflect.deleteProperty(process, DISPLAY_SYMBOL);
  vi.restoreAllMocks();
});

describe('a table', () => {
  it('is printed in aligned columns in plain Node', () => {
    const log = vi.spyOn(console, 'log').mockReturnValue();
    showTable(['', 'one'], [['passes', '1'], ['ms', '12.5']]);
    expect(log).toHaveBeenCalledExactlyOnceWith(
      '        one\n------  ----\npasses  1\nms      12.5',
    );
  });

  it('is sent to the notebook in both forms, with the characters of Markdown escaped', () => {
    const shown: Record<string, unknown>[] = [];
    const display: Display = { display: (bundle) => {
      shown.push(bundle);
    }, update: () => undefined };
    Reflect.set(process, DISPLAY_SYMBOL, display);
    showTable(['a', 'b'], [['<eos>', 'x|y']]);
    expect(shown).toEqual([{ 'text/markdown': '| a | b |\n| --- | --- |\n| \\<eos> | x\\|y |',
      'text/plain': 'a      b\n-----  ---\n<eos>  x|y' }]);
  });

  it('is refused with the row that has too many cells', () => {
    expect(() => showTable(['a'], [['1', '2']])).toThrow(
      'the number of cells in the row "1, 2" must be 1, one for each column, got 2',
    );
  });
});
