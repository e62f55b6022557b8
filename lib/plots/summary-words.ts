/** Numbers and rows of numbers as text, for the one-sentence summaries of figures. */
import type { Numbers } from './figure';

/** A number as text: `18 %` for a share, otherwise three significant digits (`1.23`, `12,000`). */
export function formatNumber(value: number, percent = false): string {
  if (!Number.isFinite(value)) return String(value);
  if (percent) return `${Number((100 * value).toPrecision(Math.abs(value) < 0.0995 ? 1 : 2))} %`;
  const rounded = Number(value.toPrecision(3));
  return Math.abs(rounded) < 1e-3 || Math.abs(rounded) >= 1e6 ? String(rounded) : grouped(rounded);
}

/** 12000 → `12,000`. Not by locale, since the text must be the same on every machine. */
function grouped(value: number): string {
  const [whole = '', fraction] = String(value).split('.');
  const withCommas = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? withCommas : `${withCommas}.${fraction}`;
}

/**
 * The largest values with their labels: `for 18 %, then to 12 %`. Equal values keep their order.
 */
export function largest(
  labels: readonly string[],
  values: Numbers,
  percent = false,
  count = 2,
): string {
  return labels
    .map((label, i) => ({ label, value: values[i] ?? NaN }))
    .filter(({ value }) => Number.isFinite(value))
    .sort((a, b) => b.value - a.value)
    .slice(0, count)
    .map(({ label, value }) => `${label} ${formatNumber(value, percent)}`)
    .join(', then ');
}

/** Such as `falls from 4.1 to 1.2`. Gaps are ignored. */
export function trend(values: Numbers, percent = false): string {
  const known = Array.from(values).filter(Number.isFinite);
  const first = known[0];
  const last = known[known.length - 1];
  if (first === undefined || last === undefined) return 'has no values';
  if (formatNumber(first, percent) === formatNumber(last, percent))
    return `begins and ends at ${formatNumber(last, percent)}`;
  return `${last > first ? 'rises' : 'falls'} from ${formatNumber(first, percent)} to ${
    formatNumber(last, percent)
  }`;
}
