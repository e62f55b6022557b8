import { checkInteger, checkNumber } from '../base/checks';
import { exp, log } from '../base/exp-and-log';
import { sum } from '../base/numbers';
import { EOS } from '../text/tokenizer';
import { compileGrammar, type Rules, type State } from './compile-grammar';
import { PriorityQueue } from './priority-queue';

/** One way to complete a sentence. */
export interface Completion {
  /** The words that follow the prefix, `<eos>` included. */
  words: string[];
  /** The probability of these words given the prefix. */
  probability: number;
}

/**
 * A language in which every probability is known exactly. A prefix is a list of words from the
 * start of a sentence; after an `<eos>` inside it the next sentence starts, independent of the one
 * before. Entropies are in nats.
 */
export class ExactLanguage {
  private readonly states: readonly State[];
  private readonly start: State;
  private visits: number[] | undefined;

  /** @throws Error as {@link compileGrammar} */
  constructor(rules: Rules) {
    this.states = compileGrammar(rules);
    this.start = this.states[0]!; // there always is one
  }

  /** All words of the language without `<eos>`, in alphabetical order. */
  get words(): string[] {
    const words = new Set(this.states.flatMap((state) => [...state.next.keys()]));
    words.delete(EOS);
    return [...words].sort();
  }

  /**
   * Maps each possible next word to its probability.
   * @throws RangeError that names the first impossible word of the prefix, as all methods with a
   *   prefix
   */
  nextWordProbabilities(prefix: readonly string[]): Map<string, number> {
    return distribution(this.stateAfter(prefix));
  }

  /** Entropy of the next word, in nats. */
  entropy(prefix: readonly string[]): number {
    return entropyOf(this.stateAfter(prefix));
  }

  /**
   * ln of the probability that a sentence, or several in a row, begins with these words; −Infinity
   * if that is impossible.
   */
  logProbability(words: readonly string[]): number {
    let state = this.start;
    let total = 0;
    for (const word of words) {
      const step = state.next.get(word);
      if (!step) return -Infinity;
      total += log(step.probability);
      state = step.state;
    }
    return total;
  }

  /** The probability that a sentence is exactly these words, with or without `<eos>` at the end. */
  sentenceProbability(words: readonly string[]): number {
    return exp(this.logProbability(words[words.length - 1] === EOS ? words : [...words, EOS]));
  }

  /** All completions, most probable first; infinitely many if the language has loops. */
  private *completionsInOrder(prefix: readonly string[]): Generator<Completion> {
    // Best-first search: no completion is more probable than its beginning, so a complete one that
    // comes out of the queue is the best of the remaining ones.
    const unfinished = new PriorityQueue<{ probability: number; state: State; words: string[] }>();
    unfinished.add({ probability: 1, state: this.stateAfter(prefix), words: [] });
    for (let best = unfinished.take(); best; best = unfinished.take()) {
      if (best.words[best.words.length - 1] === EOS) {
        yield { words: best.words, probability: best.probability };
        continue;
      }
      for (const [word, step] of best.state.next) {
        const probability = best.probability * step.probability;
        unfinished.add({ probability, state: step.state, words: [...best.words, word] });
      }
    }
  }

  /** The most probable completion of a sentence, found by a search over all of them. */
  bestContinuation(prefix: readonly string[]): Completion {
    for (const completion of this.completionsInOrder(prefix)) return completion;
    throw new Error('the language has no sentence that ends');
  }

  /**
   * Completions, most probable first, until the remaining ones together have a probability of at
   * most `maxMassLeft`.
   * @throws RangeError if `maxMassLeft` is below 1e-12: rounding errors would decide over the end
   */
  completions(prefix: readonly string[], maxMassLeft: number): Completion[] {
    checkNumber('maxMassLeft', maxMassLeft, { from: 1e-12 });
    const found: Completion[] = [];
    let left = 1;
    for (const completion of this.completionsInOrder(prefix)) {
      found.push(completion);
      left -= completion.probability;
      if (left <= maxMassLeft) break;
    }
    return found;
  }

  /** A random completion of a sentence after `prefix`, `<eos>` included. */
  sample(random: { uniform(): number }, prefix: readonly string[] = []): string[] {
    const words: string[] = [];
    let state = this.stateAfter(prefix);
    do {
      const choices = [...state.next];
      let left = random.uniform();
      const chosen = choices.find(([, { probability }]) => (left -= probability) < 0);
      // rounding may leave none: then the last one is taken
      const [word, step] = chosen ?? choices[choices.length - 1]!;
      words.push(word);
      state = step.state;
    } while (words[words.length - 1] !== EOS);
    return words;
  }

