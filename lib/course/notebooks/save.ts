/** Putting still pictures beside live plots. */
import { type DisplayOutput, isCode, type Notebook, PLOTLY, sortKeys } from './notebook';
import { Photographer, pictureSize, type PlotlyOutput } from './pictures';

/**
 * Adds a PNG to every plot of `now`. A plot whose numbers stand in `committed` keeps the picture
 * that it has there, so that a run which changes nothing changes no file.
 */
export async function addPictures(
  now: Notebook,
  committed: Notebook | undefined,
  photo: Photographer,
): Promise<void> {
  const known = new Map(plots(committed).map(({ data }) => [key(data[PLOTLY]), data['image/png']]));
  for (const output of plots(now)) {
    const figure = output.data[PLOTLY] as PlotlyOutput;
    output.data['image/png'] = known.get(key(figure)) ?? await photo.png(figure);
    output.metadata = { 'image/png': pictureSize(figure) };
  }
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
