import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Display, DISPLAY_SYMBOL } from '../../lib/base/kernel-symbols';
import { NUMBER_MIME, record } from '../../lib/plots/record';

afterEach(() => {
  Reflect.deleteProperty(process, DISPLAY_SYMBOL);
  vi.restoreAllMocks();
});

describe('a recorded number', () => {
  it.each([
    [12, {}, 'passes: 12'],
    [839_552, {}, 'passes: 839552'],
    [0.95634, { unit: 'nats' }, 'passes: 0.956 nats'],
    [NaN, { unit: 'nats' }, 'passes: NaN nats'],
  ])('%d with %j is printed in plain Node as a line', (value, options, line) => {
    const log = vi.spyOn(console, 'log').mockReturnValue();
    record('passes', value, options);
    expect(log).toHaveBeenCalledExactlyOnceWith(line);
  });

  it('is sent to the notebook exact and as a line, also where JSON has no such number', () => {
    const shown: Record<string, unknown>[] = [];
    const display: Display = { display: (bundle) => {
      shown.push(bundle);
    }, update: () => undefined };
    Reflect.set(process, DISPLAY_SYMBOL, display);
    record('loss', 0.95634, { unit: 'nats' });
    record('loss', -Infinity);
    expect(shown).toEqual([
      { [NUMBER_MIME]: { name: 'loss', value: 0.95634, unit: 'nats' },
        'text/plain': 'loss: 0.956 nats' },
      { [NUMBER_MIME]: { name: 'loss', value: '-Infinity', unit: '' },
        'text/plain': 'loss: -Infinity' },
    ]);
  });

  it('refuses a misspelt option', () => {
    expect(() => record('loss', 1, { units: 'nats' } as object)).toThrow('did you mean unit?');
  });
});
