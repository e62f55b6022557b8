/**
 * All points of a sweep in one figure: each point has a colour, in their order from blue to orange,
 * and each series of the figure a way of drawing. A series that is the same in all points is drawn
 * once, in grey. The legend names points and ways; a click on a point there hides its series.
 */
/* global structuredClone */

/** From blue to orange, with a contrast of 3 : 1 to a white page, and lighter from each to each. */
const pointColors = [[13, 8, 135], [120, 28, 170], [205, 50, 120], [217, 100, 40]];
const sameColor = '#8C8C8C';
const dashes = ['solid', 'dot', 'dash', 'longdash', 'dashdot', 'longdashdot'];
const symbols = ['circle', 'square', 'diamond', 'cross', 'x', 'triangle-up'];
const patterns = ['', '/', '.', 'x', '-', '|'];

const nth = (all, i) => all[i % all.length];

function colorOfPoint(i, count) {
  const at = count < 2 ? 0 : (i / (count - 1)) * (pointColors.length - 1);
  const [from, to] = [pointColors[Math.floor(at)], pointColors[Math.ceil(at)]];
  const mixed = from.map((value, c) => Math.round(value + (to[c] - value) * (at % 1)));
  return `rgb(${mixed.join(', ')})`;
}

/** The axes along which bars have words; logarithmic ones have texts for their ticks, too. */
const xAxes = (layout) =>
  Object.keys(layout).filter((key) =>
    /^xaxis\d*$/.test(key) && layout[key].ticktext && layout[key].type !== 'log'
  );
const ticksOf = (layout) => xAxes(layout).map((name) => layout[name].ticktext);

/** The words under a series; a word that comes twice has its place after it. */
function labelled({ x, xaxis = 'x' }, layout) {
  const { tickvals = [], ticktext = [] } = layout[xaxis.replace('x', 'xaxis')] ?? {};
  const words = x.map((at) => ticktext[tickvals.indexOf(at)] ?? at);
  return words.map((word, i) => words.indexOf(word) < i ? `${word} (${i})` : word);
}

/** The layout for all points: axes that reach as far as any of them, the legend below. */
function layoutOfAll(layouts, worded) {
  const titles = layouts.map(({ title }) => (title?.text ?? '').split('<br>')[0]);
  const whole = { ...structuredClone(layouts[0]),
    height: Math.max(600, 1.2 * (layouts[0].height ?? 0)), showlegend: true,
    title: { ...layouts[0].title, text: new Set(titles).size === 1 ? titles[0] : '' },
    legend: { orientation: 'h', y: -0.15, yanchor: 'top' } };
  delete whole.sliders; // its steps are those of one point
  for (const name of Object.keys(whole).filter((key) => /^[xy]axis\d*$/.test(key))) {
    delete whole[name].range;
    // the ticks of a logarithmic axis are those of one point
    const ticks = whole[name].type === 'log' ? ['tickmode', 'tickvals', 'ticktext'] : [];
    for (const key of ticks) delete whole[name][key];
  }
  // what is drawn beside the series, such as a line at a result, belongs to one point
  for (const key of ['shapes', 'annotations'])
    if (new Set(layouts.map((one) => JSON.stringify(one[key]))).size > 1) delete whole[key];
  for (const name of worded ? xAxes(whole) : []) {
    for (const key of ['tickmode', 'tickvals', 'ticktext']) delete whole[name][key];
    whole[name].type = 'category';
  }
  return whole;
}

/** A trace in this colour, drawn in the way of series `way`. */
function drawnIn(trace, color, way) {
  const marker = trace.type === 'bar'
    ? { color, pattern: { shape: nth(patterns, way), fgcolor: '#FFFFFF' } }
    : { color, symbol: nth(symbols, way), size: trace.marker?.size ?? 6 };
  return { ...structuredClone(trace), marker, line: { color, dash: nth(dashes, way), width: 2 } };
}

/** An entry of the legend that stands for no series of its own. */
const entry = (like, name, legendgroup, color, way) => ({
  ...drawnIn({ type: like.type, mode: like.mode }, color, way),
  x: [null],
  y: [null],
  name,
  legendgroup,
  showlegend: true,
});

/**
 * @param {{ name: string, data: object[], layout: object }[]} all the figure of each point
 * @returns {{ data: object[], layout: object }}
 */
function figureOfAll(all) {
  const layouts = all.map(({ layout }) => layout);
  const worded = new Set(layouts.map((one) => JSON.stringify(ticksOf(one)))).size > 1;
  const xOf = (trace, layout) => worded && trace.x ? labelled(trace, layout) : trace.x;
  const valuesOf = (trace, layout) => trace && JSON.stringify([xOf(trace, layout), trace.y]);
  const isSame = (t) =>
    all.length > 1
    && new Set(all.map(({ data, layout }) => valuesOf(data[t], layout))).size === 1;
  // a point can have more series than another one
  const { data: model } = all.reduce((a, b) => b.data.length > a.data.length ? b : a);
  const places = [...model.keys()];
  const moving = places.filter((t) => !isSame(t));
  const still = places.filter(isSame);
  const own = all.flatMap(({ name, data, layout }, i) =>
    data.flatMap((trace, t) => {
      const x = xOf(trace, layout);
      const series = { ...trace, ...(x && { x }) };
      if (still.includes(t)) {
        const only = { ...series, name: `${trace.name ?? ''} (all points)`.trim(),
          showlegend: true };
        return i === 0 ? [drawnIn(only, sameColor, still.indexOf(t))] : [];
      }
      const named = [trace.name, name].filter(Boolean).join(', ');
      const one = { ...series, name: named, legendgroup: name, showlegend: false };
      return [drawnIn(one, colorOfPoint(i, all.length), moving.indexOf(t))];
    })
  );
  const ways = moving.length < 2
    ? []
    : moving.map((t, way) => entry(model[t], model[t].name, `series ${t}`, '#404040', way));
  const ofPoints = moving.length === 0
    ? []
    : all.map(({ name }, i) => entry(model[moving[0]], name, name, colorOfPoint(i, all.length), 0));
  const layout = layoutOfAll(layouts, worded);
  // where the points differ in one series, its name heads their entries
  if (moving.length === 1) layout.legend.title = { text: model[moving[0]].name };
  return { data: [...own, ...ofPoints, ...ways], layout };
}

globalThis.figureOfAll = figureOfAll;
