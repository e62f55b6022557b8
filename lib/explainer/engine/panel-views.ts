/** What the panels beside the two modes draw: plain data. */
import type { Question } from '../presets';
import type { State } from '../state';
import type { Distribution, Token, WorkDone } from './views';

/** A sequence that a beam search considered: the path from the root to its token. */
export interface BeamNode {
  /** Its index in the tree, and that of the node before; null for the root, which is the prompt. */
  readonly index: number;
  readonly parent: number | null;
  readonly depth: number;
  /** The indices of the nodes from this one up to the root. */
  readonly path: readonly number[];
  readonly token: Token;
  /** The probability of its token after the sequence before. */
  readonly probability: number;
  /** ln of the probability of all new tokens. */
  readonly logProbability: number;
  /** `logProbability` divided by its length to the power of the length penalty, once finished. */
  readonly score: number | null;
}

/**
 * What became of a sequence so far. `open`: it leads to one that is kept. `pruned`: it was not
 * kept, or nothing that continues it was. `finished`: it ended, and is among the best that did.
 * `won`: it is on the path of the result, which is known after the last pass alone.
 */
export type Fate = 'open' | 'pruned' | 'finished' | 'won';

/** A finished sequence. */
export interface BeamResult {
  readonly tokens: readonly Token[];
  readonly score: number;
  /** The index of its node; null if the tree has none. */
  readonly node: number | null;
}

/** What a beam search knows after some of its passes. */
export interface BeamStage {
  /** Of each node, by its index; null where no pass has considered it yet. */
  readonly fates: readonly (Fate | null)[];
  /** Finished sequences, best first. */
  readonly results: readonly BeamResult[];
}

/** A beam search as a tree that grows by a column with each pass. */
export interface BeamView {
  /** All nodes, those of a pass after those of the passes before. */
  readonly nodes: readonly BeamNode[];
  /** Before the first pass, and after each. */
  readonly stages: readonly BeamStage[];
}

/** One pass of a way to compute the numbers of a text. */
export interface RoadPass {
  /** Positions that it computes, and those of them whose logits are kept. */
  readonly computed: readonly number[];
  readonly kept: readonly number[];
  /** Positions that an earlier pass had computed already. */
  readonly recomputed: readonly number[];
}

/** One of the three ways. */
export interface Road {
  readonly name: State['road'];
  readonly passes: readonly RoadPass[];
  /** [seq][vocab] */
  readonly logits: readonly (readonly number[])[];
  /** The largest difference of a logit from the parallel way. */
  readonly largestDifference: number;
  /** Whether that is at most the tolerance. */
  readonly isEqual: boolean;
  readonly work: WorkDone;
}

/** The same numbers three ways. */
export interface RoadsView {
  readonly tokens: readonly Token[];
  /** Without the causal mask there is no cached one. */
  readonly roads: readonly Road[];
  /** Differences of logits up to here are rounding: float32 numbers of their size, a few apart. */
  readonly tolerance: number;
}

/** A cell of a batch. */
export interface BatchCell extends Token {
  readonly kind: 'padding' | 'prompt' | 'generated';
  /** What the attention mask says; 1 everywhere if it is missing. */
  readonly mask: number;
  /** The position that the model adds to it. */
  readonly position: number;
}

/** A row of a batch. */
export interface BatchRow {
  readonly cells: readonly BatchCell[];
  /** [query][key]: whether both masks let the query read the key. */
  readonly open: readonly (readonly boolean[])[];
  /** The next token, from the batch: read in the last column. */
  readonly inBatch: Distribution;
  /** The next token when the row is alone. */
  readonly alone: Distribution;
}

/** Two prompts in one pass. */
export interface BatchView {
  /** The passes before this one: those of the state, unless a row ended before. */
  readonly step: number;
  readonly rows: readonly BatchRow[];
  /** Each way of padding, and the largest difference from one row at a time, at this step. */
  readonly errors: readonly {
    readonly padding: State['padding'];
    readonly logits: number;
    readonly probabilities: number;
  }[];
}

/** The same question several times. */
export interface DropoutView {
  readonly question: readonly Token[];
  readonly rate: number;
  /** Dropout on: three answers. */
  readonly answers: readonly Distribution[];
  /** Dropout off: three answers, which are one. */
  readonly quiet: readonly Distribution[];
  /** The tokens that any of these would choose, with their probability in each answer. */
  readonly compared: readonly (Token & {
    readonly exact: number | null;
    readonly answers: readonly number[];
    readonly quiet: readonly number[];
  })[];
}

/** The worked example of 16.0. */
export interface EightTokensView {
  readonly tokens: readonly string[];
  /** [8][4] */
  readonly embeddings: readonly (readonly number[])[];
  /** [8][4], computed in one pass. */
  readonly hiddenStates: readonly (readonly number[])[];
  /** [8][4], as the worked example gives them, to two decimals. */
  readonly given: readonly (readonly number[])[];
  /** The largest difference between the two. */
  readonly largestDifference: number;
  /** Each pass of inference: how many tokens it reads, its last hidden state, the token it gave. */
  readonly steps: readonly {
    readonly reads: number;
    readonly hiddenState: readonly number[];
    /** The largest difference from the row of the one pass at the same position. */
    readonly differenceFromOnePass: number;
    readonly chosen: string;
  }[];
}

/** What computations take, but for the time: a pass of this size is shorter than a page's clock can
 * tell. */
export type Counted = Omit<WorkDone, 'milliseconds'>;

/** The counts that answer a question. */
export interface QuestionView {
  readonly id: Question['id'];
  readonly runs: readonly {
    /** Such as `turn 2`. */
    readonly id: string;
    readonly promptTokens: number;
    readonly newTokens: number;
    /** The pass over the prompt: until it ends, nothing can be shown. */
    readonly first: Counted;
    /** All passes after it. */
    readonly later: Counted;
  }[];
}
