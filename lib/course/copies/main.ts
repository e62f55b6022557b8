/** `npm run my-notebooks`: the state of the reader's copies, the changes in one, and a new copy. */
import { createTwoFilesPatch } from 'diff';
import { basename, join, relative } from 'node:path';
import { findNotebooks } from '../notebooks/notebook';
import { root } from '../setup/paths.mjs';
import { commandLine, runProgram, Trouble } from '../setup/program.mjs';
import { copiesFolder, makeCopies, notebooksFolder, readNotebookFile,
  renewCopy } from './working-copies.mjs';

const USAGE =
  `npm run my-notebooks                 which copies you changed, and which have a newer version
npm run my-notebooks -- diff 16.3    what you changed in one, or what is newer in the course's
npm run my-notebooks -- reset 16.3   a new copy; yours is kept beside it`;

void runProgram(() => {
  const { positionals: [command, ...wanted] } = commandLine(
    { allowPositionals: true, options: {} },
    USAGE,
  );
  if (command === undefined) {
    printStates();
    return;
  }
  const names = wanted.length > 0 ? findNotebooks(wanted).map((file) => basename(file)) : [];
  if (!['diff', 'reset'].includes(command) || names.length === 0)
    throw new Trouble(
      `"${[command, ...wanted].join(' ')}" is not a command.`,
      `Use it like this:\n${USAGE}`,
    );
  makeCopies();
  for (const name of names) {
    if (command === 'diff') printDiff(name);
    else printReset(name);
  }
});

function printStates(): void {
  for (const { name, broken, changed, newer } of makeCopies().states) {
    const state = [
      broken ? 'cannot be read' : changed ? 'changed by you' : 'as made',
      ...(newer ? ['a newer version exists'] : []),
    ];
    console.log(`${name}: ${state.join('; ')}`);
  }
}

/** A unified diff of the texts of all cells, from the course's notebook to the reader's copy. */
function printDiff(name: string): void {
  const [theirs, yours] = [join(notebooksFolder, name), join(copiesFolder, name)];
  const [from, to] = [textOf(theirs), textOf(yours)];
  console.log(
    from === to
      ? `${name}: every cell is the course's`
      : createTwoFilesPatch(relative(root, theirs), relative(root, yours), from, to),
  );
}

/** The cells as text, each under a line with its id. */
function textOf(file: string): string {
  const { cells } = readNotebookFile(file);
  return cells.map(({ id, source }) => `# ${id}\n${[source].flat().join('').trim()}\n`).join('\n');
}

function printReset(name: string): void {
  const aside = renewCopy(name);
  const where = relative(root, join(copiesFolder, name));
  console.log(aside ? `${where} is new; yours is now ${relative(root, aside)}` : `${where} is new`);
}
