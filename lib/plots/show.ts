import { type Display, DISPLAY_SYMBOL } from '../base/kernel-symbols';
import { platform } from '../base/platform';
import type { Figure } from './figure';
import { rememberCurves } from './shown-curves';

/** The MIME type of a live plot. */
export const PLOTLY = 'application/vnd.plotly.v1+json';

/** The display of the notebook; undefined outside the course's kernel. */
export function notebookDisplay(): Display | undefined {
  return Reflect.get(platform.host, DISPLAY_SYMBOL) as Display | undefined;
}

/**
 * A figure by mime type, as the kernel sends it; the runner of the notebooks adds a PNG to saved
 * outputs.
 */
export function bundle({ data, layout, summary }: Figure): Record<string, unknown> {
  return {
    // Plotly's mode bar would offer to upload the figure.
    [PLOTLY]: { data, layout,
      config: { displaylogo: false, responsive: true, showSendToCloud: false } },
    'text/plain': summary,
  };
}

/** Shows a figure under the running cell; in plain Node it prints the summary. */
export function show(figure: Figure): void {
  rememberCurves(figure);
  draw(figure);
}

/** The same for a figure that is not one of the run's own. */
export function draw(figure: Figure): void {
  const display = notebookDisplay();
  if (display) display.display(bundle(figure));
  else console.log(figure.summary);
}
