/** Shows a part of the library in a notebook, from its file. */
import type ts from '@tslab/typescript-for-tslab';
import { check } from '../base/checks';
import { platform } from '../base/platform';
import { decodeText } from '../base/text-file';
import { notebookDisplay } from './show';

const LIB = platform.join(platform.root, 'lib');

/**
 * Shows a function, class, method or constant of the library with its comment, from its file:
 * `await showSource('model/block', 'block')`, or `'GPT.forward'` for a method. Without a name it
 * shows the whole file.
 * @throws RangeError if there is no such file in lib, or nothing of this name in it
 */
export async function showSource(file: string, name?: string): Promise<void> {
  check(typeof file === 'string', 'the file', "a text such as 'model/block'", file);
  const path = platform.join(LIB, `${file.replace(/\.ts$/, '')}.ts`);
  if (!path.startsWith(LIB) || !platform.exists(path))
    throw new RangeError(`lib has no file ${file}.ts; give it as 'model/block'`);
  const text = decodeText(path, await platform.readFile(path));
  const part = name === undefined ? { source: text.trimEnd(), line: 1 } : find(text, name);
  if (!part) throw new RangeError(`lib/${file}.ts declares no ${name}`);
  const where = `lib/${file.replace(/\.ts$/, '')}.ts, line ${part.line}`;
  const display = notebookDisplay();
  const plain = `// ${where}\n${part.source}`;
  if (display) {
    display.display({
      'text/markdown': `\`${where}\`\n\n\`\`\`typescript\n${part.source}\n\`\`\``,
      'text/plain': plain,
    });
  } else console.log(plain);
}

/** The declaration of `name` in a source, with its comment, and its first line, from 1. */
function find(text: string, name: string): { source: string; line: number } | undefined {
  // Loaded at the first call, because nothing else in a notebook needs a parser.
  const typescript = platform.loadPackage('@tslab/typescript-for-tslab') as typeof ts;
  const file = typescript.createSourceFile('x.ts', text, typescript.ScriptTarget.Latest, true);
  const namesOf = (node: ts.Node): string[] => {
    if (typescript.isVariableStatement(node))
      return node.declarationList.declarations.map((one) => one.name.getText(file));
    const own = (node as Partial<ts.NamedDeclaration>).name;
    return own ? [own.getText(file)] : [];
  };
  let nodes: readonly ts.Node[] = file.statements;
  const found = name.split('.').map((part) => {
    const node = nodes.find((each) => namesOf(each).includes(part));
    nodes = node && typescript.isClassDeclaration(node) ? node.members : [];
    return node;
  }).at(-1);
  if (!found) return undefined;
  const start = found.getStart(file, true); // with its comment
  const indent = start - (text.lastIndexOf('\n', start - 1) + 1);
  const source = text.slice(start, found.getEnd()).replaceAll(`\n${' '.repeat(indent)}`, '\n');
  return { source, line: file.getLineAndCharacterOfPosition(start).line + 1 };
}
