/** Logarithmic axes whose ticks are whole numbers to read, not digits between powers of ten. */
import { greatest, type Spec } from './figure';
import { formatNumber } from './summary-words';

/** The digits that get a tick in each decade, for axes of up to so many decades. */
const DIGITS: readonly (readonly [decades: number, digits: readonly number[]])[] = [
  [0.8, [1, 1.5, 2, 3, 4, 5, 6, 8]],
  [1.7, [1, 2, 5]],
  [4, [1, 3]],
  [Infinity, [1]],
];

/** A logarithmic axis over `values`; those that are not above 0 cannot be drawn on it. */
export function logAxis(values: readonly number[]): Spec {
  const logs = values.filter((value) => value > 0 && Number.isFinite(value)).map(Math.log10);
  if (logs.length === 0) return { type: 'log' };
  const [low, high] = [-greatest(logs.map((value) => -value)), greatest(logs)];
  const [, digits] = DIGITS.find(([decades]) => high - low <= decades)!;
  const room = Math.max(0.02, 0.05 * (high - low)); // what Plotly leaves free at both ends
  const ticks: number[] = [];
  for (let power = Math.floor(low - room); power <= high + room; power++) {
    for (const digit of digits) ticks.push(Number(`${digit}e${power}`));
  }
  const shown = ticks.filter((tick) =>
    Math.log10(tick) >= low - room && Math.log10(tick) <= high + room
  );
  return { type: 'log', tickmode: 'array', tickvals: shown,
    ticktext: shown.map((tick) => formatNumber(tick)) };
}
