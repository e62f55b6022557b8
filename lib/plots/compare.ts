/** The curves of several runs of a notebook beside each other. */
import { check } from '../base/checks';
import { wantsNothingKept } from '../base/environment';
import { keepRun, type KeptCurve, type KeptRun, keptRuns } from '../base/kept-runs';
import { COMPARE_FOLDER } from '../base/paths';
import { currentParameters } from '../base/params';
import { asSpec, asText, axesOf, type Figure, greatest, type Numbers, plain,
  type Spec } from './figure';
import { rounded } from './leaves';
import { lines } from './lines';
import { hoverName, markup, plainText } from './markup';
import { draw } from './show';
import { shownCurves, titleOf } from './shown-curves';

/** More earlier runs than these would need more colours and dashes than an eye tells apart. */
const mostRuns = 4;

/**
 * Keeps the curves that this run of the notebook has shown, under `name` and with the values of the
 * parameters, in my-notebooks/compare/ (which may be deleted), and draws them beside those of the
 * runs kept before. The legend says which parameters differ. A figure that is the same in all runs
 * is not drawn, nor is one of times. A run of the same name is replaced. Without a name, nothing is
 * kept or drawn, nor where a program runs the notebook (a sweep, `npm run notebooks`).
 * @throws RangeError if `name` is not a text, or longer than 60 characters
 */
export function compare(name: string, folder: string = COMPARE_FOLDER): void {
  check(
    typeof name === 'string' && name.length <= 60,
    'name',
    'a text of at most 60 characters',
    name,
  );
  if (name.trim() === '') {
    console.log("Not kept, as this run has no name; compare('first') would give it one.");
    return;
  }
  if (wantsNothingKept()) {
    console.log(`Not kept: a program runs this notebook, so there is no run "${name}".`);
    return;
  }
  const own = shownCurves();
  const run = runNow(name, own);
  const { runs, damaged } = keptRuns(folder);
  for (const file of damaged) console.log(`${file} is damaged, and left out`);
  try {
    console.log(`"${name}" is kept in ${keepRun(run, folder)}`);
  } catch (error) {
    console.log(`"${name}" is not kept: ${(error as Error).message}`);
  }
  const earlier = runs.filter((other) => other.name !== name);
  if (earlier.length === 0) {
    console.log('It is the first. Change a parameter, take another name, and run all cells again.');
    return;
  }
  if (earlier.length > mostRuns)
    console.log(`Drawn are the latest ${mostRuns} of ${earlier.length} earlier runs.`);
  drawAll(own, [run, ...earlier.slice(0, mostRuns)]);
}

function runNow(name: string, figures: ReadonlyMap<string, Figure>): KeptRun {
  const curves = [...figures].map(([key, { data }]) => [key, data.map(curveOf)] as const);
  return { name, time: Date.now(), parameters: currentParameters(),
    figures: Object.fromEntries(curves) };
}

function curveOf({ name, x, y }: Spec): KeptCurve {
  const row = (values: unknown): KeptCurve['x'] =>
    rounded(plain(values as Numbers)) as (number | null)[];
  return { name: plainText(asText(name)), x: row(x), y: row(y) };
}

/** Draws each figure whose curves are not the same in all of `runs`, of which this one is first. */
function drawAll(own: ReadonlyMap<string, Figure>, runs: readonly KeptRun[]): void {
  const labels = labelsOf(runs);
  const same: string[] = [];
  for (const [key, figure] of own) {
    const having = runs.flatMap(({ figures: { [key]: curves } }, r) =>
      curves ? [{ curves, label: labels[r]! }] : []
    );
    const different = new Set(having.map(({ curves }) => pointsOf(curves))).size > 1;
    if (different) draw(together(figure, having));
    else if (having.length > 1) same.push(titleOf(figure.layout));
  }
  if (same.length > 0) console.log(`The same in all runs: ${same.join('; ')}.`);
}

const pointsOf = (curves: readonly KeptCurve[]): string =>
  JSON.stringify(curves.map(({ x, y }) => [x, y]));

