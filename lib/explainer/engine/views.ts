/** What the two modes of the explainer draw: plain data, computed by the library. */

/** A token of a text. */
export interface Token {
  readonly id: number;
  readonly text: string;
}

/** A token of the vocabulary in a distribution. */
export interface Bar extends Token {
  readonly logit: number;
  /** Softmax of the logits. */
  readonly probability: number;
  /** After all processors: 0 if they removed it. What the next token is chosen from. */
  readonly processed: number;
  /** The exact probability in the language; null if it is not known. */
  readonly exact: number | null;
}

/**
 * The distribution after a text, over the whole vocabulary: most probable first by `processed`,
 * then by `probability`.
 */
export type Distribution = readonly Bar[];

/** A matrix with a row for each query and a column for each key; null where the mask hides it. */
export type Attention = readonly (readonly (number | null)[])[];

/** Attention weights of one head. */
export interface HeadView {
  readonly layer: number;
  readonly head: number;
  /** [seq][seq]; rows sum to 1. */
  readonly weights: Attention;
}

/** One position of training. */
export interface TrainingPosition {
  readonly input: Token;
  readonly target: Token;
  /** −ln of the probability of the target, in nats. */
  readonly loss: number;
  /** The same of the exact language; null if it is not known, Infinity if it is impossible. */
  readonly exactLoss: number | null;
  /** Token vector plus position vector [width]. */
  readonly embedding: readonly number[];
  /** After each block [layers][width]. */
  readonly hidden: readonly (readonly number[])[];
  readonly distribution: Distribution;
}

/** ALL → ALL: one pass over the sentence, an answer at every position. */
export interface TrainingView {
  /** Whether each position sees only those before it, and itself. */
  readonly causal: boolean;
  readonly positions: readonly TrainingPosition[];
  /** Every head of every layer. */
  readonly heads: readonly HeadView[];
  /** The mean of the losses, in nats. */
  readonly meanLoss: number;
  /** The mean of the exact losses; null if one is not known. */
  readonly exactMeanLoss: number | null;
  /**
   * Before the first live step, and after each: the losses at all positions and their mean →
   * [trainingSteps + 1].
   */
  readonly history: readonly { readonly losses: readonly number[]; readonly mean: number }[];
}

/** One pass of inference, and the token that it gave. */
export interface GenerationStep {
  /** What is in the context: the prompt and the tokens chosen so far. */
  readonly context: readonly Token[];
  /** Positions that the pass reads and computes. Without a cache all of them. */
  readonly computed: readonly number[];
  /** Those of them that an earlier pass has computed already. */
  readonly recomputed: readonly number[];
  /** Those whose keys and values come from the cache. */
  readonly cached: readonly number[];
  readonly distribution: Distribution;
  readonly chosen: Token;
}

/** ONE → ONE: the whole run; `step` of the state says how much of it is shown. */
export interface InferenceView {
  readonly prompt: readonly Token[];
  readonly steps: readonly GenerationStep[];
  /** All passes of the run: more than steps where a beam search went on after the best ended. */
  readonly passes: number;
  /** The prompt and all tokens of the run, the end token included. */
  readonly sequence: readonly Token[];
  /** What ended the run: the end token, or the limit of new tokens. */
  readonly end: 'end token' | 'limit';
}

/** The context at the shown step, from inside. */
export interface ContextView {
  readonly tokens: readonly Token[];
  /** [seq][width] */
  readonly embeddings: readonly (readonly number[])[];
  /** After each block [layers][seq][width]. */
  readonly hidden: readonly (readonly (readonly number[])[])[];
}

/** What the last position of the context attends to, in one head. */
export interface AttendedView {
  readonly layer: number;
  readonly head: number;
  /** [seq], sums to 1. */
  readonly weights: readonly number[];
}

/** What a computation took. */
export interface WorkDone {
  readonly passes: number;
  /** Positions that went into all passes. */
  readonly tokens: number;
  readonly flops: number;
  /** Measured: different in every run. */
  readonly milliseconds: number;
}

/** The counter of both modes. */
export interface CounterView {
  /** The one pass over the sentence; with live steps of training, those steps instead. */
  readonly training: WorkDone;
  /** The passes up to the shown step; zeros before the first. */
  readonly inference: WorkDone;
}

export type * from './panel-views';
