/** What a sweep's page does: draws one figure of all points, and lists the points. */
/* global document, Plotly, structuredClone */
{
  const points = JSON.parse(document.getElementById('data').textContent);
  const choice = document.getElementById('figure');
  const overlay = document.getElementById('overlay');
  const place = document.getElementById('figures');
  const table = document.getElementById('points');

  /** The values of a point in words. */
  const nameOf = ({ values }) =>
    Object.entries(values).map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ');

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

  /** The layout for all points: axes that reach as far as any of them, the legend below. */
  function layoutOfAll(layout) {
    const legend = { orientation: 'h', y: -0.25, yanchor: 'top' };
    const whole = { ...structuredClone(layout), height: 600, showlegend: true, legend };
    for (const name of Object.keys(whole).filter((key) => /^[xy]axis\d*$/.test(key)))
      delete whole[name].range;
    return whole;
  }

  function show() {
    const cell = choice.value;
    const drawn = points.filter(({ figures }) => cell in figures);
    place.replaceChildren();
    place.className = overlay.checked ? 'overlay' : '';
    if (overlay.checked) {
      const data = drawn.flatMap((point) =>
        point.figures[cell].data.map((trace) => {
          const series = structuredClone(trace);
          delete series.marker; // plotly then gives each series a colour of its own
          if (series.line) series.line = series.line.dash ? { dash: series.line.dash } : {};
          series.name = [trace.name, nameOf(point)].filter(Boolean).join(', ');
          return { ...series, showlegend: true };
        })
      );
      if (drawn.length > 0) draw(data, layoutOfAll(drawn[0].figures[cell].layout), '');
    } else {
      for (const point of drawn)
        draw(point.figures[cell].data, point.figures[cell].layout, nameOf(point));
    }
    table.replaceChildren();
    const head = add(table, 'tr');
    for (const title of ['point', `what ${cell} shows`, 'notebook']) add(head, 'th', title);
    for (const point of points) {
      const row = add(table, 'tr');
      add(row, 'td', nameOf(point));
      add(row, 'td', point.failure ? `failed in ${point.failure}` : point.figures[cell]?.summary);
      const link = add(add(row, 'td'), 'a', point.notebook);
      link.href = encodeURIComponent(point.notebook);
    }
  }

  for (const cell of new Set(points.flatMap(({ figures }) => Object.keys(figures))))
    add(choice, 'option', cell).value = cell;
  choice.onchange = show;
  overlay.onchange = show;
  show();
}
