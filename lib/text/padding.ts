/** Prompts of different lengths as one rectangle (16.5). All three [batch, longest]. */
export interface PaddedBatch {
  inputIds: number[][];
  /** 1 for a token of the prompt, 0 for padding. */
  attentionMask: number[][];
  /** Where in its own prompt a token stands, from 0; padding has 0. */
  positionIds: number[][];
}

/**
 * Fills with padding on the left, so that every row's last position is its prompt's last token.
 * @throws RangeError without prompts, or on an empty one
 */
export function padLeft(prompts: readonly (readonly number[])[], padTokenId: number): PaddedBatch {
  return pad(prompts, (row, fill, missing) => [...missing.map(() => fill), ...row], padTokenId);
}

/**
 * Fills on the right: wrong for generation, since the next token would follow the padding. Here to
 * show just that.
 * @throws RangeError as {@link padLeft}
 */
export function padRight(prompts: readonly (readonly number[])[], padTokenId: number): PaddedBatch {
  return pad(prompts, (row, fill, missing) => [...row, ...missing.map(() => fill)], padTokenId);
}

type Fill = (row: readonly number[], fill: number, missing: readonly number[]) => number[];

function pad(
  prompts: readonly (readonly number[])[],
  fillUp: Fill,
  padTokenId: number,
): PaddedBatch {
  if (prompts.length === 0) throw new RangeError('need at least one prompt to pad, got none');
  const empty = prompts.findIndex((prompt) => prompt.length === 0);
  if (empty >= 0)
    throw new RangeError(`a prompt needs at least one token, prompt ${empty} has none`);
  const longest = prompts.reduce((length, prompt) => Math.max(length, prompt.length), 0);
  const rows = (
    content: (prompt: readonly number[]) => readonly number[],
    fill: number,
  ): number[][] =>
    prompts.map((prompt) =>
      fillUp(content(prompt), fill, new Array<number>(longest - prompt.length).fill(0))
    );
  return {
    inputIds: rows((prompt) => prompt, padTokenId),
    attentionMask: rows((prompt) => prompt.map(() => 1), 0),
    positionIds: rows((prompt) => prompt.map((_, position) => position), 0),
  };
}
