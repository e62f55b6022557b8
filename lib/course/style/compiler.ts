/** The project's own compiler: its settings, its programs and their type errors. */
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { root } from '../setup/paths.mjs';
import type { Finding } from './finding';

/**
 * The options and the files of a tsconfig file; `project` is its path from the folder of
 * package.json.
 */
export function settingsOf(project: string): ts.ParsedCommandLine {
  const file = join(root, project);
  const read = (path: string): string | undefined => ts.sys.readFile(path);
  const { config } = ts.readConfigFile(file, read) as { config?: unknown };
  return ts.parseJsonConfigFileContent(config, ts.sys, dirname(file), undefined, file);
}

/** The program of a tsconfig file. */
export function programOf(project: string): ts.Program {
  const { fileNames, options } = settingsOf(project);
  return ts.createProgram(fileNames, options);
}

/** The type errors of a program. */
export function typeErrors(program: ts.Program): Finding[] {
  return ts.getPreEmitDiagnostics(program).map(({ file, start = 0, code, messageText }) => ({
    file: file ? relative(root, file.fileName).replaceAll('\\', '/') : 'tsconfig.json',
    ...(file && { line: file.getLineAndCharacterOfPosition(start).line + 1 }),
    message: `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
  }));
}
