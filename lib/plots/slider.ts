/**
 * A slider in the figure itself: every state is computed beforehand and lies in the figure, so it
 * moves without a kernel, in a saved notebook and in an exported page too. It is Plotly's own, as
 * `update` steps: they work wherever a figure is drawn from data and layout alone, which Plotly's
 * frames do not. Plotly's sliders answer to the mouse and to touch, not to the keyboard.
 */
import { check, checkInteger } from '../base/checks';
import { asSpec, asText, axesOf, checkKnown, type Figure, greatest, type Known,
  type Spec } from './figure';
import { markup, oneLine } from './markup';
import { ink, palette } from './palette';
import { differing, type Leaves, leavesOf, rounded } from './leaves';
import { shareScales } from './shared-scales';

export interface SliderOptions<T extends string | number> {
  /** What the slider sets, such as `temperature`. */
  name: string;
  /** What its numbers count or measure, such as `words`. */
  unit?: string;
  /**
   * The value that is shown at first, and in the still picture. A number that is not among the
   * values is put in its place. Default: the first value.
   */
  start?: T;
}

const OPTIONS: Known<SliderOptions<string>> = { name: true, unit: true, start: true };

/** Pixels: the slider with its texts, and the gap above it. */
const [sliderHeight, gap] = [70, 12];

/**
 * One figure with a slider over `values`. `draw` is called for each of them at once, and must give
 * figures of one structure: as many traces, of the same types. The scales of axes and colours are
 * those of all figures together. Numbers are rounded to five digits.
 * With a single value there is no slider.
 * @throws RangeError if there are no values, if two of them look alike, if `start` is a text that
 *   is not among them, or if the figures differ in structure
 */
export function withSlider<T extends string | number>(
  values: readonly T[],
  draw: (value: T) => Figure,
  options: SliderOptions<T>,
): Figure {
  checkKnown('option', options, OPTIONS as Known<SliderOptions<T>>);
  const { name, unit, start } = options;
  const all = inOrder(values, start);
  checkInteger('the number of values of a slider', all.length, { from: 1 });
  if (all.length === 1) return draw(all[0]!);
  const labels = all.map(labelOf);
  const twice = labels.find((label, i) => labels.indexOf(label) < i);
  check(twice === undefined, 'the values of a slider', 'different', twice);
  const active = start === undefined ? 0 : labels.indexOf(labelOf(start));
  check(active >= 0, 'start', `one of ${labels.join(', ')}`, start);

  const figures = shareScales(all.map(draw));
  figures.forEach((figure, i) => checkAlike(figure, figures[active]!, labels[i]!));
  const { data, layout: own, summary } = figures[active]!;
  const layout = rounded(withRoom(own, figures)) as Spec;
  const steps = stepsBetween(figures).map(({ traces, changes, indices }, i): Spec => ({
    method: 'update',
    label: markup(labels[i]!),
    // JupyterLab's renderer deletes the height when it fits a plot to its window; without one, the
    // next update would draw it 0 pixels high.
    args: [traces, { ...changes, height: layout['height']! }, indices],
  }));
  const suffix = unit === undefined ? '' : ` ${unit}`;
  const range = `${labels[0]!} to ${labels.at(-1)!}${suffix}`;
  return {
    data: rounded(data) as Spec[],
    layout: { ...layout,
      sliders: [{ ...LOOK, active, steps,
        currentvalue: { prefix: `${markup(name)}: `, suffix: markup(suffix), font: { size: 13 },
          offset: 8 }, pad: { t: gap + greatest(figures.map(roomBelow)), b: 4, l: 8, r: 8 } }] },
    summary: oneLine(
      `${summary} A slider sets ${name} from ${range}; this is at ${labels[active]!}${suffix}.`,
    ),
  };
}

