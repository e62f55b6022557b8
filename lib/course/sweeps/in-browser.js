/** What a sweep's page does: draws one figure of all points, lists the points and their numbers. */
/* global document, figureOfAll, Plotly, structuredClone */
{
  const points = JSON.parse(document.getElementById('data').textContent);
  const choice = document.getElementById('figure');
  const overlay = document.getElementById('overlay');
  const place = document.getElementById('figures');
  const table = document.getElementById('points');

  const numbers = document.getElementById('numbers');

  /** The parameters whose values are not the same in all points. */
  const names = [...new Set(points.flatMap(({ values }) => Object.keys(values)))];
  const differ = names.filter((name) =>
    points.length < 2 || new Set(points.map(({ values }) => JSON.stringify(values[name]))).size > 1
  );

  const inWords = (values, which) =>
    which.filter((name) => name in values)
      .map((name) => `${name} ${JSON.stringify(values[name])}`).join(', ');

  /** The values of a point in words, those aside that are the same in all points. */
  const nameOf = ({ values }) => inWords(values, differ);

  /** The name of a figure: one of a point that failed was drawn before the failure. */
  const titleOf = (point) => point.failure ? `${nameOf(point)} (failed later)` : nameOf(point);

  const add = (parent, tag, text = '') => {
    const element = parent.appendChild(document.createElement(tag));
    element.textContent = text;
    return element;
  };

  const draw = (data, layout, caption) => {
    const box = add(place, 'figure');
    if (caption) add(box, 'figcaption', caption);
    const whole = { ...layout, autosize: true };
    delete whole.width;
    const options = { responsive: true, displaylogo: false, showSendToCloud: false };
    Plotly.newPlot(add(box, 'div'), structuredClone(data), whole, options);
  };

  function show() {
    const cell = choice.value;
    const drawn = points.filter(({ figures }) => cell in figures);
    place.replaceChildren();

    const isMap = drawn.some(({ figures }) => figures[cell].data.some(({ z }) => z));
    place.className = overlay.checked && !isMap ? 'overlay' : '';
    if (overlay.checked && !isMap) {
      const all = drawn.map((point) => ({ name: titleOf(point), ...point.figures[cell] }));
      const { data, layout } = figureOfAll(all);
      draw(data, layout);
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

  const common = inWords(points[0].values, names.filter((name) => !differ.includes(name)));
  document.getElementById('common').textContent = common && `In all points: ${common}`;
  /** Whether all points that show this figure show the same. */
  const isSame = (cell) => {
    const shown = points.flatMap(({ figures }) => figures[cell] ?? []);
    const all = shown.map(({ data, layout: { shapes, annotations } }) =>
      JSON.stringify([data, shapes, annotations])
    );
    return all.length > 1 && new Set(all).size === 1;
  };
  const cells = [...new Set(points.flatMap(({ figures }) => Object.keys(figures)))];
  const [same, different] = [cells.filter(isSame), cells.filter((cell) => !isSame(cell))];
  for (const cell of different) add(choice, 'option', cell).value = cell;
  for (const cell of same) add(choice, 'option', `${cell} (the same in all points)`).value = cell;
  choice.onchange = show;
  overlay.onchange = show;
  show();
  listNumbers();
}
