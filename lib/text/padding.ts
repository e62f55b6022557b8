/** Prompts of different lengths as one rectangle (16.5). All three [batch, longest]. */
export interface PaddedBatch {
  inputIds: number[][];
  /** 1 for a token of the prompt, 0 for padding. */
  attentionMask: number[][];
  /** The position of a token in its own prompt, from 0; padding has 0. */
  positionIds: number[][];
  /** Whether any row was padded. Where none was, mask and positions are the model's defaults. */
  isPadded: boolean;
}

/**
 * Fills with padding on the left, so that every row's last position is its prompt's last token.
 * @throws RangeError without prompts, or on an empty one
 */
export function padLeft(prompts: readonly (readonly number[])[], padTokenId: number): PaddedBatch {
  return pad(prompts, padTokenId, (row, padding) => [...padding, ...row]);
}

/**
 * Fills on the right: wrong for generation, since the next token would follow the padding. Here to
 * show just that.
 * @throws RangeError as {@link padLeft}
 */
export function padRight(prompts: readonly (readonly number[])[], padTokenId: number): PaddedBatch {
  return pad(prompts, padTokenId, (row, padding) => [...row, ...padding]);
}

type Join = (row: readonly number[], padding: readonly number[]) => number[];

function pad(prompts: readonly (readonly number[])[], padTokenId: number, join: Join): PaddedBatch {
  if (prompts.length === 0) throw new RangeError('need at least one prompt to pad, got none');
  const empty = prompts.findIndex((prompt) => prompt.length === 0);
  if (empty >= 0)
    throw new RangeError(`a prompt needs at least one token, prompt ${empty} has none`);
  const lengths = prompts.map((prompt) => prompt.length);
  const longest = lengths.reduce((most, length) => Math.max(most, length));
  const filled = (rows: readonly (readonly number[])[], value: number): number[][] =>
    rows.map((row) => join(row, new Array<number>(longest - row.length).fill(value)));
  return {
    inputIds: filled(prompts, padTokenId),
    attentionMask: filled(prompts.map((prompt) => prompt.map(() => 1)), 0),
    positionIds: filled(prompts.map((prompt) => [...prompt.keys()]), 0),
    isPadded: lengths.some((length) => length < longest),
  };
}
