import type { Figure } from './figure';

/** Where the course's kernel puts its {@link Display}: `process[DISPLAY_SYMBOL]`. */
export const DISPLAY_SYMBOL = Symbol.for('course.display');

/**
 * The kernel's connection to the notebook. A bundle maps mime types to content; `update` replaces
 * the display of that id.
 */
export interface Display {
  display(bundle: Record<string, unknown>, displayId?: string): void;
  update(bundle: Record<string, unknown>, displayId: string): void;
}

/** The display of the notebook; undefined outside the course's kernel. */
export function notebookDisplay(): Display | undefined {
  return Reflect.get(process, DISPLAY_SYMBOL) as Display | undefined;
}

/**
 * A figure by mime type, as the kernel sends it; the runner of the notebooks adds a PNG to saved
 * outputs.
 */
export function bundle({ data, layout, summary }: Figure): Record<string, unknown> {
  return {
    'application/vnd.plotly.v1+json': { data, layout,
      config: { displaylogo: false, responsive: true } },
    'text/plain': summary,
  };
}

/** Shows a figure under the running cell; in plain Node it prints the summary. */
export function show(figure: Figure): void {
  const display = notebookDisplay();
  if (display) display.display(bundle(figure));
  else console.log(figure.summary);
}
