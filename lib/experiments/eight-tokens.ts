/**
 * The first example of the course (16.0): eight tokens with four numbers each, and the four numbers
 * that one block computes from them at each position. 16.0 computes them with the checkpoint in
 * data/eight-tokens, whose weights are fitted to them.
 */
export interface WorkedExample {
  /** The sentence, and the whole vocabulary: the id of a token is its index in this list. */
  tokens: readonly string[];
  /** The input of the block for each token: [8][4]. */
  embeddings: readonly (readonly number[])[];
  /** The output at each position, which attends to itself and those before it: [8][4]. */
  hiddenStates: readonly (readonly number[])[];
}

/** The numbers of the example; the hidden states are rounded to two decimals. */
export const eightTokenExample: WorkedExample = {
  tokens: ['I', 'love', 'deep', 'learning', 'and', 'AI', 'research', '!'],
  embeddings: [
    [0.2, 0.5, -0.1, 0.3],
    [0.8, -0.2, 0.4, 0.1],
    [-0.3, 0.6, 0.2, 0.5],
    [0.4, 0.1, -0.5, 0.7],
    [0.1, -0.4, 0.3, -0.2],
    [0.9, 0.3, -0.1, 0.6],
    [-0.2, 0.7, 0.4, -0.3],
    [0.5, -0.1, 0.6, 0.2],
  ],
  hiddenStates: [
    [0.25, 0.48, -0.12, 0.35],
    [0.52, 0.15, 0.18, 0.28],
    [0.18, 0.42, 0.08, 0.45],
    [0.38, 0.22, -0.15, 0.58],
    [0.22, -0.08, 0.25, 0.12],
    [0.68, 0.28, 0.05, 0.52],
    [0.15, 0.55, 0.32, -0.08],
    [0.42, 0.18, 0.48, 0.25],
  ],
};
