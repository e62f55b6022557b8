/** What is measured must not be the first of its kind: compilers and memory are then still cold. */
import type { GPT } from '../../model/gpt';

/** The first passes of a program are the slowest: compilers need a few. */
const ROUNDS = 3;

/** The model, after passes of the kinds that are measured: with and without a cache. */
export function warmUp(model: GPT): GPT {
  const row = Array.from({ length: model.config.nPositions }, () => 0);
  for (let round = 0; round < ROUNDS; round++) {
    model.forward([row]).dispose();
    const cache = model.createCache(1, 2);
    for (let token = 0; token < 2; token++) model.forward([[0]], { cache }).dispose();
    cache.dispose();
  }
  return model;
}
