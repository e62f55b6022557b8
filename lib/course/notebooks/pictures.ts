/**
 * Still pictures of figures, for readers whose page draws no live plot (GitHub, nbviewer, paper).
 */
import type { Browser, Page } from 'playwright-core';
import { ink } from '../../plots/palette';
import { launchBrowser } from './browser';

/** Width of a still picture in pixels; it is drawn larger for sharp type. */
const width = 760;

/** The figure as a display holds it. */
export interface PlotlyOutput {
  data: unknown[];
  layout: Record<string, unknown>;
}

/** What the page's Plotly offers, as far as it is used here. */
interface PlotlyApi {
  toImage(figure: PlotlyOutput, options: Record<string, unknown>): Promise<string>;
}

/** How large a still picture is shown, in pixels of the page. */
export function pictureSize({ layout }: PlotlyOutput): { width: number; height: number } {
  return { width, height: typeof layout['height'] === 'number' ? layout['height'] : 360 };
}

/** Draws figures in one headless browser, which starts with the first of them. */
export class Photographer {
  private browser: Browser | undefined;
  private page: Page | undefined;

  /** The figure on a white card, legible on a light page and on a dark one; a PNG in base64. */
  async png({ data, layout }: PlotlyOutput): Promise<string> {
    const page = this.page ??= await this.open();
    const dark = JSON.parse(JSON.stringify(layout).replaceAll(ink, '#404040')) as Record<
      string,
      unknown
    >;
    const card: PlotlyOutput = { data, layout: { ...dark, paper_bgcolor: '#ffffff' } };
    const url = await page.evaluate(
      ([figure, options]) =>
        (Reflect.get(globalThis, 'Plotly') as PlotlyApi).toImage(figure, options),
      [card, { format: 'png', ...pictureSize({ data, layout }), scale: 1.5 }] as const,
    );
    return url.replace(/^data:image\/png;base64,/, '');
  }

  async close(): Promise<void> {
    await this.browser?.close();
    this.browser = this.page = undefined;
  }

  private async open(): Promise<Page> {
    this.browser = await launchBrowser();
    const page = await this.browser.newPage();
    await page.addScriptTag({ path: require.resolve('plotly.js-dist') });
    return page;
  }
}
