/**
 * Compiles a probabilistic grammar into states that give the exact probability of every next word.
 *
 * A grammar writes from left to right, with a stack of symbols that are still to be written. It
 * takes the top symbol: a word is written; the name of a rule is replaced on the stack by one of
 * its alternatives, chosen at random. The stack cannot be seen in the words, but the words
 * determine a belief: how probable each stack is, given the words so far. The belief determines how
 * probable each next word is, and the next word determines the next belief. If rules call
 * themselves only at the end of an alternative, there are finitely many beliefs, and all of them
 * can be listed in advance: each is a state.
 */
import { sum } from '../base/numbers';
import { EOS } from '../text/tokenizer';

/**
 * The alternatives of one rule with their probability in percent. In a text, `{name}` refers to a
 * rule; everything else is a word.
 */
type Alternatives = readonly (readonly [percent: number, text: string])[];

/** Rules by name; a sentence is one alternative of the rule `sentence`. */
export type Rules = Readonly<Record<string, Alternatives>>;

/** After some prefix: each possible next word, its probability, and the state after that word. */
export interface State {
  readonly index: number;
  readonly next: ReadonlyMap<string, { readonly probability: number; readonly state: State }>;
}

type Belief = Map<string, number>; // a stack, its symbols joined by spaces → its probability
type NextWords = Map<string, { probability: number; state: State }>;

const START = 'sentence';
const MAX_STATES = 2_000;

/**
 * All states of a grammar, beginning with the start of a sentence; `<eos>` leads back to it.
 * @throws Error that names the rule if percentages do not sum to 100, or a rule is missing, is
 *   never used, or calls itself anywhere but at its end
 */
export function compileGrammar(rules: Rules): State[] {
  checkRules(rules);
  const firstWords = firstWordsOf(rules);
  const beginning: Belief = new Map([[`{${START}}`, 1]]);
  const states: State[] = [];
  const known = new Map<string, State>();
  const pending: { belief: Belief; next: NextWords }[] = [];

  const stateOf = (belief: Belief): State => {
    const key = keyOf(belief);
    let state = known.get(key);
    if (!state) {
      if (states.length === MAX_STATES) {
        throw new Error(
          `the grammar has more than ${MAX_STATES} states: a rule may call itself only at its end`,
        );
      }
      const next: NextWords = new Map();
      state = { index: states.length, next };
      states.push(state);
      known.set(key, state);
      pending.push({ belief, next });
    }
    return state;
  };

  const first = stateOf(beginning);
  for (const { belief, next } of pending) { // stateOf appends to it
    const beliefAfter = new Map<string, Belief>();
    for (const [stack, probability] of belief) {
      for (const { word, rest, share } of firstWords(stack)) {
        const after = beliefAfter.get(word) ?? new Map<string, number>();
        beliefAfter.set(word, after.set(rest, (after.get(rest) ?? 0) + probability * share));
      }
    }
    for (const [word, after] of beliefAfter) {
      const probability = sum(after.values());
      for (const [stack, joint] of after) after.set(stack, joint / probability);
      next.set(word, { probability, state: word === EOS ? first : stateOf(after) });
    }
  }
  return states;
}

/** One way in which a stack can write its first word. */
interface FirstWord {
  word: string;
  /** The stack after the word. */
  rest: string;
  /** The probability of this way. */
  share: number;
}

/** A function from a stack to all ways in which it can write its first word. */
function firstWordsOf(rules: Rules): (stack: string) => FirstWord[] {
  const found = new Map<string, FirstWord[]>();
  const expand = (stack: string, depth: number): FirstWord[] => {
    const [top, ...below] = symbols(stack);
    if (top === undefined) return [{ word: EOS, rest: '', share: 1 }];
    if (!isRule(top)) return [{ word: top, rest: below.join(' '), share: 1 }];
    if (depth > 100) throw new Error(`the rule ${top} calls itself before its first word`);
    return rules[nameOf(top)]!.flatMap(([percent, text]) =>
      expand([...symbols(text), ...below].join(' '), depth + 1).map((way) => ({
        ...way,
        share: (way.share * percent) / 100,
      }))
    );
  };
  return (stack) => {
    let ways = found.get(stack);
    if (!ways) found.set(stack, ways = expand(stack, 0));
    return ways;
  };
}

function checkRules(rules: Rules): void {
  const used = new Set<string>();
  const visit = (name: string, from: string): void => {
    const alternatives = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!alternatives) throw new Error(`the rule {${name}}, used by {${from}}, does not exist`);
    if (used.has(name)) return;
    used.add(name);
    const total = sum(alternatives.map(([percent]) => percent));
    if (!alternatives.every(([percent]) => percent > 0) || Math.abs(total - 100) > 1e-9) {
      throw new Error(
        `the percentages of {${name}} must be above 0 and sum to 100, got a sum of ${total}`,
      );
    }
    for (const [, text] of alternatives) {
      for (const symbol of symbols(text)) {
        if (symbol === EOS)
          throw new Error(`{${name}} contains ${EOS}, which is added at the end of a sentence`);
        if (isRule(symbol)) visit(nameOf(symbol), name);
      }
    }
  };
  visit(START, START);
  const unused = Object.keys(rules).filter((name) => !used.has(name));
  if (unused.length > 0)
    throw new Error(`no sentence uses the rule {${unused.join('}, {')}}`);
}

/**
 * The key of a belief. Beliefs with equal keys are one state: they agree to 12 digits, because sums
 * in a different order may round the same belief differently.
 */
function keyOf(belief: Belief): string {
  return [...belief].map(([stack, probability]) => `${stack} ${probability.toPrecision(12)}`).sort()
    .join('|');
}

function symbols(text: string): string[] {
  return text.split(' ').filter((symbol) => symbol !== '');
}

function isRule(symbol: string): boolean {
  return symbol.startsWith('{');
}

function nameOf(symbol: string): string {
  return symbol.slice(1, -1);
}
