/** `npm run site`: the explainer as a folder, for any static server or a double click. */
import { mkdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { writeWholeSync } from '../../base/write-file';
import { findNotebooks, readNotebook } from '../notebooks/notebook';
import { writePage } from '../notebooks/page';
import { readParameters } from '../notebooks/read-parameters';
import { root } from '../setup/paths.mjs';
import { commandLine, runProgram } from '../setup/program.mjs';
import { buildExplainer } from './build';
import { inSite } from './in-site';

const USAGE = `npm run site                    writes the explainer into site/
npm run site -- --out FOLDER    writes it there
npm run site -- --notebooks     writes the pages of all notebooks, too, into notebooks/ in it`;

async function main(): Promise<void> {
  const { values } = commandLine({
    options: { out: { type: 'string', default: join(root, 'site') },
      notebooks: { type: 'boolean', default: false } },
  }, USAGE);
  const folder = resolve(values.out);
  mkdirSync(folder, { recursive: true });
  await buildExplainer(folder);
  if (values.notebooks) await writeNotebooks(join(folder, 'notebooks'));
  console.log(`${join(folder, 'index.html')} is the explainer: open it, or serve the folder.`);
}

/** The pages of the notebooks as they are saved, and a list of them. */
async function writeNotebooks(folder: string): Promise<void> {
  const items: string[] = [];
  for (const file of findNotebooks()) {
    const notebook = readNotebook(file);
    await writePage(join(folder, basename(file)), inSite(notebook), readParameters(notebook).all);
    const name = basename(file, '.ipynb');
    items.push(`<li><a href="${name}.html">${name.replaceAll('-', ' ')}</a></li>`);
  }
  const source = readFileSync(join(root, 'notebooks', 'glossary.md'), 'utf8');
  const glossary = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [
    { id: 'glossary', cell_type: 'markdown' as const, metadata: {}, source },
  ] };
  await writePage(join(folder, 'glossary.ipynb'), inSite(glossary), {});
  writeWholeSync(
    join(folder, 'index.html'),
    `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>The notebooks</title>
<h1>The notebooks</h1>
<ol>
${items.join('\n')}
</ol>
<p><a href="../index.html">The explainer</a></p>
</html>
`,
  );
}

if (require.main === module) void runProgram(main);
