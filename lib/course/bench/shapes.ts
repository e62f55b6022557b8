/** The models that are timed, and their data. */
import type { GPTOptions } from '../../model/config';

/** A model's shape and the batch that it trains on. */
export interface Shape {
  nLayer: number;
  nHead: number;
  nEmbd: number;
  nPositions: number;
  vocabSize: number;
  batch: number;
}

/** 0.81 million parameters: small enough to watch its training. */
export const SMALL: Shape = { nLayer: 4, nHead: 4, nEmbd: 128, nPositions: 64, vocabSize: 65,
  batch: 12 };

/** GPT-2 with 124 million parameters. */
export const GPT2: Shape = { nLayer: 12, nHead: 12, nEmbd: 768, nPositions: 1024, vocabSize: 50257,
  batch: 1 };

/** The configuration of a shape. Dropout is off, as in the other contenders. */
export function configOf({ nLayer, nHead, nEmbd, nPositions, vocabSize }: Shape): GPTOptions {
  return { nLayer, nHead, nEmbd, nPositions, vocabSize, embdPdrop: 0, attnPdrop: 0, residPdrop: 0 };
}

/**
 * Token ids with little pattern, the same on every machine: inputs and the tokens after them,
 * [batch][nPositions].
 */
export function batchOf(
  { batch, nPositions, vocabSize }: Shape,
): { inputIds: number[][]; targets: number[][] } {
  const rows = Array.from(
    { length: batch },
    (_, b) => Array.from({ length: nPositions + 1 }, (_, t) => (b * 7 + 3 * t * t + t) % vocabSize),
  );
  return { inputIds: rows.map((row) => row.slice(0, -1)),
    targets: rows.map((row) => row.slice(1)) };
}

/** The prompt of the decoding rows. */
export const PROMPT = [1, 2, 3, 4];

/**
 * Bytes of float32 weights that one decoded token reads: all but the rows of the position table.
 */
export function weightBytes({ nLayer, nEmbd, vocabSize }: Shape): number {
  return 4 * (vocabSize * nEmbd + nLayer * (12 * nEmbd * nEmbd + 13 * nEmbd) + 2 * nEmbd);
}
