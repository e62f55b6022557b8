/** What an exercise is: the single source of its cells, its hints, its checking and its marking. */
import type { Random } from '../base/random';
import type { ObserverName } from './observers/index';
import type { PlainData } from './plain';

/** One input on which an answer is tried. */
export interface Case {
  /** What the observer gets: for most the list of arguments. */
  readonly input: PlainData;
  /** The index of the part whose points need this case; by default 0. */
  readonly part?: number;
  /** How a message names the input; by default the call, such as `rowsComputed([5, 1, 3])`. */
  readonly says?: string;
}

/** A part of an exercise with points of its own. */
export interface Part {
  readonly says: string;
  readonly points: number;
}

/** A wrong answer that is expected, and what it gets wrong, in the chapter's terms. */
export interface Mistake {
  /** Continues "not yet: ". */
  readonly says: string;
  /** The wrong answer, as the source of a cell. */
  readonly source: string;
}

/** A right answer of a different kind. */
export interface Alternative {
  readonly says: string;
  readonly source: string;
}

/** A cell between the answer and its check, in which the learner looks at the answer's effect. */
export interface LookCell {
  /** Id of the cell. */
  readonly id: string;
  readonly source: string;
  readonly text?: boolean;
}

/** Names of the notebook that sources of an exercise use, with their values. */
export type Scope = Readonly<Record<string, unknown>>;

export interface Exercise {
  /** Notebook and number, such as `16.5.2`. */
  readonly id: string;
  /** What the learner's cell declares: the name of a function or a constant. */
  readonly name: string;
  /** The ends of the cells' ids: `exercise-batch-of` and `check-batch-of`. */
  readonly cell: string;
  readonly title: string;
  /** Estimated. */
  readonly minutes: number;
  readonly difficulty: 'easy' | 'medium' | 'hard';
  /** Markdown, after the line with number, title, minutes and difficulty. */
  readonly statement: string;
  /** Cells between the answer and the check. */
  readonly look?: readonly LookCell[];
  /** Source of the learner's cell before they change it. */
  readonly stub: string;
  /** Sources of cells that declare `name`; they may use names of the notebook. */
  readonly solution: string;
  /** At least two. */
  readonly others: readonly Alternative[];
  /** From two to four, each stronger than the one before. */
  readonly hints: readonly string[];
  /** What was tested: continues "right: ". */
  readonly right: string;
  /** One thing to try next. */
  readonly explore: string;
  readonly parts: readonly Part[];
  readonly observer: ObserverName;
  /** From small to large: a message shows the first on which an answer fails. */
  readonly shown: readonly Case[];
  /** More inputs, from a seed that only the instructor knows. */
  readonly hidden?: (random: Random) => readonly Case[];
  /** Whether a result is as good as that of the solution; by default {@link equal}. */
  readonly agrees?: (came: PlainData, wanted: PlainData, input: PlainData) => boolean;
  /**
   * Whether a result is that of a planted mistake; by default {@link equal}. For results that
   * differ by chance.
   */
  readonly resembles?: (came: PlainData, ofMistake: PlainData, input: PlainData) => boolean;
  /**
   * What is certainly wrong with a result that no planted mistake gives; undefined if that cannot
   * be said. `came` is untrusted: it may have any shape, and what this throws counts as undefined.
   */
  readonly diagnose?: (came: PlainData, input: PlainData) => string | undefined;
  /** Whether messages may show the wanted result. Not where it is the answer. By default true. */
  readonly tellsWanted?: boolean;
  /** A result in words, where the value itself would be too long. */
  readonly inMessage?: (value: PlainData) => string;
  /** At least three. */
  readonly mistakes: readonly Mistake[];
  /** Values for the names of the notebook that the sources use. */
  readonly scope?: () => Scope | Promise<Scope>;
}

/**
 * The text with each `from` replaced by its `to`; for mistakes that differ from the solution in a
 * few characters.
 * @throws Error unless each `from` occurs exactly once
 */
export function edit(
  source: string,
  ...changes: readonly (readonly [from: string, to: string])[]
): string {
  return changes.reduce((text, [from, to]) => {
    if (text.split(from).length !== 2)
      throw new Error(
        `"${from}" must occur once in the source, got ${text.split(from).length - 1}`,
      );
    return text.replace(from, () => to);
  }, source);
}

/** The points that an exercise can give. */
export const pointsOf = ({ parts }: Exercise): number =>
  parts.reduce((sum, { points }) => sum + points, 0);
