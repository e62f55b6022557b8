import { Heap } from './heap';
import { EOS } from '../text/tokenizer';
import { compileGrammar, type Rules, type State, sum } from './grammar';

/** One way to complete a sentence. */
export interface Completion {
  /** The words that follow the prefix, `<eos>` included. */
  words: string[];
  /** The probability of these words, given the prefix. */
  probability: number;
}

/**
 * A language whose every probability is known exactly. A prefix is a list of words from the start
 * of a sentence; after an `<eos>` inside it the next sentence starts, independent of the one
 * before. Entropies are in nats.
 */
export class ExactLanguage {
  private readonly states: State[];
  private visits: number[] | undefined;

  constructor(rules: Rules) {
    this.states = compileGrammar(rules);
  }

  /** All words that the language can say, `<eos>` left out, in alphabetical order. */
  get words(): string[] {
    const words = new Set(this.states.flatMap((state) => [...state.next.keys()]));
    words.delete(EOS);
    return [...words].sort();
  }

  /**
   * Next word → probability (only possible words). Throws if the prefix is impossible, naming the
   * word that is.
   */
  nextWordProbabilities(prefix: readonly string[]): Map<string, number> {
    return distribution(this.stateAfter(prefix));
  }

  /** Entropy of the next word, in nats. */
  entropy(prefix: readonly string[]): number {
    return entropyOf(this.stateAfter(prefix));
  }

  /**
   * ln of the probability that a sentence (or a row of sentences) begins with these words;
   * -Infinity if none can.
   */
  logProbability(words: readonly string[]): number {
    let state = this.states[0];
    let total = 0;
    for (const word of words) {
      const step = state.next.get(word);
      if (!step) return -Infinity;
      total += Math.log(step.probability);
      state = step.state;
    }
    return total;
  }

  /**
   * The probability that a sentence is exactly these words; the `<eos>` at its end may be given or
   * left out.
   */
  sentenceProbability(words: readonly string[]): number {
    return Math.exp(this.logProbability(words[words.length - 1] === EOS ? words : [...words, EOS]));
  }

  /** How the sentence goes on, most probable first, without end where the language has loops. */
  *completionsInOrder(prefix: readonly string[]): Generator<Completion> {
    // Best first: no completion is more probable than its beginning, so what comes out complete is
    // the best left.
    const unfinished = new Heap<{ probability: number; state: State; words: string[] }>();
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

  /** The most probable way to complete the sentence, found by a search over all of them. */
  bestContinuation(prefix: readonly string[]): Completion {
    for (const completion of this.completionsInOrder(prefix)) return completion;
    throw new Error('the language has no sentence that ends'); // not reached: see expectedVisits
  }

  /**
   * Completions, most probable first, until all others together have at most `maxMassLeft` of the
   * probability.
   */
  completions(prefix: readonly string[], maxMassLeft: number): Completion[] {
    if (!(maxMassLeft > 0)) throw new RangeError(`maxMassLeft must be above 0, got ${maxMassLeft}`);
    const found: Completion[] = [];
    let left = 1;
    for (const completion of this.completionsInOrder(prefix)) {
      found.push(completion);
      left -= completion.probability;
      if (left <= maxMassLeft) break;
    }
    return found;
  }

  /** Draws the rest of a sentence after `prefix`, `<eos>` included. */
  sample(random: { uniform(): number }, prefix: readonly string[] = []): string[] {
    const words: string[] = [];
    let state = this.stateAfter(prefix);
    do {
      const choices = [...state.next];
      let left = random.uniform();
      const drawn = choices.find(([, { probability }]) => (left -= probability) < 0);
      // rounding may leave a crumb: it goes to the last one
      const [word, step] = drawn ?? choices[choices.length - 1];
      words.push(word);
      state = step.state;
    } while (words[words.length - 1] !== EOS);
    return words;
  }

  /** Mean number of tokens in a sentence, `<eos>` included. */
  get meanLength(): number {
    return sum(this.expectedVisits());
  }

  /**
   * Mean entropy of the next token over endless text, each token (first words and `<eos>` too)
   * counted once.
   */
  get entropyRate(): number {
    const visits = this.expectedVisits();
    return sum(this.states.map((state, i) => visits[i] * entropyOf(state))) / sum(visits);
  }

  /**
   * The same over training rows that begin with a sentence and are cut after `blockSize` targets:
   * their loss floor.
   */
  packedEntropyRate(blockSize: number): number {
    let weights: number[] = this.states.map((_, i) => (i === 0 ? 1 : 0));
    let total = 0;
    for (let t = 0; t < blockSize; t++) {
      weights = this.step(weights, true); // the row's first word is given, never a target
      total += sum(this.states.map((state, i) => weights[i] * entropyOf(state)));
    }
    return total / blockSize;
  }

  /**
   * The next word for someone who sees only the last words of an endless text and not where it
   * began: what a model can know at best once its context is truncated. `suffix` may be empty.
   * Throws if nowhere these words follow each other.
   */
  nextWordProbabilitiesUnknownStart(suffix: readonly string[]): Map<string, number> {
    let weights = new Map(this.expectedVisits().map((weight, i) => [this.states[i], weight]));
    for (const [i, word] of suffix.entries()) {
      const after = new Map<State, number>();
      for (const [state, weight] of weights) {
        const step = state.next.get(word);
        if (step) after.set(step.state, (after.get(step.state) ?? 0) + weight * step.probability);
      }
      if (after.size === 0) {
        throw new RangeError(
          `"${suffix.slice(0, i + 1).join(' ')}" occurs nowhere in the language`,
        );
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
    let state = this.states[0];
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
   * How often a sentence comes through each state, on average; as shares, the states of endless
   * text.
   */
  private expectedVisits(): number[] {
    if (this.visits) return this.visits;
    const visits = this.states.map(() => 0);
    let weights: number[] = this.states.map((_, i) => (i === 0 ? 1 : 0));
    for (let t = 0; sum(weights) > 1e-17; t++) {
      if (t === 10_000) throw new Error('the grammar has sentences that never end');
      weights.forEach((weight, i) => (visits[i] += weight));
      weights = this.step(weights, false);
    }
    return (this.visits = visits);
  }

  /**
   * One word later: where each state's weight has gone, with or without going on to the next
   * sentence.
   */
  private step(weights: readonly number[], acrossSentences: boolean): number[] {
    const after = this.states.map(() => 0);
    for (const state of this.states) {
      for (const [word, { probability, state: to }] of state.next) {
        if (word !== EOS || acrossSentences) after[to.index] += weights[state.index] * probability;
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
  for (const { probability } of state.next.values()) nats -= probability * Math.log(probability);
  return nats;
}
