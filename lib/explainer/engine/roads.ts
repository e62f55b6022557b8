/** The same numbers three ways: in one pass, prefix by prefix, token by token with a cache. */
import type { GPT } from '../../model/gpt';
import { EXAMPLES } from '../examples';
import type { State } from '../state';
import { tokensOf } from './distribution';
import type { Models } from './models';
import type { Road, RoadPass, RoadsView } from './views';
import { type SeenPass, seePasses, workOf } from './work';

/**
 * The logits at every input position of the sentence, three ways (16.2.2, 16.6.2). Without the
 * causal mask only two: no token may then be kept, because each depends on those after it; and the
 * two differ.
 */
export async function computeRoads(models: Models, state: State): Promise<RoadsView> {
  const { example: name, sentence, causal } = state;
  const model = await models.model(name, causal ? 'trained' : 'without mask');
  return models.once('roads', { name, sentence, causal }, async () => {
    const example = EXAMPLES[name];
    const ids = example.encode(sentence).slice(0, -1);
    const { vocabSize } = model.config;
    const parallel = await seePasses(model, () => model.forward([ids], { causal }).dispose());
    const wanted = rowsOf(parallel, vocabSize, ids.length);
    const largest = wanted.reduce((most, row) => Math.max(most, ...row.map(Math.abs)), 0);
    const tolerance = SPACINGS * spacingAt(largest);
    const road = (way: Road['name'], passes: readonly SeenPass[]): Road => {
      const logits = rowsOf(passes, vocabSize, ids.length);
      const largestDifference = differenceOf(logits, wanted);
      return { name: way, passes: passes.map((pass, n) => positionsOf(way, pass, n)), logits,
        largestDifference, isEqual: largestDifference <= tolerance, work: workOf(model, passes) };
    };
    const roads = [road('parallel', parallel), road('serial', await serially(model, ids, causal))];
    if (causal) roads.push(road('cached', await withCache(model, ids)));
    return { tokens: tokensOf(example, ids), roads, tolerance };
  });
}

/** So many spacings of float32 are rounding: the same sums in a different order. */
const SPACINGS = 32;

/** The distance between neighbouring float32 numbers of this size. */
function spacingAt(size: number): number {
  let power = 2 ** -126;
  while (2 * power <= size) power *= 2;
  return power * 2 ** -23;
}

/** A pass for each prefix: what inference without a cache does. */
function serially(model: GPT, ids: readonly number[], causal: boolean): Promise<SeenPass[]> {
  return seePasses(model, () => {
    for (const t of ids.keys())
      model.forward([ids.slice(0, t + 1)], { causal, logitsToKeep: 1 }).dispose();
  });
}

/** A pass for each token; keys and values of those before it come from the cache. */
async function withCache(model: GPT, ids: readonly number[]): Promise<SeenPass[]> {
  const cache = model.createCache(1, ids.length);
  try {
    return await seePasses(model, () => {
      for (const id of ids) model.forward([[id]], { cache }).dispose();
    });
  } finally {
    cache.dispose();
  }
}

/** The logits of all passes, in order → [seq][vocab]. */
function rowsOf(passes: readonly SeenPass[], vocabSize: number, seq: number): number[][] {
  const all = passes.flatMap(({ logits }) => [...logits]);
  return Array.from(
    { length: seq },
    (_, t) => all.slice(t * vocabSize, (t + 1) * vocabSize),
  );
}

/** The largest difference between two numbers in the same place. */
export function differenceOf(
  rows: readonly ArrayLike<number>[],
  others: readonly ArrayLike<number>[],
): number {
  let largest = 0;
  rows.forEach((row, t) => {
    for (let i = 0; i < row.length; i++)
      largest = Math.max(largest, Math.abs(row[i]! - others[t]![i]!));
  });
  return largest;
}

/** The positions of pass number `n` of a way. */
function positionsOf(way: Road['name'], { pass }: SeenPass, n: number): RoadPass {
  const from = way === 'cached' ? n : 0;
  const computed = Array.from({ length: pass.seq }, (_, i) => from + i);
  const kept = computed.slice(-pass.kept);
  return { computed, kept, recomputed: way === 'serial' ? computed.slice(0, -1) : [] };
}
