/**
 * Removes everything but the results of a run from a notebook, so that equal runs give equal files.
 */
import { KERNEL_NAME, KERNEL_TITLE } from '../setup/jupyter-kernel.mjs';
import { type Cell, isCode, type Notebook, type Output, textOf } from './notebook';

/**
 * Cell metadata that authors and instructors set; the rest (timestamps, scroll positions, …)
 * belongs to one run.
 */
const keptMetadata = ['tags', 'nbgrader', 'editable', 'deletable', 'jupyter', 'slideshow'];

/** The notebook without timestamps, versions and other traces of one run. */
export function clean(notebook: Notebook): Notebook {
  return {
    cells: notebook.cells.map(cleanCell),
    metadata: {
      kernelspec: { display_name: KERNEL_TITLE, language: 'typescript', name: KERNEL_NAME },
      language_info: { file_extension: '.ts', mimetype: 'text/x-typescript', name: 'typescript' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

function cleanCell(cell: Cell): Cell {
  const metadata = Object.fromEntries(
    Object.entries(cell.metadata).filter(([key]) => keptMetadata.includes(key)),
  );
  const { id, source } = cell;
  if (!isCode(cell)) return { cell_type: cell.cell_type, id, metadata, source };
  const { execution_count, outputs } = cell;
  return { cell_type: 'code', id, metadata, source, execution_count,
    outputs: joinStreams(outputs).map(cleanOutput) };
}

/**
 * Joins the messages of one text: their number depends on the machine's speed, the text does not.
 */
function joinStreams(outputs: readonly Output[]): Output[] {
  const joined: Output[] = [];
  for (const output of outputs) {
    const last = joined.at(-1);
    if (
      output.output_type === 'stream' && last?.output_type === 'stream' && last.name === output.name
    ) {
      last.text = textOf(last.text) + textOf(output.text);
    } else {
      joined.push({ ...output });
    }
  }
  return joined;
}

function cleanOutput(output: Output): Output {
  if (output.output_type !== 'display_data' && output.output_type !== 'execute_result')
    return output;
  return { output_type: 'display_data', data: output.data, metadata: output.metadata };
}
