/**
 * Syntax errors of a cell, each placed inside it.
 *
 * They are found in the text of the cell alone. tslab adds a line to it, which a bracket that is
 * not closed takes in: TypeScript then reports places in that line, and errors of its content. It
 * also reports what is missing where the text ends, and not where the bracket, the string or the
 * comment begins that should have ended before.
 */
import type tsType from '@tslab/typescript-for-tslab';
import type { Diagnostic } from 'tslab/dist/converter';
import { misindentedPairs, openPairs } from './open-pairs';
import { MODULE, parse } from './source';

/** TypeScript's codes. */
const EXPECTED = 1005; // "'}' expected."
const COMMENT = 1010; // "'*/' expected."
const LITERALS = [1002, 1160, 1161]; // unterminated strings, templates, regular expressions

/** The syntax errors of `source`, the text of a cell; while there are any, types say nothing. */
export function syntaxErrors(ts: typeof tsType, source: string): Diagnostic[] {
  const file = parse(ts, MODULE + source);
  if (file.parseDiagnostics.length === 0) return [];
  const end = file.text.trimEnd().length;
  const seen = new Set<string>();
  return file.parseDiagnostics.flatMap((diagnostic) => {
    const { code, category, start: reported } = diagnostic;
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
    const { at, says } = LITERALS.includes(code)
      ? { at: literalStart(ts, file, reported), says: text }
      : code === COMMENT
      ? { at: commentStart(ts, file), says: text.replace(/\.$/, ', to end this comment.') }
      : missing(ts, file, diagnostic, text);
    const place = Math.max(MODULE.length, Math.min(at, end - 1));
    const key = `${place} ${says}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const { line, character } = file.getLineAndCharacterOfPosition(place);
    const position = { offset: place - MODULE.length, line: line - 1, character };
    return { start: position, end: position, messageText: says, category, code };
  });
}

/** The place and the words of an error about something that is missing, or should not be there. */
function missing(
  ts: typeof tsType,
  file: tsType.SourceFile,
  { start: reported, code }: tsType.DiagnosticWithLocation,
  text: string,
): { at: number; says: string } {
  // the line counts from 1 in the cell: the file has one line before it
  const lineOf = (at: number): number => file.getLineAndCharacterOfPosition(at).line;
  const columnOf = (at: number): number => file.getLineAndCharacterOfPosition(at).character + 1;
  const placeOf = (at: number): string => `line ${lineOf(at)}, column ${columnOf(at)}`;
  const says = text.replace(/\.$/, '');
  const isAtEnd = file.text.slice(reported).trim() === '';
  const isMissing = isAtEnd && code === EXPECTED;
  const open = openPairs(ts, file).filter(({ open: at, end }) =>
    at < reported && file.text.slice(end, reported).trim() === ''
  ).at(-1);
  const likely = misindentedPairs(ts, file).find(({ open: at, close }) =>
    at < reported && (open?.token === '{' || (!isAtEnd && reported < close))
  );
  if (likely) {
    const why = `the '}' in line ${lineOf(likely.close)} has less indentation.`;
    return isMissing
      ? { at: likely.open, says: `${says}, probably for this '{': ${why}` }
      : { at: reported,
        says: `${says}: the '{' in ${
          placeOf(likely.open)
        } is probably not closed, because ${why}` };
  }
  if (!open) return { at: reported, says: text };
  return isMissing
    ? { at: open.open, says: `${says}: this '${open.token}' is not closed.` }
    : { at: reported,
      says: `${says}: the '${open.token}' in ${placeOf(open.open)} is not closed.` };
}

/** Where the string, template or regular expression begins that does not end at `reported`. */
function literalStart(ts: typeof tsType, file: tsType.SourceFile, reported: number): number {
  let found = reported;
  const visit = (node: tsType.Node): void => {
    if ((node as { isUnterminated?: boolean }).isUnterminated === true && node.end >= reported) {
      const isPart = ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
      found = (isPart ? node.parent.parent : node).getStart(file);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Where the comment begins that has no end: it is the last of the text. */
function commentStart(ts: typeof tsType, file: tsType.SourceFile): number {
  const { pos } = file.endOfFileToken;
  const comments = [
    ...ts.getTrailingCommentRanges(file.text, pos) ?? [],
    ...ts.getLeadingCommentRanges(file.text, pos) ?? [],
  ];
  return comments.sort((a, b) => a.pos - b.pos).at(-1)?.pos ?? file.text.length;
}
