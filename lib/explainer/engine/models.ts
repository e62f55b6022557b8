/** The models behind the page, each loaded when it is first needed, and what they computed. */
import type { GPT as Model } from '../../model/gpt';
import { GPT } from '../../model/gpt';
import { type ExampleName, EXAMPLES } from '../examples';
import { warmUp } from './warm-up';

/** The rate at which dropout is shown, as in 16.6.7. */
export const DROPOUT_RATE = 0.1;

/** Results that are kept: a page goes back and forth between a few dozen states. */
const KEPT = 64;

/** Which model: the trained one, the one trained without the mask, the trained one with dropout. */
export type Kind = 'trained' | 'without mask' | 'dropout';

/**
 * The models, loaded at their first use, and the results computed from them. All computations run
 * one after another: passes are watched and counted, and must not mix.
 */
export class Models {
  private readonly loaded = new Map<string, Promise<Model>>();
  private readonly results = new Map<string, Promise<unknown>>();
  private last: Promise<unknown> = Promise.resolve();

  /** A model in inference mode. @throws Error if its files cannot be read */
  model(example: ExampleName, kind: Kind = 'trained'): Promise<Model> {
    const name = `${example} ${kind}`;
    const known = this.loaded.get(name);
    if (known) return known;
    const { folder, folderWithoutMask } = EXAMPLES[example];
    const rate = DROPOUT_RATE;
    const rates = kind === 'dropout' ? { embdPdrop: rate, attnPdrop: rate, residPdrop: rate } : {};
    const folderOf = kind === 'without mask' ? folderWithoutMask : folder;
    const loading = this.inTurn(async () => warmUp(await GPT.load(folderOf, rates)));
    this.loaded.set(name, loading);
    loading.catch(() => this.loaded.delete(name)); // a later try may succeed
    return loading;
  }

  /**
   * The result of `compute`, which runs once for all equal `inputs`, and never beside another one.
   * `compute` must not call this function.
   */
  once<T>(name: string, inputs: object, compute: () => Promise<T>): Promise<T> {
    const key = `${name} ${JSON.stringify(inputs)}`;
    const known = this.results.get(key);
    this.results.delete(key); // and set again: the latest come last
    const result = known ?? this.inTurn(compute);
    this.results.set(key, result);
    result.catch(() => this.results.delete(key));
    for (const oldest of this.results.keys()) {
      if (this.results.size <= KEPT) break;
      this.results.delete(oldest);
    }
    return result as Promise<T>;
  }

  private inTurn<T>(compute: () => Promise<T>): Promise<T> {
    const result = this.last.then(compute);
    this.last = result.catch(() => undefined);
    return result;
  }
}
