/**
 * How a cell failed, in the words of Jupyter's `error` message.
 */
import { inspect, types } from 'node:util';
import type { Diagnostic } from 'tslab/dist/converter';
import { Interrupted, traceOf } from './context';

export interface Failure { readonly ename: string; readonly evalue: string; readonly traceback: string[] }

/** The frames of an error: its trace without name and message. */
function frames(error: Error): string[] {
  return (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
}

/** What was thrown or rejected in `cell` ("cell [3]"); what is not an Error is shown as a value. */
export function failure(reason: unknown, cell: string): Failure {
  if (reason instanceof Interrupted) {
    const { name, message } = reason;
    return { ename: name, evalue: message, traceback: [`${name}: ${message}`, `    at ${cell}`] };
  }
  if (!types.isNativeError(reason) && !(reason instanceof Error)) {
    const trace = traceOf(reason);
    const evalue = typeof reason === 'string' ? reason : inspect(reason);
    const at = trace ? frames(trace) : [`    at ${cell}`];
    return { ename: 'Thrown', evalue, traceback: [`Thrown, and not an Error: ${inspect(reason)}`, ...at] };
  }
  const ename = String(reason.name || reason.constructor.name || 'Error');
  const evalue = String(reason.message);
  const own = frames(reason);
  const at = own.some((line) => line.includes('cell [')) ? own : [...own, `    at ${cell}`];
  const traceback = [`${ename}: ${evalue}`, ...at];
  if (reason.cause !== undefined) {
    const [headline = '', ...rest] = failure(reason.cause, cell).traceback;
    traceback.push(`Caused by ${headline}`, ...rest);
  }
  return { ename, evalue, traceback };
}

/** What TypeScript says against a cell or a file that it imports, with lines and columns from 1. */
export function typeFailure(diagnostics: readonly Diagnostic[], cell: string): Failure {
  const lines = diagnostics.map(({ fileName, start, messageText, code }) => {
    const [line, column] = [start.line + 1, start.character + 1];
    const at = fileName
      ? `${fileName.replaceAll('\\', '/')}:${line}:${column}`
      : `${cell}, line ${line}, column ${column}`;
    return `${at}: ${messageText} (TS${code})`;
  });
  const [first = '', ...rest] = lines;
  return { ename: 'TypeScriptError', evalue: first, traceback: [`TypeScriptError: ${first}`, ...rest] };
}