/**
 * The name of each run, with the parameters that it has changed since the oldest of them, the last;
 * and that one's name with its values of all of these.
 */
function labelsOf(runs: readonly KeptRun[]): string[] {
  const oldest = runs.at(-1)!;
  const names = [...new Set(runs.flatMap(({ parameters }) => Object.keys(parameters)))];
  const isChanged = ({ parameters }: KeptRun, name: string): boolean =>
    JSON.stringify(parameters[name]) !== JSON.stringify(oldest.parameters[name]);
  return runs.map((run) => {
    const changed = names.filter((each) =>
      each in run.parameters
      && (run === oldest ? runs.some((other) => isChanged(other, each)) : isChanged(run, each))
    );
    const values = changed.map((each) =>
      `${each} ${shortened(JSON.stringify(run.parameters[each]))}`
    );
    return values.length > 0 ? `${run.name} (${values.join(', ')})` : run.name;
  });
}

const shortened = (text: string): string => text.length > 24 ? `${text.slice(0, 23)}…` : text;

interface Labelled {
  readonly curves: readonly KeptCurve[];
  readonly label: string;
}

/** The figure of this run, the first of `runs`, with the curves of all of them. */
function together({ data, layout, summary }: Figure, runs: readonly Labelled[]): Figure {
  const drawn = runs.flatMap(({ curves, label }, r) =>
    curves.flatMap((curve, c) => {
      const alike = runs.every(({ curves: other }) =>
        pointsOf(other.slice(c, c + 1)) === pointsOf([curve])
      );
      if (alike && r > 0) return [];
      const name = alike ? curve.name : curves.length === 1 ? label : `${curve.name}, ${label}`;
      return [{ ...curve, name, alike, like: data[Math.min(c, data.length - 1)]! }];
    })
  );
  const names = [...new Set(drawn.map(({ name }) => name))];
  const looks = lines(names.map((name) => ({ name, y: [0] })), { xTitle: '', yTitle: '' }).data;
  const traces = drawn.map(({ name, x, y, alike, like }, i): Spec => {
    const { line, marker = {} } = alike ? like : looks[names.indexOf(name)]!;
    const rest = { ...like };
    delete rest['text']; // the words at this run's points
    const hover = asText(like['hovertemplate']).replace('%{text}: ', '')
      .replace(/<extra>.*<\/extra>/, `<extra>${hoverName(name)}</extra>`);
    return { ...rest, name: markup(name), x: [...x], y: [...y], line: line!, marker,
      hovertemplate: hover, legendgroup: markup(name), showlegend: drawn.findIndex((other) =>
        other.name === name
      ) === i };
  });
  return { data: traces, layout: withLegend(layout, names, drawn),
    summary: `${runs.length} runs: ${runs.map(({ label }) => label).join('; ')}. ${summary}` };
}

/** The layout with room for a legend of `names`, and ticks for the longest curve. */
function withLegend(layout: Spec, names: readonly string[], drawn: readonly KeptCurve[]): Spec {
  const perRow = Math.max(1, Math.floor(700 / (60 + 7 * greatest(names.map((one) => one.length)))));
  const more = 20 * Math.ceil(names.length / perRow);
  const all = drawn.flatMap(({ x }) => x.map((value) => value ?? 0));
  const long = greatest(all) + greatest(all.map((value) => -value)) > 20;
  const axes = axesOf(layout, 'x').map(([key, { dtick, ...axis }]) =>
    [key, long || dtick === undefined ? axis : { ...axis, dtick }] as const
  );
  const margin = asSpec(layout['margin']);
  const below = asSpec(layout['legend'])['yref'] === undefined;
  const title = asSpec(layout['title']);
  // The line under the title may report a result of this run alone.
  const above = { ...title, text: asText(title['text']).split('<br>')[0]! };
  return { ...layout, ...Object.fromEntries(axes), title: above, showlegend: true,
    height: Number(layout['height']) + more,
    margin: below ? { ...margin, b: Number(margin['b']) + more } : margin };
}
