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

/**
 * Text, axes and tick labels: a grey with the same contrast (4.35 : 1) on white and on JupyterLab's
 * dark page.
 */
export const ink = '#797979';

/** Grid lines: faint on either page. */
export const grid = 'rgba(128,128,128,0.25)';

/** The colour of `role`; without one, that of series number `index`. */
export function colorOf(role: Role | undefined, index = 0): string {
  return palette[role ?? seriesOrder[index % seriesOrder.length] ?? 'muted'];
}
