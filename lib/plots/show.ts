import { DISPLAY, type Display } from '../base/kernel';
import type { Figure } from './figure';

/** The MIME type of a live plot. */
export const PLOTLY = 'application/vnd.plotly.v1+json';

/** The way to the notebook, or undefined outside the course's kernel. */
export function notebook(): Display | undefined {
  return Reflect.get(process, DISPLAY) as Display | undefined;
}

/**
 * The forms of a figure that leave the kernel; the runner of the notebooks adds a still picture to
 * saved outputs.
 */
export function bundle({ data, layout, summary }: Figure): Record<string, unknown> {
  return {
    [PLOTLY]: { data, layout, config: { displaylogo: false, responsive: true } },
    'text/plain': summary,
  };
}

/** Shows a figure under the running cell. In plain Node its summary is printed instead. */
export function show(figure: Figure): void {
  const way = notebook();
  if (way) way.display(bundle(figure));
  else console.log(figure.summary);
}
