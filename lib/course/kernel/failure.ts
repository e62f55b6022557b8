/** How a cell failed, as the content of Jupyter's `error` message. */
import { inspect, types } from 'node:util';
import type { Diagnostic } from 'tslab/dist/converter';
import { Interrupted, traceOf } from './running-cell';

export interface Failure {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: string[];
}

/**
 * The most errors that are shown of an AggregateError (the rejection of `Promise.any`), and of a
 * cell besides its first.
 */
const MOST_PARTS = 5;

/** The frames of an error: its trace without name and message. */
function frames(error: Error): string[] {
  return (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
}

/**
 * The failure for a value that was thrown or rejected in `cell` ("cell [3]"). A value that is not
 * an Error is shown as it is. Never throws.
 */
export function failureOf(reason: unknown, cell: string): Failure {
  try {
    return describe(reason, cell, []);
  } catch { // for example, a getter of the error throws
    const evalue =
      'an error that cannot be shown, because reading its name, message or stack fails';
    return { ename: 'Error', evalue, traceback: [`Error: ${evalue}`, `    at ${cell}`] };
  }
}

/**
 * The failure for the first of several `reasons`. The others, also uncaught, are added to the end
 * of its traceback.
 */
export function failures([first, ...others]: readonly unknown[], cell: string): Failure {
  const main = failureOf(first, cell);
  const traceback = others.slice(0, MOST_PARTS).flatMap((reason) => {
    const [headline = '', ...rest] = failureOf(reason, cell).traceback;
    return [`Also uncaught: ${headline}`, ...rest];
  });
  if (others.length > MOST_PARTS)
    traceback.push(`Also uncaught: ${others.length - MOST_PARTS} more`);
  return { ...main, traceback: [...main.traceback, ...traceback] };
}

/** `outer`: the errors that have `reason` as their cause or as a part. */
function describe(reason: unknown, cell: string, outer: readonly unknown[]): Failure {
  if (reason instanceof Interrupted) {
    const { name, message } = reason;
    return { ename: name, evalue: message, traceback: [`${name}: ${message}`, `    at ${cell}`] };
  }
  if (!types.isNativeError(reason) && !(reason instanceof Error)) {
    const trace = traceOf(reason);
    const evalue = typeof reason === 'string' ? reason : inspect(reason);
    const at = trace ? frames(trace) : [`    at ${cell}`];
    return { ename: 'Thrown', evalue,
      traceback: [`Thrown, and not an Error: ${inspect(reason)}`, ...at] };
  }
  // a class may give them any type
  const { name, message }: { name: unknown; message: unknown } = reason;
  const ename = typeof name === 'string' && name !== '' ? name : reason.constructor.name || 'Error';
  const evalue = typeof message === 'string' ? message : inspect(message);
  const own = frames(reason);
  const at = own.some((line) => line.includes('cell [')) ? own : [...own, `    at ${cell}`];
  const traceback = [`${ename}: ${evalue}`, ...at];
  const add = (part: unknown, as: string): void => {
    if (part === reason || outer.includes(part)) return;
    const [headline = '', ...rest] = describe(part, cell, [...outer, reason]).traceback;
    traceback.push(`${as} ${headline}`, ...rest);
  };
  if (reason.cause !== undefined) add(reason.cause, 'Caused by');
  if (reason instanceof AggregateError) {
    for (const part of reason.errors.slice(0, MOST_PARTS)) add(part, 'One of its errors:');
  }
  return { ename, evalue, traceback };
}

/** The failure for type errors of a cell or of a file that it imports; places count from 1. */
export function typeFailure(diagnostics: readonly Diagnostic[], cell: string): Failure {
  const lines = diagnostics.map(({ fileName, start, messageText, code }) => {
    const [line, column] = [start.line + 1, start.character + 1];
    const at = fileName
      ? `${fileName.replaceAll('\\', '/')}:${line}:${column}`
      : `${cell}, line ${line}, column ${column}`;
    return `${at}: ${messageText} (TS${code})`;
  });
  const [first = '', ...rest] = lines;
  return { ename: 'TypeScriptError', evalue: first,
    traceback: [`TypeScriptError: ${first}`, ...rest] };
}
