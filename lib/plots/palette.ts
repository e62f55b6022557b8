import { check } from '../base/checks';

/**
 * One palette for the whole course: the colours of Okabe and Ito ("Color Universal Design", 2008)
 * that have a contrast of 3 : 1 against a white and a dark page. Each has the same meaning in every
 * plot.
 */
export const palette = {
  training: '#0072B2',
  inference: '#D55E00',
  exact: '#009E73',
  floor: '#009E73',
  wrong: '#CC79A7',
  highlight: '#D55E00',
  muted: '#8C8C8C',
  prompt: '#0072B2',
  generated: '#D55E00',
  padding: '#8C8C8C',
} as const;

/** What a colour means. */
export type Role = keyof typeof palette;

/** The colours, in this order, of series without a colour of their own. */
const seriesOrder: readonly Role[] = ['training', 'inference', 'exact', 'wrong', 'muted'];

/** What every figure is drawn on. In a dark JupyterLab a style sheet turns light and dark. */
export const paper = '#FFFFFF';

/** Text, axes and tick labels. */
export const ink = '#404040';

/**
 * The colours of heatmaps, from the smallest value to the largest, and the ink of the numbers in
 * their cells. Both ends are pale enough for black text, and stay dark enough for it when a dark
 * page turns them: 4.5 : 1 in both (WCAG 2.2, 1.4.3). Their hues mean nothing else.
 */
export const sequential = ['#FBF7E4', '#B69C50'] as const;
export const diverging = ['#A98FD8', '#F7F7F7', '#9DB14C'] as const;
export const cellInk = '#000000';

/** A pale fill of a colour, for text in `ink`; its outline is the colour itself. */
export const pale = (color: string): string => `${color}33`;

/** Grid lines: faint on either page. */
export const grid = 'rgba(128,128,128,0.25)';

/** @throws RangeError if there is no such role */
export function colorOf(role: Role): string {
  check(Object.hasOwn(palette, role), 'color', `one of ${Object.keys(palette).join(', ')}`, role);
  return palette[role];
}

/** How a series looks: its colour, and a way of drawing it in that colour, from 0. */
export interface Look {
  color: string;
  way: number;
}

/**
 * The looks of series, so that no two of them are alike where the caller leaves the choice: the
 * colours in their order, then the same colours drawn another way. `fixed`, for each series: its
 * role, and its way where the caller chose one.
 */
export function looksOf(
  fixed: readonly { role: Role | undefined; way?: number | undefined }[],
  ways: number,
): Look[] {
  const used = new Set(
    fixed.flatMap(({ role, way = 0 }) => (role === undefined ? [] : [`${colorOf(role)} ${way}`])),
  );
  return fixed.map(({ role, way }, index) => {
    if (role !== undefined) return { color: colorOf(role), way: way ?? 0 };
    const all = seriesOrder.length * ways;
    const candidates = Array.from({ length: all }, (_, i): Look => {
      const place = (index + i) % all;
      const color = palette[seriesOrder[place % seriesOrder.length]!];
      return { color, way: way ?? Math.floor(place / seriesOrder.length) };
    });
    const look = candidates.find((one) => !used.has(`${one.color} ${one.way}`)) ?? candidates[0]!;
    used.add(`${look.color} ${look.way}`);
    return look;
  });
}
