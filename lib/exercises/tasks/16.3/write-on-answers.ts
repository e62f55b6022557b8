/** Right answers to 16.3.3, a text that goes on after a pause. */
import type { Alternative } from '../../exercise';

export const solution = `interface Saved {
  ids: number[];
  seed: number;
  written?: number;
}

async function writeOn(saved: string, count: number): Promise<string> {
  const { ids, seed, written = 0 } = JSON.parse(saved) as Saved;
  const random = new Random(seed);
  for (let i = 0; i < written; i++) random.uniform(); // those used before the pause
  let now = written;
  const isFinished = () => now > 0 && ids.at(-1) === wordTokenizer.eosTokenId;
  while (now < written + count && !isFinished()) {
    ids.push(random.choose(await predictNext(model, ids)));
    now++;
  }
  return JSON.stringify({ ids, seed, written: now });
}`;

export const others: readonly Alternative[] = [
  {
    says: 'keep the length of the prompt, and use up one random number for each token after it',
    source: `interface Saved {
  ids: number[];
  seed: number;
  promptLength?: number;
}

async function writeOn(saved: string, count: number): Promise<string> {
  const { ids, seed, promptLength = ids.length } = JSON.parse(saved) as Saved;
  const random = new Random(seed);
  for (let t = promptLength; t < ids.length; t++) random.uniform();
  const end = ids.length + count;
  while (ids.length < end) {
    if (ids.length > promptLength && ids.at(-1) === wordTokenizer.eosTokenId) break;
    ids.push(random.choose(await predictNext(model, ids)));
  }
  return JSON.stringify({ ids, seed, promptLength });
}`,
  },
  {
    says: 'keep only the prompt and the number of tokens, and write the text again from its start',
    source: `interface Saved {
  ids: number[];
  seed: number;
  prompt?: number[];
  written?: number;
}

async function writeOn(saved: string, count: number): Promise<string> {
  const state = JSON.parse(saved) as Saved;
  const { seed, prompt = state.ids, written = 0 } = state;
  const random = new Random(seed);
  const ids: number[] = [...prompt];
  for (let i = 0; i < written + count; i++) {
    const next = random.choose(await predictNext(model, ids));
    ids.push(next);
    if (next === wordTokenizer.eosTokenId) break;
  }
  return JSON.stringify({ ids, seed, prompt, written: ids.length - prompt.length });
}`,
  },
  {
    says: 'keep the whole state: how many numbers were used, and whether the text is finished',
    source: `interface Saved {
  ids: number[];
  seed: number;
}

async function writeOn(saved: string, count: number): Promise<string> {
  const state = { used: 0, finished: false, ...JSON.parse(saved) as Saved };
  const random = new Random(state.seed);
  for (let i = 0; i < state.used; i++) random.choose([1]);
  for (let i = 0; i < count && !state.finished; i++) {
    const next = random.choose(await predictNext(model, state.ids));
    state.ids = [...state.ids, next];
    state.used++;
    state.finished = next === wordTokenizer.eosTokenId;
  }
  return JSON.stringify(state);
}`,
  },
];
