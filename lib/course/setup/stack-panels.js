/**
 * Panels of a figure that stand side by side go below each other in a narrow page, and back in a
 * wide one. A saved figure is plain data, so this needs a script of the page that draws it:
 * exported pages and those of a sweep hold it, JupyterLab and Notebook load it as an extension.
 */
/* global document, MutationObserver, Plotly, requestAnimationFrame, ResizeObserver, window */
{
  /** Pixels: below this width the panels of a figure are stacked. */
  const NARROW = 700;

  /** What a stacked figure had before, by its paths in the layout. */
  const before = new WeakMap();
  const watched = new WeakSet();

  const axesOf = (layout, letter) =>
    Object.keys(layout).filter((name) => new RegExp(`^${letter}axis\\d*$`).test(name))
      .sort((a, b) => (parseInt(a.slice(5)) || 1) - (parseInt(b.slice(5)) || 1));

  /** Whether the figure is a row of panels, as lib/plots/side-by-side.ts builds it. */
  function isRow({ layout }) {
    const [across, up] = ['x', 'y'].map((letter) => axesOf(layout, letter));
    return across.length > 1 && across.length === up.length
      && across.every((name) => layout[name].domain)
      && up.every((name) => !layout[name].domain);
  }

  /** Pixels of the longest word of an axis. */
  const wordWidth = ({ ticktext = [] }) => 7 * Math.max(0, ...ticktext.map((word) => word.length));

  /** Whether its words are wider than a narrow page. */
  const isTurned = (axis) => wordWidth(axis) * (axis.ticktext?.length ?? 0) > 200;

  /** Pixels below a panel: its words and its title. */
  const roomBelow = (axis) =>
    Math.max(18, isTurned(axis) ? wordWidth(axis) : 0) + (axis.title?.text ? 42 : 8);

  /** The changes of the layout that stack the panels. */
  function stacked({ layout, _fullLayout: full }) {
    const { margin, annotations = [], sliders = [], legend, showlegend } = layout;
    const names = axesOf(layout, 'x');
    // Plotly deletes the height when it fits a plot to its window.
    const high = (layout.height ?? full.height) - margin.t - margin.b;
    const heading = 32;
    const gaps = names.map((name, i) =>
      i < names.length - 1 ? roomBelow(layout[name]) + heading : 0
    );
    const all = names.length * high + gaps.reduce((sum, gap) => sum + gap);
    // A legend is drawn below the words of the last panel.
    const drop = showlegend ? Math.max(-legend.y * high, roomBelow(layout[names.at(-1)]) + 4) : 0;
    const below = Math.max(margin.b, drop > 0 ? drop + 40 : 0);
    const height = all + margin.t + below;
    const changes = { 'margin.b': below };
    if (showlegend) changes['legend.y'] = -drop / all;
    let top = all;
    names.forEach((name, i) => {
      const y = name.replace('x', 'y');
      const { title, showticklabels } = layout[y];
      changes[`${name}.domain`] = [0, 1];
      // Plotly would slant them, and leave out those that then end outside the figure.
      if (isTurned(layout[name])) changes[`${name}.tickangle`] = 90;
      changes[`${y}.domain`] = [(top - high) / all, top / all];
      if (title?.text === '') changes[`${y}.title.text`] = layout.yaxis.title.text;
      if (showticklabels === false) changes[`${y}.showticklabels`] = true;
      if (annotations.length === names.length) {
        changes[`annotations[${i}].x`] = 0.5;
        changes[`annotations[${i}].y`] = (top + 4) / all;
      }
      top -= high + gaps[i];
    });
    if (sliders.length > 0) changes.sliders = slidersAt(sliders, height);
    return { height, changes };
  }

  /** The steps of a slider set the height of the figure, too. */
  const slidersAt = (sliders, height) =>
    sliders.map((slider) => ({
      ...slider,
      steps: slider.steps.map((step) => ({
        ...step,
        args: step.args.map((arg, i) => i === 1 ? { ...arg, height } : arg),
      })),
    }));

  /** The value at a path such as `annotations[0].x`; null if it is not set, as Plotly writes it. */
  const valueAt = (layout, path) =>
    path.split(/[.[\]]+/).reduce((value, key) => value?.[key], layout) ?? null;

  /** Draws with these changes, as wide as the page, and as high as given. */
  function relayout(plot, changes, height) {
    // With a height in the layout, Plotly would pin the present width.
    delete plot.layout.width;
    delete plot.layout.height;
    plot.style.height = `${height}px`;
    return Plotly.relayout(plot, { ...changes, autosize: true });
  }

  function fit(plot) {
    const width = plot.clientWidth;
    if (width === 0 || !plot.layout || !window.Plotly) return;
    const high = plot.layout.height ?? plot._fullLayout.height;
    const old = before.get(plot);
    if (width < NARROW && !old && isRow(plot)) {
      const { changes, height } = stacked(plot);
      const wide = Object.keys(changes).map((path) => [path, valueAt(plot.layout, path)]);
      before.set(plot, { high, wide: Object.fromEntries(wide) });
      relayout(plot, changes, height);
    } else if (width >= NARROW && old) {
      before.delete(plot);
      const { sliders } = plot.layout;
      const changes = { ...old.wide,
        ...(sliders ? { sliders: slidersAt(sliders, old.high) } : {}) };
      // once more: the first time leaves the legend where its rows in the narrow page ended
      relayout(plot, changes, old.high).then(() => Plotly.redraw(plot));
    } else if (plot.layout.width && plot.layout.sliders) {
      relayout(plot, {}, high); // a step of the slider has set the height
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
