/** Markdown as markdownlint wants it, in README and in all text cells. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { scratch } from './execute';
import { type Notebook, root, textOf } from './notebook';
import type { Finding } from './program';

/** A notebook with its name. */
export interface Named {
  name: string;
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
 * Runs markdownlint once over the text cells of each notebook, read as one page, and over the
 * Markdown `files`. Settings: `.markdownlint.json`.
 */
export function proseFindings(
  notebooks: readonly Named[],
  files: readonly string[] = [],
): Finding[] {
  const folder = scratch('prose');
  try {
    const pages = notebooks.map(({ name, notebook }, i) => {
      const page = { path: join(folder, String(i), `${name}.md`), name, ...pageOf(notebook) };
      mkdirSync(join(page.path, '..'));
      writeFileSync(page.path, page.text);
      return page;
    });
    return markdownlint([...pages.map(({ path }) => path), ...files]).map((problem) => {
      const { ruleNames, ruleDescription, errorDetail } = problem;
      const message = [ruleNames.join('/'), ruleDescription, errorDetail].filter(Boolean).join(
        ': ',
      );
      const page = pages.find(({ path }) => path === problem.fileName);
      if (!page)
        return { notebook: basename(problem.fileName), cell: '(page)', line: problem.lineNumber,
          message };
      const start = [...page.starts].reverse().find(({ line }) => line < problem.lineNumber);
      return {
        notebook: page.name,
        cell: start?.cell ?? '(none)',
        line: problem.lineNumber - (start?.line ?? 0),
        message,
      };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Text cells one under the other, an empty line between them. */
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
  // --dot: the pages lie in .cache, which it would otherwise pass over.
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
