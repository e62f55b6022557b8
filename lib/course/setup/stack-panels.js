/**
 * Fits figures to the width of their page: panels side by side go below each other in a narrow one,
 * a title that is too long goes on several lines, and the mode bar stands beside it; all of it goes
 * back in a wide one. A saved figure is plain data, so this needs a script of the page that draws
 * it: exported pages and those of a sweep hold it, JupyterLab and Notebook load it as an extension.
 */
/* global document, MutationObserver, Plotly, requestAnimationFrame, ResizeObserver,
   structuredClone, window */
{
  /** Pixels: below this width the panels of a figure are stacked. */
  const NARROW = 700;

  /** Pixels: a letter of a title and of a smaller line, a line, the mode bar lying and upright. */
  const [LETTER, SMALL, LINE, BAR, UPRIGHT] = [7.5, 5.5, 20, 265, 40];

  /** The height and the layout that a figure came with. */
  const firsts = new WeakMap();
  /** How a figure is changed now: the height, and the changes of its first layout. */
  const present = new WeakMap();
  const watched = new WeakSet();

  const linesOf = (text) => String(text).split(/<br\s*\/?>/i);
  const lettersOf = (line) => line.replace(/<[^<>]*>/g, '').replace(/&#?\w+;/g, '.').length;
  const most = (numbers) => Math.max(0, ...numbers);

  const axesOf = (layout, letter) =>
    Object.keys(layout).filter((name) => new RegExp(`^${letter}axis\\d*$`).test(name))
      .sort((a, b) => (parseInt(a.slice(5)) || 1) - (parseInt(b.slice(5)) || 1));

  /** Whether the figure is a row of panels, as lib/plots/side-by-side.ts builds it. */
  function isRow(layout) {
    const [across, up] = ['x', 'y'].map((letter) => axesOf(layout, letter));
    return across.length > 1 && across.length === up.length
      && across.every((name) => layout[name].domain)
      && up.every((name) => !layout[name].domain);
  }

  /** Pixels of the longest line in the words of an axis. */
  const wordWidth = ({ ticktext = [] }) => 7 * most(ticktext.flatMap(linesOf).map(lettersOf));

  /** Whether its words are wider than a panel of so many pixels. */
  const isTurned = (axis, width) => (wordWidth(axis) + 4) * (axis.ticktext?.length ?? 0) > width;

  /** Pixels of its words, below the panel. */
  const wordsBelow = (axis, width) =>
    isTurned(axis, width)
      ? wordWidth(axis)
      : 18 * most((axis.ticktext ?? []).map((word) => linesOf(word).length));

  /** Pixels below a panel: its words and its title. */
  const roomBelow = (axis, width) =>
    Math.max(18, wordsBelow(axis, width)) + (axis.title?.text ? 42 : 8);

  /** The changes of the layout that stack the panels in a page of so many pixels. */
  function stacked({ layout, high: whole }, pageWidth) {
    const { margin, annotations = [], legend, showlegend } = layout;
    const names = axesOf(layout, 'x');
    // Names of rows make the left margin wider.
    const left = most(axesOf(layout, 'y').map((name) => wordWidth(layout[name]) + 24));
    const width = pageWidth - Math.max(margin.l, left) - margin.r;
    const high = whole - margin.t - margin.b;
    const heading = 32;
    const gaps = names.map((name, i) =>
      i < names.length - 1 ? roomBelow(layout[name], width) + heading : 0
    );
    const all = names.length * high + gaps.reduce((sum, gap) => sum + gap);
    // A legend is drawn below the words of the last panel.
    const last = roomBelow(layout[names.at(-1)], width);
    const drop = showlegend ? Math.max(-legend.y * high, last + 4) : 0;
    const below = Math.max(margin.b, drop > 0 ? drop + 40 : 0);
    const changes = { 'margin.b': below };
    if (showlegend) changes['legend.y'] = -drop / all;
    let top = all;
    names.forEach((name, i) => {
      const y = name.replace('x', 'y');
      const { title, showticklabels } = layout[y];
      changes[`${name}.domain`] = [0, 1];
      // Plotly would slant them, and leave out those that then end outside the figure.
      if (isTurned(layout[name], width)) changes[`${name}.tickangle`] = 90;
      changes[`${y}.domain`] = [(top - high) / all, top / all];
      if (title?.text === '') changes[`${y}.title.text`] = layout.yaxis.title.text;
      if (showticklabels === false) changes[`${y}.showticklabels`] = true;
      if (annotations.length === names.length) {
        changes[`annotations[${i}].x`] = 0.5;
        changes[`annotations[${i}].y`] = (top + 4) / all;
      }
      top -= high + gaps[i];
    });
    return { height: all + margin.t + below, changes };
  }

  const letterOf = (line) => line.startsWith('<sub>') ? SMALL : LETTER;

  /** A title in lines that end before the upright mode bar. */
  const wrapped = (text, width) =>
    linesOf(text).flatMap((line) => {
      const room = Math.max(100, width - UPRIGHT) / letterOf(line);
      const lines = [''];
      for (const word of line.split(' ')) {
        const longer = `${lines.at(-1)} ${word}`.trim();
        if (lines.at(-1) !== '' && lettersOf(longer) > room) lines.push(word);
        else lines[lines.length - 1] = longer;
      }
      return lines;
    }).join('<br>');

  /** The title, and those that the steps of a slider set. */
  const titlesOf = ({ title, sliders = [] }) =>
    [title.text, ...sliders.flatMap(({ steps }) => steps.map(({ args }) => args[1]['title.text']))]
      .filter((text) => text !== undefined);

  /** Adds what a title needs that is longer than the page is wide. */
  function titled({ layout }, width, { height, changes }) {
    if (!layout.title?.text) return { height, changes };
    const { legend, margin } = layout;
    const titles = titlesOf(layout);
    const long = most(titles.flatMap(linesOf).map((line) => lettersOf(line) * letterOf(line)));
    if (long + BAR <= width) return { height, changes };
    const bar = { ...changes, 'modebar.orientation': 'v' };
    const rows = (texts) => most(texts.map((text) => linesOf(text).length));
    const [now, then] = [rows(titles), rows(titles.map((text) => wrapped(text, width)))];
    if (then === now) return { height, changes: bar };
    const more = LINE * (then - now);
    const pad = 28; // Plotly sets the first of several lines higher than a single one
    const ofLegend = legend?.yref === 'container'
      ? { 'legend.y': 1 - ((1 - legend.y) * height + more) / (height + more) }
      : {};
    return {
      height: height + more,
      changes: { ...bar, ...ofLegend, 'margin.t': margin.t + more, 'title.pad.t': pad,
        'title.text': wrapped(layout.title.text, width) },
    };
  }

  /** How a figure is changed in a page of so many pixels. */
  const fitted = (first, width) =>
    titled(
      first,
      width,
      width < NARROW && isRow(first.layout)
        ? stacked(first, width)
        : { height: first.high, changes: {} },
    );

  /** The steps of a slider set the height and the title of the figure, too. */
  const slidersAt = (sliders, first, height, width) =>
    sliders.map((slider, s) => ({
      ...slider,
      steps: slider.steps.map((step, i) => {
        const text = first.layout.sliders[s].steps[i].args[1]['title.text'];
        const change = text === undefined ? {} : { 'title.text': wrapped(text, width) };
        return { ...step, args: step.args.map((arg, n) =>
          n === 1 ? { ...arg, ...change, height } : arg
        ) };
      }),
    }));

  /** The value at a path such as `annotations[0].x`; null if it is not set, as Plotly writes it. */
  const valueAt = (layout, path) =>
    path.split(/[.[\]]+/).reduce((value, key) => value?.[key], layout) ?? null;

  /** Draws with these changes, as wide as the page. */
  function relayout(plot, changes) {
    // With a height in the layout, Plotly would pin the present width.
    delete plot.layout.width;
    delete plot.layout.height;
    return Plotly.relayout(plot, { ...changes, autosize: true });
  }

  function fit(plot) {
    const width = plot.clientWidth;
    if (width === 0 || !plot.layout || !plot._fullLayout || !window.Plotly) return;
    if (!firsts.has(plot)) {
      // Plotly deletes the height when it fits a plot to its window.
      const high = plot.layout.height ?? plot._fullLayout.height;
      firsts.set(plot, { high, layout: structuredClone(plot.layout) });
      present.set(plot, { height: high, changes: {} });
    }
    const [first, old] = [firsts.get(plot), present.get(plot)];
    const { height, changes } = fitted(first, width);
    // Without a height of its own, the plot would be 0 pixels high once Plotly has deleted the one
    // in the layout: then its parts take all of the height that they themselves give it.
    plot.style.height = `${height}px`;
    const { sliders } = plot.layout;
    if (JSON.stringify({ height, changes }) !== JSON.stringify(old)) {
      present.set(plot, { height, changes });
      const back = Object.keys(old.changes).map((path) => [path, valueAt(first.layout, path)]);
      const all = { ...Object.fromEntries(back), ...changes };
      if (sliders) {
        all.sliders = slidersAt(sliders, first, height, width);
        const text = all.sliders[0].steps[sliders[0].active ?? 0].args[1]['title.text'];
        if (text !== undefined) all['title.text'] = text;
      }
      // once more: the first time leaves the legend where its rows in the narrow page ended
      relayout(plot, all).then(() => Plotly.redraw(plot));
    } else if (plot.layout.width && sliders) {
      relayout(plot, {}); // a step of the slider has set the height
    }
  }

  const resizes = new ResizeObserver((entries) => entries.forEach(({ target }) => fit(target)));

  let asked = false;
  /** Watches the plots that have come since the last time. */
  function look() {
    asked = false;
    for (const plot of document.querySelectorAll('.js-plotly-plot')) {
      if (watched.has(plot)) continue;
      watched.add(plot);
      resizes.observe(plot);
    }
  }
  new MutationObserver(() => {
    if (!asked) requestAnimationFrame(look);
    asked = true;
  }).observe(document.documentElement, { childList: true, subtree: true });
  look();

  // JupyterLab asks an extension for its plugins.
  if (document.getElementById('jupyter-config-data')) {
    const plugins = [{ id: 'course-panels:stack', autoStart: true, activate: () => undefined }];
    window._JUPYTERLAB = window._JUPYTERLAB ?? {};
    window._JUPYTERLAB['course-panels'] = {
      init: () => undefined,
      get: () => Promise.resolve(() => ({ default: plugins, __esModule: true })),
    };
  }
}
