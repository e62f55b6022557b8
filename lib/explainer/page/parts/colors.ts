/** The palette of the plots, for what the page draws. */
import { diverging, palette, sequential } from '../../../plots/palette';

/** Sets a property of CSS for each role of the palette. */
export function usePalette(): void {
  for (const [role, color] of Object.entries(palette))
    document.documentElement.style.setProperty(`--${role}`, color);
  for (const [name, color] of Object.entries(SCALES))
    document.documentElement.style.setProperty(`--${name}`, color);
}

/** The ends of the scales: on a dark page, too, what is near 0 is near the background. */
const SCALES = {
  weak: `light-dark(${sequential[0]}, #262626)`,
  strong: `light-dark(${sequential[1]}, #f6dc8c)`,
  negative: diverging[0],
  zero: `light-dark(${diverging[1]}, #262626)`,
  positive: diverging[2],
};

type End = keyof typeof SCALES;

const between = (from: End, to: End, share: number): string =>
  `color-mix(in srgb, var(--${from}), var(--${to}) ${(100 * share).toFixed(2)}%)`;

/** The colour of a weight from 0 to 1. */
export const mix = (weight: number): string => between('weak', 'strong', weight);

/** The colour of a number of either sign, where `most` is the largest size. */
export function signed(value: number, most: number): string {
  const share = most === 0 ? 0 : Math.max(-1, Math.min(1, value / most));
  return between('zero', share < 0 ? 'negative' : 'positive', Math.abs(share));
}
