/** Markdown by the rules of markdownlint, in pages and in text cells. */
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from '../../setup/scratch';
import { type Notebook, textOf } from '../../notebooks/notebook';
import { root } from '../../setup/paths.mjs';
import type { Finding } from '../finding';

/** A notebook with its path from the folder of package.json. */
export interface Named {
  file: string;
  notebook: Notebook;
}

interface Problem {
  fileName: string;
  lineNumber: number;
  ruleNames: string[];
  ruleDescription: string;
  errorDetail: string | null;
}

/**
 * Runs markdownlint once over the text cells of each notebook, joined to one page, and over the
 * Markdown files `pages`. Its settings are in `.markdownlint.json`.
 */
export function markdownFindings(
  notebooks: readonly Named[],
  pages: readonly string[] = [],
): Finding[] {
  const folder = scratch('markdown');
  try {
    const joined = notebooks.map(({ file, notebook }, i) => {
      const page = { path: join(folder, `${i}.md`), file, ...pageOf(notebook) };
      writeFileSync(page.path, page.text);
      return page;
    });
    return markdownlint([...joined.map(({ path }) => path), ...pages]).map((problem) => {
      const { ruleNames, ruleDescription, errorDetail } = problem;
      const message = [ruleNames.join('/'), ruleDescription, errorDetail].filter(Boolean).join(
        ': ',
      );
      const page = joined.find(({ path }) => path === problem.fileName);
      if (!page) return { file: problem.fileName, line: problem.lineNumber, message };
      const start = [...page.starts].reverse().find(({ line }) => line < problem.lineNumber);
      return {
        file: page.file,
        cell: start?.cell ?? '(none)',
        line: problem.lineNumber - (start?.line ?? 0),
        message,
      };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The text cells of a notebook, with an empty line between them. */
function pageOf({ cells }: Notebook): { text: string; starts: { cell: string; line: number }[] } {
  const lines: string[] = [];
  const starts: { cell: string; line: number }[] = [];
  for (const { id, cell_type, source } of cells) {
    if (cell_type !== 'markdown') continue;
    if (lines.length > 0) lines.push('');
    starts.push({ cell: id, line: lines.length });
    lines.push(...textOf(source).replace(/\n$/, '').split('\n'));
  }
  return { text: `${lines.join('\n')}\n`, starts };
}

function markdownlint(paths: readonly string[]): Problem[] {
  if (paths.length === 0) return [];
  const program = join(root, 'node_modules', 'markdownlint-cli', 'markdownlint.js');
  const config = join(root, '.markdownlint.json');
  // --dot: the pages are in .cache, which it would otherwise skip.
  const run = spawnSync(process.execPath, [
    program,
    '--dot',
    '--json',
    '--config',
    config,
    ...paths,
  ], {
    cwd: root,
    encoding: 'utf8',
  });
  if (run.status === 0) return [];
  if (run.status !== 1) throw new Error(`markdownlint stopped: ${run.stderr.trim() || run.status}`);
  return JSON.parse(run.stderr) as Problem[];
}
