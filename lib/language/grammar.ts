/**
 * A probabilistic grammar, and how it gives the exact probability of every next word.
 *
 * A grammar writes from left to right with a stack of what is still to be written: take the top; if
 * it is a word, say it; if it is the name of a rule, draw one of its alternatives and put that on
 * the stack instead. Whoever only hears the words does not see the stack, but can keep a belief:
 * how probable each stack is, given the words so far. That belief settles how probable each next
 * word is, and the next word settles the next belief. If rules call themselves only at the end of
 * an alternative there are finitely many beliefs, and they can all be listed before the first word.
 */

import { EOS } from '../text/tokenizer';

/**
 * Alternatives with their probability in percent. `{name}` stands for a rule; everything else is a
 * word.
 */
export type Alternatives = readonly (readonly [percent: number, text: string])[];
export type Rules = Readonly<Record<string, Alternatives>>;

/**
 * What is known after some prefix: for each possible next word its probability and the state that
 * it leads to.
 */
export interface State {
  readonly index: number;
  readonly next: ReadonlyMap<string, { readonly probability: number; readonly state: State }>;
}

type Belief = Map<string, number>; // a stack, its symbols joined by spaces → its probability
const MAX_STATES = 2_000;

/**
 * All states of a grammar, the start of a sentence first; `<eos>` leads back to it. Throws an Error
 * that names the rule if percentages do not sum to 100, a rule is missing or never used, or calls
 * itself anywhere but at its end.
 */
export function compileGrammar(rules: Rules, start = 'sentence'): State[] {
  checkRules(rules, start);
  const firstWords = firstWordsOf(rules);
  const beginning: Belief = new Map([[`{${start}}`, 1]]);
  const states: State[] = [];
  const known = new Map<string, State>();
  const waiting: { belief: Belief; next: Map<string, { probability: number; state: State }> }[] =
    [];

  const stateOf = (belief: Belief): State => {
    const key = keyOf(belief);
    let state = known.get(key);
    if (!state) {
      if (states.length === MAX_STATES) {
        throw new Error(
          `the grammar has more than ${MAX_STATES} states: a rule may call itself only at its end`,
        );
      }
      const next = new Map<string, { probability: number; state: State }>();
      state = { index: states.length, next };
      states.push(state);
      known.set(key, state);
      waiting.push({ belief, next });
    }
    return state;
  };

  const first = stateOf(beginning);
  for (let i = 0; i < waiting.length; i++) {
    const { belief, next } = waiting[i];
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

interface FirstWord {
  word: string;
  rest: string;
  share: number;
}

/**
 * For a stack, every word that it may say first, the stack that is left then, and the probability
 * of that way.
 */
function firstWordsOf(rules: Rules): (stack: string) => FirstWord[] {
  const found = new Map<string, FirstWord[]>();
  const expand = (stack: string, depth: number): FirstWord[] => {
    const [top, ...below] = symbols(stack);
    if (top === undefined) return [{ word: EOS, rest: '', share: 1 }];
    if (!isRule(top)) return [{ word: top, rest: below.join(' '), share: 1 }];
    if (depth > 100) throw new Error(`the rule ${top} calls itself before it has said a word`);
    return rules[nameOf(top)].flatMap(([percent, text]) =>
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

function checkRules(rules: Rules, start: string): void {
  const used = new Set<string>();
  const visit = (name: string, from: string): void => {
    if (!Object.hasOwn(rules, name))
      throw new Error(`the rule {${name}}, wanted by {${from}}, does not exist`);
    if (used.has(name)) return;
    used.add(name);
    const total = sum(rules[name].map(([percent]) => percent));
    if (!rules[name].every(([percent]) => percent > 0) || Math.abs(total - 100) > 1e-9) {
      throw new Error(
        `the percentages of {${name}} must be above 0 and sum to 100, they sum to ${total}`,
      );
    }
    for (const [, text] of rules[name]) {
      for (const symbol of symbols(text)) {
        if (symbol === EOS)
          throw new Error(`{${name}} says ${EOS}, which only the end of a sentence may say`);
        if (isRule(symbol)) visit(nameOf(symbol), name);
      }
    }
  };
  visit(start, start);
  const unused = Object.keys(rules).filter((name) => !used.has(name));
  if (unused.length > 0)
    throw new Error(`no sentence ever reaches the rule {${unused.join('}, {')}}`);
}

/**
 * Two beliefs are one state if they agree to 12 digits: the same belief may be reached by
 * differently rounded sums.
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

export function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
