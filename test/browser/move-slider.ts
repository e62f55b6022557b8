/** Moves the one slider of a page by the mouse, and reads what is drawn then. */
import type { Page } from 'playwright-core';

/** Drags the grip to a step by the mouse. */
export async function moveTo(page: Page, step: number, steps: number): Promise<void> {
  const grip = await page.locator('.slider-grip-rect').boundingBox();
  const rail = await page.locator('.slider-rail-touch-rect').boundingBox();
  if (!grip || !rail) throw new Error('the figure has no slider');
  const inset = 10; // of the first and the last step
  const [x, y] = [grip.x + grip.width / 2, grip.y + grip.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  const to = rail.x + inset + (rail.width - 2 * inset) * step / (steps - 1);
  await page.mouse.move(to, y, { steps: 3 });
  await page.mouse.up();
}

/** The text over the slider. */
export async function shown(page: Page): Promise<string> {
  return await page.locator('.slider-group > .slider-label').textContent() ?? '';
}

/** What plotly has drawn: its words, along the axis or down the rows, and its numbers by trace. */
export function drawn(page: Page): Promise<{ words: string[]; traces: (number | null)[][] }> {
  return page.locator('.js-plotly-plot', { has: page.locator('.slider-group') }).evaluate(
    async (plot) => {
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      const { data, layout } = plot as unknown as {
        data: { y: (number | null)[]; z?: (number | null)[][] }[];
        layout: { xaxis: { ticktext?: string[] }; yaxis: { ticktext?: string[] } };
      };
      const isMap = data.some(({ z }) => z);
      return {
        words: (isMap ? layout.yaxis : layout.xaxis).ticktext ?? [],
        traces: data.map(({ y, z }) => z ? z.flat() : y),
      };
    },
  );
}
