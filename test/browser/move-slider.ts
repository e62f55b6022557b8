/** Moves the slider of a plot by the mouse, and reads what is drawn then. */
import type { Locator } from 'playwright-core';

/** Where a part is, once the page has not moved it for a tenth of a second. */
async function placeOf(part: Locator): Promise<Awaited<ReturnType<Locator['boundingBox']>>> {
  let place = await part.boundingBox();
  for (let turn = 0; turn < 50; turn++) {
    await part.page().waitForTimeout(100);
    const now = await part.boundingBox();
    if (now?.x === place?.x && now?.y === place?.y) return now;
    place = now;
  }
  return place;
}

/** Drags the grip to a step by the mouse. */
export async function moveTo(plot: Locator, step: number, steps: number): Promise<void> {
  const grip = await placeOf(plot.locator('.slider-grip-rect'));
  const rail = await plot.locator('.slider-rail-touch-rect').boundingBox();
  if (!grip || !rail) throw new Error('the figure has no slider');
  const { mouse } = plot.page();
  const inset = 10; // of the first and the last step
  const [x, y] = [grip.x + grip.width / 2, grip.y + grip.height / 2];
  await mouse.move(x, y);
  await mouse.down();
  const to = rail.x + inset + (rail.width - 2 * inset) * step / (steps - 1);
  await mouse.move(to, y, { steps: 3 });
  await mouse.up();
}

/** The text over the slider. */
export async function shown(plot: Locator): Promise<string> {
  return await plot.locator('.slider-group > .slider-label').textContent() ?? '';
}

/** What plotly has drawn: its words, along the axis or down the rows, and its numbers by trace. */
export function drawn(plot: Locator): Promise<{ words: string[]; traces: (number | null)[][] }> {
  return plot.evaluate(async (node) => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const { data, layout } = node as unknown as {
      data: { y: (number | null)[]; z?: (number | null)[][] }[];
      layout: { xaxis: { ticktext?: string[] }; yaxis: { ticktext?: string[] } };
    };
    const isMap = data.some(({ z }) => z);
    return {
      words: (isMap ? layout.yaxis : layout.xaxis).ticktext ?? [],
      traces: data.map(({ y, z }) => z ? z.flat() : y),
    };
  });
}
