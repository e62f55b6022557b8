/**
 * The first example (16.0): eight tokens, four numbers for each, and the four numbers that one
 * block makes of them.
 */
export interface WorkedExample {
  /** The sentence, and the whole vocabulary: the id of a token is its place in this list. */
  tokens: readonly string[];
  /** What goes into the block for each token: [8][4]. */
  embeddings: readonly (readonly number[])[];
  /**
   * What comes out at each position, where position t attends to positions 1 to t: [8][4], to two
   * decimals.
   */
  hiddenStates: readonly (readonly number[])[];
}

/** The numbers that the weights in data/eight-tokens are fitted to. */
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