  /** Mean number of tokens in a sentence, `<eos>` included. */
  get meanLength(): number {
    return sum(this.expectedVisits());
  }

  /** Mean entropy of the next token over infinite text; first words and `<eos>` are tokens too. */
  get entropyRate(): number {
    const visits = this.expectedVisits();
    return sum(this.states.map((state, i) => visits[i]! * entropyOf(state))) / sum(visits);
  }

  /**
   * Mean entropy of the targets of training rows that begin with a sentence and have `blockSize`
   * targets: the lowest loss that can be expected on them.
   */
  packedEntropyRate(blockSize: number): number {
    checkInteger('blockSize', blockSize, { from: 1, to: 100_000 });
    let weights: number[] = this.states.map((_, i) => (i === 0 ? 1 : 0));
    let total = 0;
    for (let t = 0; t < blockSize; t++) {
      weights = this.step(weights, true); // the first word of a row is an input, never a target
      total += sum(this.states.map((state, i) => weights[i]! * entropyOf(state)));
    }
    return total / blockSize;
  }

  /**
   * Maps each possible next word to its probability, given only the last words of an infinite text:
   * the best prediction once the context is truncated. `suffix` may be empty.
   * @throws RangeError if these words never follow each other
   */
  nextWordProbabilitiesUnknownStart(suffix: readonly string[]): Map<string, number> {
    const visits = this.expectedVisits();
    let weights = new Map(this.states.map((state, i) => [state, visits[i]!]));
    for (const [i, word] of suffix.entries()) {
      const after = new Map<State, number>();
      for (const [state, weight] of weights) {
        const step = state.next.get(word);
        if (step) after.set(step.state, (after.get(step.state) ?? 0) + weight * step.probability);
      }
      if (after.size === 0) {
        const words = suffix.slice(0, i + 1).join(' ');
        throw new RangeError(`"${words}" occurs nowhere in the language`);
      }
      weights = after;
    }
    const total = sum(weights.values());
    const mixture = new Map<string, number>();
    for (const [state, weight] of weights) {
      for (const [word, { probability }] of state.next) {
        mixture.set(word, (mixture.get(word) ?? 0) + (weight / total) * probability);
      }
    }
    return mixture;
  }

  private stateAfter(prefix: readonly string[]): State {
    let state = this.start;
    for (const [i, word] of prefix.entries()) {
      const step = state.next.get(word);
      if (!step) {
        const possible = [...state.next.keys()].map((other) => `"${other}"`).join(', ');
        const place = i === 0 ? 'at the start' : `after "${prefix.slice(0, i).join(' ')}"`;
        throw new RangeError(`"${word}" is impossible ${place}; possible: ${possible}`);
      }
      state = step.state;
    }
    return state;
  }

  /**
   * [states]: how often a sentence visits each state, on average. Divided by their sum, they are
   * the share of infinite text in each state.
   */
  private expectedVisits(): number[] {
    if (this.visits) return this.visits;
    const visits = this.states.map(() => 0);
    let weights: number[] = this.states.map((_, i) => (i === 0 ? 1 : 0));
    for (let t = 0; sum(weights) > 1e-17; t++) {
      if (t === 10_000) throw new Error('the grammar has sentences that never end');
      weights.forEach((weight, i) => (visits[i]! += weight));
      weights = this.step(weights, false);
    }
    return (this.visits = visits);
  }

  /**
   * The weights [states] one word later. The weight of `<eos>` moves to the start of the next
   * sentence if `acrossSentences`, otherwise it is dropped.
   */
  private step(weights: readonly number[], acrossSentences: boolean): number[] {
    const after = this.states.map(() => 0);
    for (const state of this.states) {
      for (const [word, { probability, state: to }] of state.next) {
        if (word !== EOS || acrossSentences)
          after[to.index]! += weights[state.index]! * probability;
      }
    }
    return after;
  }
}

function distribution(state: State): Map<string, number> {
  return new Map([...state.next].map(([word, { probability }]) => [word, probability]));
}

function entropyOf(state: State): number {
  let nats = 0;
  for (const { probability } of state.next.values()) nats -= probability * log(probability);
  return nats;
}