const LOOK: Spec = { x: 0, y: 0, len: 1, xanchor: 'left', yanchor: 'top', bgcolor: palette.muted,
  activebgcolor: ink, bordercolor: palette.muted, borderwidth: 1, tickcolor: ink, ticklen: 4,
  minorticklen: 3, font: { color: ink, size: 12 }, transition: { duration: 0 } };

function inOrder<T extends string | number>(values: readonly T[], start: T | undefined): T[] {
  if (typeof start !== 'number' || values.some((value) => labelOf(value) === labelOf(start)))
    return [...values];
  const after = values.findIndex((value) => Number(value) > start);
  return after < 0
    ? [...values, start]
    : [...values.slice(0, after), start, ...values.slice(after)];
}

/** Such as `0.3` for 0.1 + 0.2. */
function labelOf(value: string | number): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : value;
}

function checkAlike(one: Figure, model: Figure, label: string): void {
  check(!('sliders' in one.layout), 'a figure of a slider', 'one without a slider', label);
  const typesOf = ({ data }: Figure): string => data.map(({ type }) => asText(type)).join(', ');
  const wanted = typesOf(model);
  check(typesOf(one) === wanted, `the traces at ${label}`, wanted, typesOf(one));
}

/** What differs: values of traces by their paths, of the layout, and the traces' numbers. */
interface Step {
  traces: Spec;
  changes: Spec;
  indices: number[];
}

/** The steps of Plotly's `update` that lead from any of the figures to each of them. */
function stepsBetween(figures: readonly Figure[]): Step[] {
  const layouts = figures.map(({ layout }) => leavesOf(layout));
  const traces = figures[0]!.data.map((_, t) => figures.map(({ data }) => leavesOf(data[t]!)));
  const moving = traces.map(differing);
  const indices = [...moving.keys()].filter((t) => moving[t]!.length > 0);
  const paths = [...new Set(moving.flat())];
  const ofLayout = differing(layouts);
  return figures.map((_, s) => ({
    traces: Object.fromEntries(
      paths.map((path) => [
        path,
        indices.map((t) => rounded(traces[t]![s]!.get(path) ?? null)),
      ]),
    ),
    changes: pick(layouts[s]!, ofLayout),
    indices,
  }));
}

function pick(leaves: Leaves, paths: readonly string[]): Spec {
  return Object.fromEntries(paths.map((path) => [path, rounded(leaves.get(path) ?? null)]));
}

/** The layout, higher by what the slider needs below the axis. */
function withRoom(layout: Spec, figures: readonly Figure[]): Spec {
  const below = gap + greatest(figures.map(roomBelow)) + sliderHeight;
  const margin = asSpec(layout['margin']);
  const more = Math.max(0, below - Number(margin['b']));
  return { ...layout, height: Number(layout['height']) + more,
    margin: { ...margin, b: Number(margin['b']) + more } };
}

/**
 * Pixels that labels, titles and a legend take below the plot. In a narrow window Plotly turns
 * words upright that do not fit side by side.
 */
function roomBelow({ layout }: Figure): number {
  const axes = axesOf(layout, 'x').map(([, axis]) => axis).filter(({ visible }) =>
    visible !== false
  );
  const narrow = 300 / Math.max(1, axes.length);
  const ofAxis = ({ ticktext, title }: Spec): number => {
    const words = Array.isArray(ticktext) ? ticktext.map(String) : [];
    const width = 7 * greatest(words.map(({ length }) => length), 0);
    const turned = width * words.length > narrow;
    const titled = asSpec(title)['text'] === '' ? 0 : 28;
    return 8 + (turned ? Math.max(18, width) : 18) + titled;
  };
  const legend = asSpec(layout['legend']);
  const margin = asSpec(layout['margin']);
  const plot = Number(layout['height']) - Number(margin['t']) - Number(margin['b']);
  const hasLegend = layout['showlegend'] === true && legend['yref'] === undefined;
  const legendEnd = hasLegend ? -Number(legend['y']) * plot + 26 : 0;
  return greatest(axes.map(ofAxis), legendEnd);
}
