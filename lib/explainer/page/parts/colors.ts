/** The palette of the plots, for what the page draws. */
import { diverging, palette, sequential } from '../../../plots/palette';

/** Sets a property of CSS for each role of the palette. */
export function usePalette(): void {
  for (const [role, color] of Object.entries(palette))
    document.documentElement.style.setProperty(`--${role}`, color);
}

const channels = (color: string): number[] =>
  [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));

function between(from: string, to: string, share: number): string {
  const [a, b] = [channels(from), channels(to)];
  return `rgb(${a.map((value, i) => Math.round(value + (b[i]! - value) * share)).join(' ')})`;
}

/** The colour of a weight from 0 to 1. */
export const mix = (weight: number): string => between(...sequential, weight);

/** The colour of a number of either sign, where `most` is the largest size. */
export function signed(value: number, most: number): string {
  const share = most === 0 ? 0 : Math.max(-1, Math.min(1, value / most));
  const [negative, middle, positive] = diverging;
  return between(middle, share < 0 ? negative : positive, Math.abs(share));
}
