/** Right answers to 16.4.1, the loop from memory. */
import type { Alternative } from '../../exercise';

export const solution = `function fromMemory(
  reader: GPT,
  ids: number[],
  stopTokens: number[],
  maxNewTokens: number,
): number[] {
  reader.eval();
  const text = [...ids];
  for (let i = 0; i < maxNewTokens; i++) {
    const inputIds = text.slice(-reader.config.nPositions);
    const next = tf.tidy(() => {
      const logits = reader.forward([inputIds]); // [1, seq, vocab]
      return logits.slice([0, inputIds.length - 1, 0]).argMax(-1).dataSync()[0];
    });
    text.push(next);
    if (stopTokens.includes(next)) break;
  }
  return text;
}`;

export const others: readonly Alternative[] = [
  {
    says: 'a condition at the top, and only the logits of the last position',
    source: `function fromMemory(
  reader: GPT,
  ids: number[],
  stopTokens: number[],
  maxNewTokens: number,
): number[] {
  const text = [...ids];
  const isDone = () => text.length > ids.length && stopTokens.includes(text.at(-1)!);
  while (text.length < ids.length + maxNewTokens && !isDone()) {
    const inputIds = [text.slice(-reader.config.nPositions)];
    const options = { logitsToKeep: 1, training: false };
    const best = tf.tidy(() => reader.forward(inputIds, options).argMax(-1).dataSync());
    text.push(best[0]);
  }
  return text;
}`,
  },
  {
    says: 'a call for each token, which gives the mode of the model back at the end',
    source: `function fromMemory(
  reader: GPT,
  ids: number[],
  stopTokens: number[],
  maxNewTokens: number,
): number[] {
  if (maxNewTokens === 0) return ids;
  const wasTraining = reader.training;
  reader.eval();
  const logits = reader.forward([ids.slice(-reader.config.nPositions)]);
  const all = logits.dataSync();
  logits.dispose();
  if (wasTraining) reader.train();
  const last = all.slice(-reader.config.vocabSize);
  const [next] = mostProbable(last, 1);
  const text = [...ids, next];
  if (stopTokens.includes(next)) return text;
  return fromMemory(reader, text, stopTokens, maxNewTokens - 1);
}`,
  },
];
