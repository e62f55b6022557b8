/** Sources of cells as values: solutions, planted mistakes and stubs. */
import ts from '@tslab/typescript-for-tslab';
import type { Scope } from './exercise';

type Body = (...values: unknown[]) => Promise<unknown>;
const AsyncFunction = Reflect.get(async () => Promise.resolve(), 'constructor') as new(
  ...texts: string[]
) => Body;

/**
 * The value that the cell's `source` gives to `name`; `scope` holds the names it uses. The kernel's
 * own compiler translates it: esbuild would start a process, which an interrupt ends.
 */
export async function evaluate(source: string, name: string, scope: Scope = {}): Promise<unknown> {
  const code = ts.transpile(source, { target: ts.ScriptTarget.ES2022 });
  return await new AsyncFunction(...Object.keys(scope), `${code}\nreturn ${name};`)(
    ...Object.values(scope),
  );
}
