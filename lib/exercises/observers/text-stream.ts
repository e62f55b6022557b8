/** Feeds the bytes of tokens to a streaming decoder, one token after another (16.4). */
import { NotAFunction } from '../failures';
import { asFunction, atOnce, type Fn } from './calls';
import type { Observer } from './index';

interface Input {
  /** The bytes of each token. */
  readonly tokens: number[][];
  readonly stops: string[];
}

/** What each `push` returns, and last what `end` returns. */
export const textStream: Observer = (answer, input) => {
  const { tokens, stops } = input as unknown as Input;
  const stream = atOnce(asFunction(answer)([...stops])) as { push?: unknown; end?: unknown };
  const { push, end } = stream;
  if (typeof push !== 'function' || typeof end !== 'function') throw new NotAFunction();
  const shown = tokens.map((bytes) => atOnce((push as Fn).call(stream, [...bytes])));
  return [...shown, atOnce((end as Fn).call(stream))];
};
