/** Which cell of a submission holds the answer to an exercise, and whether any does. */
import ts from 'typescript';
import type { Exercise } from '../../exercises/exercise';
import { declaredBy, parse, type SourceCell } from './needed-cells';

/** Where an answer is. */
export interface AnswerCell {
  /** The index of its cell. */
  readonly at: number;
  /** It is as it was handed out, or nothing but comments. */
  readonly isOpen: boolean;
  /** A later cell can use the name of the exercise as a value. */
  readonly isDeclared: boolean;
}

/**
 * The cell of the exercise, at index `own`. If that declares nothing of the name, or is as it was
 * handed out: the last other cell of the student's that declares it, as in their own kernel.
 */
export function answerOf(
  cells: readonly SourceCell[],
  own: number,
  exercise: Exercise,
): AnswerCell {
  const { source } = cells[own]!;
  const isStub = source.trim() === exercise.stub.trim();
  if (!isStub && declaresValue(source, exercise.name))
    return { at: own, isOpen: false, isDeclared: true };
  const others = cells.flatMap((cell, at) =>
    at !== own && cell.kind !== 'released' && cell.source.trim() !== exercise.stub.trim()
      && declaresValue(cell.source, exercise.name)
      ? [at]
      : []
  );
  const last = others.at(-1);
  if (last !== undefined) return { at: last, isOpen: false, isDeclared: true };
  return { at: own, isOpen: isStub || isEmpty(source), isDeclared: isStub };
}

const isEmpty = (source: string): boolean => statementsOf(source)?.length === 0;

/** Whether the statements of a cell declare a variable, a function or a class of this name. */
function declaresValue(source: string, name: string): boolean {
  const statements = statementsOf(source);
  if (!statements) return source.includes(name);
  return statements.some((statement) =>
    !ts.isTypeAliasDeclaration(statement) && !ts.isInterfaceDeclaration(statement)
    && declaredBy(statement).includes(name)
  );
}

/** Undefined for a text that nests so deeply that it cannot be parsed. */
function statementsOf(source: string): readonly ts.Statement[] | undefined {
  try {
    return parse(source).statements;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
