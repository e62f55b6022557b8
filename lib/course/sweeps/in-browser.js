/** What a sweep's page does: draws one figure of all points, lists the points and their numbers. */
/* global document, Plotly, structuredClone */
{
  const points = JSON.parse(document.getElementById('data').textContent);
  const choice = document.getElementById('figure');
  const overlay = document.getElementById('overlay');
  const place = document.getElementById('figures');
  const table = document.getElementById('points');

  const numbers = document.getElementById('numbers');

  /** The values of a point in words. */
  const nameOf = ({ values }) =>
    Object.entries(values).map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ');

  /** The name of a figure: one of a point that failed was drawn before the failure. */
  const titleOf = (point) => point.failure ? `${nameOf(point)} (failed later)` : nameOf(point);

  const add = (parent, tag, text = '') => {
    const element = parent.appendChild(document.createElement(tag));
    element.textContent = text;
    return element;
  };

  const draw = (data, layout, title) => {
    const box = place.appendChild(document.createElement('figure'));
    const whole = { ...layout, title: { text: title }, autosize: true };
    delete whole.width;
    Plotly.newPlot(box, structuredClone(data), whole, { responsive: true, displaylogo: false });
  };

  /** The axes along which bars have words. */
  const xAxes = (layout) =>
    Object.keys(layout).filter((key) => /^xaxis\d*$/.test(key) && layout[key].ticktext);
  const ticksOf = (layout) => xAxes(layout).map((name) => layout[name].ticktext);

  /** The words under a series; a word that comes twice has its place after it. */
  const labelled = ({ x, xaxis = 'x' }, layout) => {
    const { tickvals = [], ticktext = [] } = layout[xaxis.replace('x', 'xaxis')] ?? {};
    const words = x.map((at) => ticktext[tickvals.indexOf(at)] ?? at);
    return words.map((word, i) => words.indexOf(word) < i ? `${word} (${i})` : word);
  };

  /** The layout for all points: axes that reach as far as any of them, the legend below. */
  function layoutOfAll(layout, worded) {
    const legend = { orientation: 'h', y: -0.25, yanchor: 'top' };
    const whole = { ...structuredClone(layout), height: 600, showlegend: true, legend };
    delete whole.sliders; // its steps are those of one point
    for (const name of Object.keys(whole).filter((key) => /^[xy]axis\d*$/.test(key)))
      delete whole[name].range;
    for (const name of worded ? xAxes(whole) : []) {
      for (const key of ['tickmode', 'tickvals', 'ticktext']) delete whole[name][key];
      whole[name].type = 'category';
    }
    return whole;
  }

  function show() {
    const cell = choice.value;
    const drawn = points.filter(({ figures }) => cell in figures);
    place.replaceChildren();

    const layouts = drawn.map(({ figures }) => JSON.stringify(ticksOf(figures[cell].layout)));
    const worded = new Set(layouts).size > 1; // bar 0 is not the same word in all points
    const isMap = drawn.some(({ figures }) => figures[cell].data.some(({ z }) => z));
    place.className = overlay.checked && !isMap ? 'overlay' : '';
    if (overlay.checked && !isMap) {
      const data = drawn.flatMap((point) =>
        point.figures[cell].data.map((trace) => {
          const series = structuredClone(trace);
          if (worded && series.x) series.x = labelled(series, point.figures[cell].layout);
          delete series.marker; // plotly then gives each series a colour of its own
          if (series.line) series.line = series.line.dash ? { dash: series.line.dash } : {};
          series.name = [trace.name, titleOf(point)].filter(Boolean).join(', ');
          return { ...series, showlegend: true };
        })
      );
      if (drawn.length > 0) draw(data, layoutOfAll(drawn[0].figures[cell].layout, worded), '');
    } else {
      for (const point of drawn)
        draw(point.figures[cell].data, point.figures[cell].layout, titleOf(point));
    }
    table.replaceChildren();
    const head = add(table, 'tr');
    for (const title of ['point', `what ${cell} shows`, 'notebook']) add(head, 'th', title);
    for (const point of points) {
      const row = add(table, 'tr');
      add(row, 'td', nameOf(point));
      const texts = [point.failure && `failed: ${point.failure}`, point.figures[cell]?.summary];
      add(row, 'td', texts.filter(Boolean).join('\n'));
      const link = add(add(row, 'td'), 'a', point.notebook);
      link.href = encodeURIComponent(point.notebook);
    }
  }

  /** One row for each point, one column for each number that a cell records. */
  function listNumbers() {
    const columns = new Set(points.flatMap((point) => point.numbers.map(({ key }) => key)));
    if (columns.size === 0) {
      document.getElementById('numbers-title').remove();
      numbers.remove();
      return;
    }
    const head = add(numbers, 'tr');
    for (const title of ['point', ...columns]) add(head, 'th', title);
    for (const point of points) {
      const row = add(numbers, 'tr');
      add(row, 'td', titleOf(point));
      for (const column of columns) {
        const number = point.numbers.find(({ key }) => key === column);
        const cell = add(
          row,
          'td',
          number ? `${shortened(number.value)} ${number.unit}`.trim() : '',
        );
        if (number) cell.title = `${number.value}, cell ${number.cell}`;
      }
    }
  }

  /** Four significant digits of a number that is not whole; the title of its cell has all. */
  const shortened = (value) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;

  for (const cell of new Set(points.flatMap(({ figures }) => Object.keys(figures))))
    add(choice, 'option', cell).value = cell;
  choice.onchange = show;
  overlay.onchange = show;
  show();
  listNumbers();
}
