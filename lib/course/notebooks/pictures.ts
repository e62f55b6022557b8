/** Still pictures of plots, for pages that cannot draw live plots (GitHub, nbviewer, paper). */
import type { Browser, Page } from 'playwright-core';
import { findBrowser, howToGetABrowser } from '../setup/find-browser.mjs';
import { launchBrowser } from './browser';
import { PLOTLY } from '../../plots/show';
import { type DisplayOutput, isCode, type Notebook, sortKeys, type Text, textOf } from './notebook';

/** Width of a still picture in pixels of the page; it is drawn larger for sharp type. */
const width = 760;

/** The figure as a display holds it. */
interface PlotlyOutput {
  data: unknown[];
  layout: Record<string, unknown>;
}

/** The part of Plotly in the page that is used here. */
interface PlotlyApi {
  toImage(figure: PlotlyOutput, options: Record<string, unknown>): Promise<string>;
}

/** How large a still picture is shown, in pixels of the page. */
function pictureSize({ layout }: PlotlyOutput): { width: number; height: number } {
  return { width, height: typeof layout['height'] === 'number' ? layout['height'] : 360 };
}

/** Draws figures in one headless browser, which starts with the first of them. */
export class Photographer {
  private browser: Browser | undefined;
  private page: Page | undefined;

  /** The figure as a PNG in base64. */
  async png(plot: PlotlyOutput): Promise<string> {
    const page = this.page ??= await this.open();
    const url = await page.evaluate(
      ([figure, options]) =>
        (Reflect.get(globalThis, 'Plotly') as PlotlyApi).toImage(figure, options),
      [plot, { format: 'png', ...pictureSize(plot), scale: 1.5 }] as const,
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

/**
 * Adds a PNG to every plot of `now`. A plot with the same numbers as one in `committed` keeps the
 * picture of that one, so that a run with unchanged numbers changes no file.
 */
export async function addPictures(
  now: Notebook,
  committed: Notebook | undefined,
  photo: Photographer | undefined,
): Promise<number> {
  const known = new Map(plots(committed).map(({ data }) => [key(data[PLOTLY]), data['image/png']]));
  let without = 0;
  for (const output of plots(now)) {
    const figure = output.data[PLOTLY] as PlotlyOutput;
    const picture = known.get(key(figure)) ?? await photo?.png(figure);
    if (picture === undefined) without++;
    else output.data['image/png'] = picture;
    const alt = textOf(output.data['text/plain'] as Text);
    output.metadata = picture === undefined
      ? {}
      : { 'image/png': { ...pictureSize(figure), alt } };
  }
  return without;
}

function plots(notebook: Notebook | undefined): DisplayOutput[] {
  const outputs = notebook?.cells.filter(isCode).flatMap((cell) => cell.outputs) ?? [];
  return outputs.filter((output): output is DisplayOutput =>
    'data' in output && PLOTLY in output.data
  );
}

function key(figure: unknown): string {
  return JSON.stringify(sortKeys(figure));
}

/** Says so before anything runs, where there is no browser. */
export function takePictures(): Photographer | undefined {
  if (findBrowser() !== undefined) return new Photographer();
  console.log(
    'No Chromium browser was found, so plots that change are saved without a still picture.\n'
      + howToGetABrowser,
  );
  return undefined;
}

/** Adds pictures as far as the browser works; what was computed is saved in any case. */
export async function withPictures(
  now: Notebook,
  committed: Notebook,
  photo: Photographer | undefined,
): Promise<string> {
  let trouble = '';
  const failed = (error: unknown): Promise<number> => {
    const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
    trouble = ` (the browser failed: ${line})`;
    return addPictures(now, committed, undefined);
  };
  const without = await addPictures(now, committed, photo).catch(failed);
  const plots = without === 1 ? '1 plot' : `${without} plots`;
  return without > 0 ? `, ${plots} without a still picture${trouble}` : '';
}
