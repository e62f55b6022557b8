import { differenceEuclidean, filterDeficiencyDeuter, filterDeficiencyProt, filterDeficiencyTrit,
  hsl, parse } from 'culori';
import { expect, test } from 'vitest';
import { diverging, palette } from '../../lib/plots/palette';

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

test.each(Object.entries(blindness))('the two signs can be distinguished with %s', (_, seen) => {
  const [minus, , plus] = diverging;
  expect(distance(seen(parse(minus)!), seen(parse(plus)!))).toBeGreaterThan(10);
});

test('signs have hues of their own, not tints of training and inference', () => {
  const hue = (color: string): number => hsl(parse(color)!).h ?? NaN;
  const apart = (a: string, b: string): number => {
    const turn = Math.abs(hue(a) - hue(b));
    return Math.min(turn, 360 - turn);
  };
  for (const sign of [diverging[0], diverging[2]]) {
    for (const other of [palette.training, palette.inference])
      expect(apart(sign, other), `${sign} ${other}`).toBeGreaterThan(30);
  }
});
