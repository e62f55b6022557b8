import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { power } from '../../lib/base/numbers';

it('powers are right, and the same in every version of Node', () => {
  const bases = [0.9, 0.999, 1, 2, 3, 7, 20, 59];
  const exponents = [0, 1, 2, 10, -1, 0.1, 0.3, 0.7, 1.3, 1.7, -0.5];
  const values = bases.flatMap((base) => exponents.map((exponent) => power(base, exponent)));
  const plain = bases.flatMap((base) => exponents.map((exponent) => base ** exponent));
  values.forEach((value, i) => expect(value / plain[i]!).toBeCloseTo(1, 14));
  expect(power(0.9, 1e9)).toBeLessThan(2 ** -59);
  // Made with Node 20; `**` gives another hash in Node 24.
  const hash = createHash('sha256').update(new Uint8Array(new Float64Array(values).buffer));
  expect(hash.digest('hex').slice(0, 16)).toBe('d2e760093aea8923');
});
