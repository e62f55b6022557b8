/** A state as an address, so that a link leads to a moment of a run, and back. */
import { nearestName } from '../base/checks';
import { checkState } from './check-state';
import type { Problem } from './problem';
import { DEFAULT_STATE, defaultState, type State, STATE_CHOICES, STATE_RANGES } from './state';

/** What a link leads to. */
export interface Linked {
  state: State;
  /** What is wrong with the link: then the state is the default. */
  problem?: Problem;
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
  const example = STATE_CHOICES.example.find((name) => name === given.get('example'));
  const state = defaultState(example);
  for (const [key, value] of given) {
    const problem = take(state, key, value);
    if (problem) return { state: fallback(given), problem };
  }
  const [problem] = checkState(state);
  return problem ? { state: fallback(given), problem } : { state };
}

/** Writes a value of an address into `state`, unless the key or the type of the value is wrong. */
function take(state: State, key: string, given: string): Problem | undefined {
  const known = Object.keys(state);
  if (!known.includes(key))
    return { key, kind: 'unknown key', nearest: nearestName(key, known) };
  const value = valueOf(given, typeof state[key as keyof State]);
  if (value !== undefined) {
    Object.assign(state, { [key]: value });
    return undefined;
  }
  if (typeof state[key as keyof State] === 'boolean')
    return { key, kind: 'choice', given, allowed: ['true', 'false'] };
  return { key, kind: 'range', given, range: STATE_RANGES[key as keyof typeof STATE_RANGES] };
}

/** A text as a value of this type; undefined if it is none. */
function valueOf(text: string, type: string): State[keyof State] | undefined {
  if (type === 'string') return text;
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value) ? value : undefined;
}

function fallback(given: URLSearchParams): State {
  const language = STATE_CHOICES.language.find((name) => name === given.get('language'));
  return { ...DEFAULT_STATE, language: language ?? DEFAULT_STATE.language };
}
