/** Continues a saved text piece by piece, as a server does that stops in between (16.3). */
import { asFunction } from './calls';
import type { Observer } from './index';

interface Input {
  readonly ids: number[];
  readonly seed: number;
  /** How many tokens each call may append. */
  readonly counts: number[];
}

/**
 * `texts`: the ids after each call; each call gets what the one before has returned. `again`: the
 * ids of the last call made a second time, from the same saved text. `problem`: what was returned
 * instead of JSON with a list `ids`.
 */
export const savedText: Observer = async (answer, input) => {
  const { ids, seed, counts } = input as unknown as Input;
  const write = asFunction(answer);
  const texts: number[][] = [];
  let saved = JSON.stringify({ ids, seed });
  let before = saved;
  for (const count of counts) {
    before = saved;
    const came = await write(saved, count);
    const read = idsOf(came);
    if (!read) return { texts, problem: typeof came === 'string' ? 'text' : typeof came };
    texts.push(read);
    saved = came as string;
  }
  return { texts, again: idsOf(await write(before, counts.at(-1))) };
};

function idsOf(saved: unknown): number[] | undefined {
  try {
    const { ids } = JSON.parse(saved as string) as { ids?: unknown };
    return Array.isArray(ids) ? ids as number[] : undefined;
  } catch { // not JSON
    return undefined;
  }
}
