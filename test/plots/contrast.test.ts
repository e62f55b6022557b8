import { type Color, filterHueRotate, filterInvert, formatHex, parse, wcagContrast } from 'culori';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { findNotebooks, isCode, readNotebook } from '../../lib/course/notebooks/notebook';
import { root } from '../../lib/course/setup/paths.mjs';
import { bars } from '../../lib/plots/bars';
import { heatmap } from '../../lib/plots/heatmap';
import { lines } from '../../lib/plots/lines';
import { linesAsSvg } from '../../lib/plots/lines-as-svg';
import { diverging, palette, type Role, sequential } from '../../lib/plots/palette';
import { PLOTLY } from '../../lib/plots/show';
import { tokenGrid, type TokenKind } from '../../lib/plots/token-grid';
import { type Drawn, type Shown, shownColors } from './shown-colors';

/** The filter of the course's style sheet, which a dark JupyterLab puts on every figure. */
const [, share, angle] = /filter: invert\(([\d.]+)\) hue-rotate\((\d+)deg\)/.exec(
  readFileSync(join(root, 'lib', 'course', 'setup', 'jupyterlab.css'), 'utf8'),
)!;
const invert = filterInvert(Number(share));
const rotate = filterHueRotate(Number(angle));

/** A step of a CSS filter: its result is cut to 0 … 1 (formatHex does that). */
const step = (filter: (color: Color) => Color, color: string): string =>
  formatHex(filter(parse(color)!));
const themes = {
  light: (color: string) => color,
  dark: (color: string) => step(rotate, step(invert, color)),
};

/** What has too little contrast in a theme, with its contrast. */
function tooFaint(shown: readonly Shown[]): string[] {
  return Object.entries(themes).flatMap(([theme, seen]) =>
    shown.flatMap(({ what, front, behind, least }) => {
      const contrast = wcagContrast(seen(front), seen(behind));
      return contrast >= least
        ? []
        : [`${what}, ${theme}: ${front} on ${behind} is ${contrast.toFixed(2)} of ${least}`];
    })
  );
}

interface Saved {
  cell: string;
  figure: Drawn;
}

function savedFigures(file: string): Saved[] {
  return readNotebook(file).cells.filter(isCode).flatMap((cell) =>
    cell.outputs.flatMap((output) =>
      'data' in output && PLOTLY in output.data
        ? [{ cell: cell.id, figure: output.data[PLOTLY] as Drawn }]
        : []
    )
  );
}

describe.each(findNotebooks([]).map((file) => [file.slice(file.lastIndexOf('16.')), file]))(
  'the figures of %s',
  (_, file) => {
    const figures = savedFigures(file);

    test('have enough contrast, light and dark, in every text and mark', () => {
      expect(figures.length).toBeGreaterThanOrEqual(3); // 16.9 has the fewest
      const faint = figures.flatMap(({ cell, figure }) =>
        tooFaint(shownColors(figure)).map((line) => `${cell}: ${line}`)
      );
      expect(faint).toEqual([]);
    });
  },
);

const titles = { title: 't', xTitle: 'x', yTitle: 'y' };
const roles = Object.keys(palette) as Role[];

test('bars and curves of every role have enough contrast', () => {
  const names = roles.map((role) => ({ name: role, values: [1], y: [1, 2], color: role }));
  expect(
    tooFaint(
      shownColors(
        bars(['a'], names.map(({ name, values, color }) => ({ name, values, color })), titles),
      ),
    ),
  ).toEqual([]);
  expect(
    tooFaint(shownColors(lines(names.map(({ name, y, color }) => ({ name, y, color })), titles))),
  ).toEqual([]);
});

test('tokens of every kind have enough contrast with their cell', () => {
  const kinds: TokenKind[] = ['prompt', 'given', 'generated', 'padding', 'finished'];
  const grid = tokenGrid([kinds.map((kind) => ({ text: kind, kind }))], { rowLabels: ['a'],
    xTitle: 'x' });
  expect(tooFaint(shownColors(grid))).toEqual([]);
});

test('every number that a heatmap can hold has enough contrast with its cell', () => {
  const values = Array.from(
    { length: 12 },
    (_, r) => Array.from({ length: 12 }, (__, c) => (12 * r + c) / 71.5 - 1),
  );
  const names = values.map((_, i) => String(i));
  for (const signed of [false, true]) {
    const figure = heatmap(values, { ...titles, rowLabels: names, columnLabels: names,
      diverging: signed });
    const shown = shownColors(figure).filter(({ what }) => what.startsWith('number'));
    expect(shown).toHaveLength(144);
    expect(tooFaint(shown)).toEqual([]);
  }
});

test('the ends of a colour scale differ from each other and from an empty cell at a glance', () => {
  for (const seen of Object.values(themes)) {
    expect(wcagContrast(seen(sequential[0]), seen(sequential[1]))).toBeGreaterThan(2);
    expect(wcagContrast(seen(diverging[0]), seen(diverging[1]))).toBeGreaterThan(2);
    expect(wcagContrast(seen(diverging[2]), seen(diverging[1]))).toBeGreaterThan(2);
  }
});

test('a plot that changes while it is shown has enough contrast', () => {
  const svg = linesAsSvg(lines(roles.map((color) => ({ name: color, y: [1, 2], color })), titles));
  const behind = /<rect width="100%" height="100%" fill="(#\w+)"\/>/.exec(svg)![1]!;
  const ink = /<svg [^>]*fill="(#\w+)"/.exec(svg)![1]!;
  const strokes = [...svg.matchAll(/stroke="(#\w+)"/g)].map(([, color]) => color!);
  expect(strokes.length).toBeGreaterThan(2 * roles.length);
  expect(tooFaint([
    { what: 'text', front: ink, behind, least: 4.5 },
    ...strokes.map((front) => ({ what: 'curve', front, behind, least: 3 as const })),
  ])).toEqual([]);
});
