/** A state as an address, so that a link leads to a moment of a run, and back. */
import { didYouMean } from '../base/checks';
import { checkState } from './check-state';
import { DEFAULT_STATE, defaultState, type State, STATE_CHOICES } from './state';

/** What a link leads to. */
export interface Linked {
  state: State;
  /** What is wrong with the link, in a sentence: then the state is the default. */
  problem?: string;
}

/**
 * What differs from the default state of the example, in the form of a query such as
 * `prompt=The+agent&step=3`; empty for {@link DEFAULT_STATE}.
 */
export function toAddress(state: State): string {
  const usual = defaultState(state.example);
  const parts = new URLSearchParams();
  if (state.example !== DEFAULT_STATE.example) parts.set('example', state.example);
  for (const [key, value] of Object.entries(state) as [keyof State, State[keyof State]][])
    if (value !== usual[key]) parts.set(key, String(value));
  return parts.toString();
}

/**
 * The state of an address, with or without `#` or `?` in front. Whatever is wrong with it makes it
 * the default, in the language of the address if that is one.
 */
export function fromAddress(text: string): Linked {
  const given = new URLSearchParams(text.replace(/^[#?]/, ''));
  try {
    const state = read(given);
    const [first] = checkState(state);
    if (!first) return { state };
    return { state: fallback(given), problem: first.sentence };
  } catch (error) {
    return { state: fallback(given), problem: (error as Error).message };
  }
}

/** @throws RangeError on an unknown key, or a value that is not of the type of its key */
function read(given: URLSearchParams): State {
  const example = STATE_CHOICES.example.find((name) => name === given.get('example'));
  const usual = defaultState(example);
  const state: Record<string, string | number | boolean> = { ...usual };
  for (const [key, value] of given) {
    const known = Object.keys(usual);
    if (!known.includes(key)) throw new RangeError(`unknown key ${key}${didYouMean(key, known)}`);
    state[key] = valueOf(key, value, usual[key as keyof State]);
  }
  return state as unknown as State;
}

/** @throws RangeError if `text` is not of the type of `usual` */
function valueOf(key: string, text: string, usual: State[keyof State]): State[keyof State] {
  if (typeof usual === 'string') return text;
  if (typeof usual === 'boolean') {
    if (text === 'true' || text === 'false') return text === 'true';
    throw new RangeError(`${key} must be true or false, got "${text}"`);
  }
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new RangeError(`${key} must be a number, got "${text}"`);
}

function fallback(given: URLSearchParams): State {
  const language = STATE_CHOICES.language.find((name) => name === given.get('language'));
  return { ...DEFAULT_STATE, language: language ?? DEFAULT_STATE.language };
}
