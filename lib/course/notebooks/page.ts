/** An executed notebook as a page: one file with live plots, which works offline. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { allowedValues, type Declaration } from '../../base/declaration';
import type { Declarations } from '../../base/params';
import { markdownCell } from '../../plots/markup';
import { installTemplate, TEMPLATE } from '../setup/nbconvert-template.mjs';
import { jupyterEnvironment, pythonOf, root, venv } from '../setup/paths.mjs';
import type { Values } from './copies';
import { scratch } from '../setup/scratch';
import { type Cell, hasTag, type Notebook, writeNotebook } from './notebook';

/**
 * Writes the page of an executed notebook beside `file`, where the notebook is saved, with a table
 * of its parameters. Returns the page's path.
 * @throws Error with the last line of nbconvert's, if it fails
 */
export async function writePage(
  file: string,
  notebook: Notebook,
  all: Declarations,
  values: Values = {},
): Promise<string> {
  const folder = scratch('page');
  const page = file.replace(/\.ipynb$/, '.html');
  try {
    const copy = join(folder, basename(file));
    writeNotebook(copy, withTable(notebook, all, values));
    installTemplate(venv);
    mkdirSync(dirname(page), { recursive: true });
    await convert([copy, '--output', page], join(folder, 'jupyter'));
    return page;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function convert(args: readonly string[], settings: string): Promise<void> {
  const options = [
    '-m',
    'nbconvert',
    '--to',
    'html',
    `--HTMLExporter.template_name=${TEMPLATE}`,
    ...args,
  ];
  const env = jupyterEnvironment(settings);
  const child = spawn(pythonOf(), options, { cwd: root, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => log += text);
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0)
    throw new Error(`the page could not be made: ${log.trim().split('\n').pop() ?? ''}`);
}

/** The notebook with the table under the cell of its parameters. */
function withTable(notebook: Notebook, all: Declarations, values: Values): Notebook {
  const at = notebook.cells.findIndex((cell) => hasTag(cell, 'parameters'));
  if (at < 0) return notebook;
  const table: Cell = { cell_type: 'markdown', id: 'table-of-parameters', metadata: {},
    source: parametersTable(all, values) };
  const { cells } = notebook;
  return { ...notebook, cells: [...cells.slice(0, at + 1), table, ...cells.slice(at + 1)] };
}

/** The parameters as a Markdown table; values other than the default are bold. */
function parametersTable(all: Declarations, values: Values): string {
  const lines = Object.entries(all).map(([name, declared]) => {
    const [value, usual] = [values[name] ?? declared.default, declared.default].map((each) =>
      markdownCell(JSON.stringify(each))
    );
    const own = value === usual ? value : `**${value}**`;
    const sentence = markdownCell(declared.about);
    return [name, own, usual, markdownCell(allowed(declared)), sentence];
  });
  const head = ['parameter', 'value', 'default', 'allowed', 'what to expect when it moves'];
  return [head, head.map(() => '---'), ...lines].map((line) => `| ${line.join(' | ')} |`).join(
    '\n',
  );
}

const allowed = (declared: Declaration): string =>
  allowedValues(declared).replace(/^,? /, '')
  || (Array.isArray(declared.default) ? 'any texts' : 'any text');
