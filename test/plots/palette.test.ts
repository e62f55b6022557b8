import { differenceEuclidean, filterDeficiencyDeuter, filterDeficiencyProt, filterDeficiencyTrit,
  parse } from 'culori';
import { expect, test } from 'vitest';
import { palette } from '../../lib/plots/palette';

/** Full colour blindness of three kinds (Machado, Oliveira and Fernandes 2009). */
const blindness = {
  protanopia: filterDeficiencyProt(1),
  deuteranopia: filterDeficiencyDeuter(1),
  tritanopia: filterDeficiencyTrit(1),
};

/** In CIELAB under D65, distances are about as large as they look. */
const distance = differenceEuclidean('lab65');

test.each(Object.entries(blindness))(
  'colours that are used together can be distinguished with %s',
  (_, seen) => {
    const { training, inference, exact, wrong } = palette;
    const colors = [training, inference, exact, wrong];
    for (const a of colors) {
      for (const b of colors.filter((other) => other > a)) {
        // About 2.3 is the smallest difference that is noticed at all; 10 is seen at a glance.
        expect(distance(seen(parse(a)!), seen(parse(b)!)), `${a} ${b}`).toBeGreaterThan(10);
      }
    }
  },
);
