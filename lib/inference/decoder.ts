/** Many sequences that grow token by token: what the strategies stand on. They ask for logits, and say what to append. */
import type { GPT } from '../model/gpt';

/**
 * Logits of the next token of each of `rows`, token ids of any lengths → one Float32Array [vocab] a row, from one forward
 * pass. Rows longer than the context keep their most recent tokens (16.3.3). Shorter ones are padded on the left, hidden
 * by the mask, and their positions counted from their first real token, as if each were alone (16.5).
 */
export async function nextLogits(model: GPT, rows: readonly (readonly number[])[], padTokenId = 0): Promise<Float32Array[]> {
  const windows = rows.map((row) => row.slice(-model.config.nPositions));
  const longest = Math.max(...windows.map((row) => row.length));
  const padding = windows.map((row) => longest - row.length);
  const fill = <T>(value: T, b: number): T[] => new Array<T>(padding[b]!).fill(value);
  const inputIds = windows.map((row, b) => [...fill(padTokenId, b), ...row]);
  const padded = padding.some((count) => count > 0) && {
    attentionMask: windows.map((row, b) => [...fill(0, b), ...row.map(() => 1)]),
    positionIds: windows.map((row, b) => [...fill(0, b), ...row.keys()]),
  };
  const logits = model.forward(inputIds, { ...padded, logitsToKeep: 1 }); // [batch, 1, vocab]
  const values = (await logits.data()) as Float32Array;
  logits.dispose();
  const { vocabSize } = model.config;
  return rows.map((_, b) => values.subarray(b * vocabSize, (b + 1) * vocabSize));
}
