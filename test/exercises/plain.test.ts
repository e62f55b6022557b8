/** When two results count as equal. */
import { expect, it } from 'vitest';
import { equal } from '../../lib/exercises/plain';

it('does not take an infinite number for a finite one, or for the other infinity', () => {
  expect(equal(-Infinity, 5)).toBe(false);
  expect(equal(0.5, Infinity)).toBe(false);
  expect(equal(Infinity, -Infinity)).toBe(false);
  expect(equal([1, -Infinity], [1, 0])).toBe(false);
  expect(equal(Infinity, Infinity)).toBe(true);
});
