/** Counts the outcomes of many calls that differ by chance. */
import { Random } from '../../base/random';
import { encode, type PlainData } from '../plain';

/** How many of the first calls are repeated with the same seed. */
const REPEATED = 60;

/** The different results with their counts, and whether the same seed gives the same results. */
export interface TalliedCalls {
  readonly outcomes: readonly { readonly result: PlainData; readonly count: number }[];
  readonly repeats: boolean;
}

/** Calls `call` `times` times with one source of chance, and then the first calls again. */
export async function tally(
  times: number,
  seed: number,
  call: (random: Random) => PlainData | Promise<PlainData>,
): Promise<TalliedCalls> {
  const counts = new Map<string, { result: PlainData; count: number }>();
  const first: string[] = [];
  const random = new Random(seed);
  for (let n = 0; n < times; n++) {
    const result = await call(random);
    const key = encode(result);
    if (n < REPEATED) first.push(key);
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { result, count: 1 });
  }
  const again = new Random(seed);
  let repeats = true;
  for (const key of first) repeats = encode(await call(again)) === key && repeats;
  return { outcomes: [...counts.values()], repeats };
}
