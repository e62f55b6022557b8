/** Runs the course's model on the batches that an answer makes (16.5). */
import { mostProbable } from '../../base/numbers';
import { PULL_REQUESTS } from '../../base/paths';
import { tf } from '../../tensor/tf';
import type { ForwardOptions } from '../../model/gpt';
import { GPT } from '../../model/gpt';
import { asFunction, atOnce } from './calls';
import type { Observer } from './index';

/** How many tokens each row gets. */
const STEPS = 6;

interface Batch {
  inputIds: number[][];
  attentionMask: number[][];
  positionIds: number[][];
}

const FIELDS = ['inputIds', 'attentionMask', 'positionIds'] as const;

/**
 * The largest difference of a logit between the answer's batches and one row at a time, while both
 * write six tokens: `whole` without a cache, `cached` with one, where each later pass gets only the
 * last column of the batch. `batch` is the answer's first batch, `batches` are those of all steps:
 * whoever does not trust the kernel that measured must look at them. `missing`: what the first
 * batch does not have, if there is something; then nothing is measured.
 */
export const observeBatch: Observer = async (answer, input) => {
  const [rows] = input as unknown as [number[][]];
  const make = asFunction(answer);
  const model = await GPT.load(PULL_REQUESTS);
  try {
    const batches: Batch[] = [];
    const distance = (useCache: boolean): number => {
      const texts = rows.map((ids) => [...ids]);
      const cache = useCache ? model.createCache(rows.length) : undefined;
      let most = 0;
      try {
        for (let step = 0; step < STEPS; step++) {
          const came = atOnce(make(texts.map((ids) => [...ids]))) as Batch;
          batches.push(came);
          const from = useCache && step > 0 ? -1 : 0;
          const inputIds = came.inputIds.map((ids) => ids.slice(from));
          const positionIds = came.positionIds.map((ids) => ids.slice(from));
          const { attentionMask } = came;
          const together = lastLogits(model, inputIds, { positionIds, attentionMask, cache });
          const alone = texts.map((ids) => lastLogits(model, [ids], {})[0]!);
          most = Math.max(most, ...alone.map((logits, b) => gap(logits, together[b] ?? [])));
          alone.forEach((logits, b) => texts[b]!.push(mostProbable(logits, 1)[0]!));
        }
      } finally {
        cache?.dispose();
      }
      return most;
    };
    const batch = atOnce(make(rows.map((ids) => [...ids]))) as Partial<Batch> | undefined;
    const missing = FIELDS.filter((name) => !batch?.[name]);
    if (missing.length > 0) return { batch, missing, whole: NaN, cached: NaN, batches: [] };
    return { batch, whole: distance(false), cached: distance(true), batches };
  } finally {
    model.dispose();
  }
};

/** [batch, vocab] */
function lastLogits(model: GPT, inputIds: number[][], options: ForwardOptions): number[][] {
  const logits = tf.tidy(() => model.forward(inputIds, { ...options, logitsToKeep: 1 }));
  const rows = logits.arraySync().map(([last]) => last!); // [batch, 1, vocab]
  logits.dispose();
  return rows;
}

const gap = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN))));
