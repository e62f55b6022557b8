import { expect, test } from 'vitest';
import { ink, palette } from '../../lib/plots/palette';

/** The linear red, green and blue of `#RRGGBB`, each in 0 … 1 (WCAG 2.2, relative luminance). */
function linear(color: string): [number, number, number] {
  const part = (at: number): number => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [part(1), part(3), part(5)];
}

function luminance(color: string): number {
  const [r, g, b] = linear(color);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/**
 * Full colour blindness of three kinds, as matrices on linear colours (Machado, Oliveira and
 * Fernandes 2009).
 */
const blindness = {
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [
    -0.003882,
    -0.048116,
    1.051998,
  ]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [
    -0.01182,
    0.04294,
    0.968881,
  ]],
  tritanopia: [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [
    0.004733,
    0.691367,
    0.3039,
  ]],
};

/** CIELAB of a linear colour under D65, in which distances are about as large as they look. */
function lab([r, g, b]: readonly number[]): [number, number, number] {
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const mix = (wr: number, wg: number, wb: number): number =>
    f(wr * (r ?? 0) + wg * (g ?? 0) + wb * (b ?? 0));
  const x = mix(0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505);
  const y = mix(0.2126, 0.7152, 0.0722);
  const z = mix(0.0193 / 1.089, 0.1192 / 1.089, 0.9505 / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

test.each(Object.entries({ ...palette, ink }))(
  '%s has enough contrast against a white page and a dark one',
  (_, color) => {
    // 3 : 1 is what WCAG 2.2 requires for graphics (1.4.11); #111111 is JupyterLab's dark page.
    expect(contrast(color, '#FFFFFF')).toBeGreaterThan(3);
    expect(contrast(color, '#111111')).toBeGreaterThan(3);
  },
);

test.each(Object.entries(blindness))(
  'colours that are used together can be distinguished with %s',
  (_, matrix) => {
    const seen = (color: string): [number, number, number] => {
      const rgb = linear(color);
      return lab(matrix.map((weights) =>
        Math.min(
          1,
          Math.max(0, weights.reduce((sum, weight, i) => sum + weight * (rgb[i] ?? 0), 0)),
        )
      ));
    };
    const { training, inference, exact, wrong } = palette;
    const colors = [training, inference, exact, wrong];
    for (const a of colors) {
      for (
        const b of colors.filter((other) => other > a)
      ) {
        // About 2.3 is the smallest difference that is noticed at all; 10 is seen at a glance.
        expect(Math.hypot(...seen(a).map((value, i) => value - (seen(b)[i] ?? 0))), `${a} ${b}`)
          .toBeGreaterThan(10);
      }
    }
  },
);
