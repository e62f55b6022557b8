/** The notebooks inside the site: their links lead to its pages. */
import { PAGE } from '../../explainer/links';
import { isCode, type Notebook, textOf } from '../notebooks/notebook';

/**
 * A notebook whose text cells link to the pages of the site: the explainer lies in the folder above
 * them, and each notebook is a page.
 */
export function inSite(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell) =>
    isCode(cell) ? cell : { ...cell, source: linked(textOf(cell.source)) }
  );
  return { ...notebook, cells };
}

/** A text whose links to the explainer lead to where it is served, or to its file. */
export const explainerAt = (text: string, address: string): string =>
  text.replaceAll(`](${PAGE}`, `](${address}`);

const linked = (text: string): string =>
  explainerAt(text, '../index.html').replaceAll('](../notebooks/glossary.md', '](glossary.html')
    .replace(
      /\]\((\d+\.\d+-[\w-]+)\.ipynb/g,
      ']($1.html',
    );
