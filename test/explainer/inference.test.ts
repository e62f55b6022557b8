/** The view of inference and the beams, against the library called directly. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { computeAttended, computeBeam, computeContext,
  computeInference } from '../../lib/explainer/engine';
import { processorsOf } from '../../lib/explainer/engine/distribution';
import { requestOptions } from '../../lib/explainer/engine/inference';
import { Models } from '../../lib/explainer/engine/models';
import { type ExampleName, EXAMPLES } from '../../lib/explainer/examples';
import { DEFAULT_STATE, type State } from '../../lib/explainer/state';
import { attentionOf, generate, GPT, hiddenStates, language, predictNext,
  watchPasses } from '../../lib/index';
import { STATES } from './states';

const models = new Models();
const own: Partial<Record<ExampleName, GPT>> = {};

beforeAll(async () => {
  for (const name of Object.keys(EXAMPLES) as ExampleName[])
    own[name] = await GPT.load(EXAMPLES[name].folder);
});
afterAll(() => Object.values(own).forEach((model) => model.dispose()));

const textOf = (tokens: readonly { text: string }[]): string =>
  tokens.map(({ text }) => text).join(' ');

describe('the view of inference', () => {
  it.each(STATES)('is the run of generate, pass by pass: $name', async ({ state }) => {
    const view = await computeInference(models, state);
    const model = own[state.example]!;
    const { encode, vocabulary } = EXAMPLES[state.example];
    const prompt = encode(state.prompt);
    const found: number[][] = [];
    const passes = await watchPasses(model, async () => {
      found.push(...(await generate(model, [prompt], requestOptions(state))).sequences);
    });
    const [ids] = found;
    expect(view.prompt.map(({ id }) => id)).toEqual(prompt);
    expect(view.sequence.map(({ id }) => id)).toEqual(ids);
    expect(textOf(view.sequence)).toBe(ids!.map((id) => vocabulary[id]).join(' '));
    expect(view.steps.map(({ chosen }) => chosen.id)).toEqual(ids!.slice(prompt.length));
    if (state.strategy !== 'beams')
      expect(view.steps.map(({ computed }) => computed.length)).toEqual(
        passes.map(({ seq }) => seq),
      );
    const isEnded = ids!.length > prompt.length && vocabulary[ids!.at(-1)!] === '<eos>';
    expect(view.end).toBe(isEnded ? 'end token' : 'limit');
    for (const [n, step] of view.steps.entries()) {
      const read = ids!.slice(0, prompt.length + n);
      expect(step.context.map(({ id }) => id)).toEqual(read);
      await checkDistribution(step.distribution, read, state, model);
    }
  });

  it('says which positions a pass computes, computes again, and takes from the cache', async () => {
    const [first, second] = (await computeInference(models, DEFAULT_STATE)).steps;
    expect(first).toMatchObject({ computed: [0, 1, 2, 3, 4, 5], recomputed: [], cached: [] });
    expect(second).toMatchObject({ computed: [6], recomputed: [], cached: [0, 1, 2, 3, 4, 5] });
    const [, slow] = (await computeInference(models, { ...DEFAULT_STATE, useCache: false })).steps;
    expect(slow).toMatchObject({ computed: [0, 1, 2, 3, 4, 5, 6], recomputed: [0, 1, 2, 3, 4, 5],
      cached: [] });
  });

  it('chooses the highest bar when greedy, and any that is left when sampling', async () => {
    for (const { state } of STATES) {
      if (state.strategy === 'beams') continue;
      const { steps } = await computeInference(models, state);
      for (const { distribution, chosen } of steps) {
        if (state.strategy === 'greedy') expect(distribution[0]!.id).toBe(chosen.id);
        expect(distribution.find(({ id }) => id === chosen.id)!.processed).toBeGreaterThan(0);
      }
    }
  });
});

async function checkDistribution(
  bars: readonly {
    id: number;
    text: string;
    probability: number;
    processed: number;
    exact: number | null;
  }[],
  read: number[],
  state: State,
  model: GPT,
): Promise<void> {
  const plain = await predictNext(model, read);
  const processed = await predictNext(model, read, processorsOf(state));
  const { vocabulary, exactAfter } = EXAMPLES[state.example];
  expect(bars).toHaveLength(vocabulary.length);
  const words = read.map((id) => vocabulary[id]!);
  const isKnown = state.example === 'pull-requests' && language.logProbability(words) > -Infinity;
  expect(exactAfter(read) !== null).toBe(isKnown);
  const exact = isKnown ? language.nextWordProbabilities(words) : undefined;
  for (const { id, text, probability, processed: left, exact: known } of bars) {
    expect(text).toBe(vocabulary[id]);
    // the pass may be a cached one: the same sums in a different order
    expect(Math.abs(probability - plain[id]!)).toBeLessThan(1e-5);
    expect(Math.abs(left - processed[id]!)).toBeLessThan(1e-5);
    expect(known).toBe(exact ? exact.get(text) ?? 0 : null);
  }
  expect(bars.reduce((sum, { processed: left }) => sum + left, 0)).toBeCloseTo(1, 5);
}

describe('the view of the context', () => {
  it.each(STATES.slice(0, 8))('is what the library computes there: $name', async ({ state }) => {
    const { steps, sequence } = await computeInference(models, state);
    const view = await computeContext(models, state);
    const wanted = steps[state.step]?.context ?? sequence;
    expect(view.tokens).toEqual(wanted);
    const ids = wanted.map(({ id }) => id);
    expect(view.hidden.at(-1)).toEqual(await hiddenStates(own[state.example]!, ids));
    const { layers, heads } = EXAMPLES[state.example];
    for (const at of Array.from({ length: layers * heads }, (_, i) => i)) {
      const [layer, head] = [Math.floor(at / heads), at % heads];
      const { weights } = attentionOf(own[state.example]!, ids, { layer, head });
      expect(await computeAttended(models, { ...state, layer, head }))
        .toEqual({ layer, head, weights: weights.at(-1) });
    }
  });
});

describe('the tree of a beam search', () => {
  const settings: Partial<State>[] = [
    {},
    { numBeams: 2 },
    { numBeams: 6, lengthPenalty: 2 },
    { numBeams: 4, lengthPenalty: -1, useCache: false },
    { prompt: 'Summarize', maxNewTokens: 6 },
    { prompt: 'The agent waited', repetitionPenalty: 1.2 },
    { maxNewTokens: 1 },
    { example: 'eight-tokens', prompt: 'I love', sentence: 'I love', maxNewTokens: 5, position: 0 },
    { example: 'eight-tokens', prompt: 'I', sentence: 'I love', maxNewTokens: 3, numBeams: 6 },
  ];

  it.each(settings)('is the search of generate: %j', async (changes) => {
    const state: State = { ...DEFAULT_STATE, ...changes, strategy: 'beams' };
    const view = await computeBeam(models, state);
    const model = own[state.example]!;
    const prompt = EXAMPLES[state.example].encode(state.prompt);
    const { results, fates } = view.stages.at(-1)!;
    const { sequences } = await generate(model, [prompt], { ...requestOptions(state),
      numReturnSequences: results.length });
    expect(results.map(({ tokens }) => tokens.map(({ id }) => id))).toEqual(sequences);

    const { nodes } = view;
    const pathTo = (index: number): number[] => {
      const node = nodes[index]!;
      return node.parent === null ? prompt : [...pathTo(node.parent), node.token.id];
    };
    const paths = nodes.map((_, index) => pathTo(index));
    expect(new Set(paths.map(String)).size).toBe(nodes.length);
    for (const { index, parent, depth } of nodes) {
      expect(paths[index]).toHaveLength(prompt.length + depth);
      if (parent !== null && fates[index] === 'won') expect(fates[parent]).toBe('won');
    }
    // every result is a leaf with its score, and the winner's path is marked
    for (const [rank, { score }] of results.entries()) {
      const leaf = nodes[paths.findIndex((path) => String(path) === String(sequences[rank]))]!;
      expect(leaf.score).toBe(score);
      expect(fates[leaf.index]).toBe(rank === 0 ? 'won' : 'finished');
    }
    expect(fates.filter((fate) => fate === 'won')).toHaveLength(
      sequences[0]!.length - prompt.length + 1,
    );
    await checkScores(view, paths, state, model);
  });

  it('has branches that were pruned, and nothing is continued below them', async () => {
    const { nodes, stages } = await computeBeam(models, { ...DEFAULT_STATE, strategy: 'beams' });
    const { fates } = stages.at(-1)!;
    expect(fates.filter((fate) => fate === 'pruned').length).toBeGreaterThan(3);
    for (const { index, parent } of nodes)
      if (parent !== null && fates[parent] === 'pruned') expect(fates[index]).toBe('pruned');
  });

  it.each(settings)('grows by a column with each pass: %j', async (changes) => {
    const state: State = { ...DEFAULT_STATE, ...changes, strategy: 'beams' };
    const { nodes, stages } = await computeBeam(models, state);
    const prompt = EXAMPLES[state.example].encode(state.prompt);
    expect(stages[0]!.fates.filter((fate) => fate !== null)).toEqual(['open']);
    expect(stages[0]!.results).toEqual([]);
    for (const [pass, { fates, results }] of stages.entries()) {
      for (const { index, depth } of nodes)
        expect(fates[index] === null, `pass ${pass}, node ${index}`).toBe(depth > pass);
      // what is kept is what the library goes on with: the rows of its next pass
      const leaves = nodes.filter(({ index, depth }) => depth === pass && fates[index] === 'open');
      if (pass > 0 && pass < stages.length - 1) {
        expect(fates).not.toContain('won');
        const passes = await watchPasses(
          own[state.example]!,
          () => generate(own[state.example]!, [prompt], requestOptions(state)),
        );
        expect(leaves.length).toBeLessThanOrEqual(passes[pass]!.batch);
        expect(leaves.length).toBeGreaterThan(0);
      }
      const finished = nodes.filter(({ index }) => fates[index] === 'finished');
      if (pass < stages.length - 1) expect(finished).toHaveLength(results.length);
      for (const { score } of results) expect(nodes.map((node) => node.score)).toContain(score);
      expect(results.map(({ score }) => score)).toEqual(
        results.map(({ score }) => score).sort((a, b) => b - a),
      );
    }
  });
});

/** Each node's probability, by a pass of its own; and the scores of the results. */
async function checkScores(
  { nodes, stages }: Awaited<ReturnType<typeof computeBeam>>,
  paths: number[][],
  state: State,
  model: GPT,
): Promise<void> {
  if (state.repetitionPenalty !== 1) return; // its scores are no probabilities
  for (const { parent, token, probability, logProbability } of nodes.slice(1)) {
    const next = await predictNext(model, paths[parent!]!);
    expect(Math.abs(probability - next[token.id]!)).toBeLessThan(1e-4);
    expect(logProbability).toBeCloseTo(
      nodes[parent!]!.logProbability + Math.log(next[token.id]!),
      3,
    );
  }
  for (const { tokens, score } of stages.at(-1)!.results) {
    const leaf = nodes[
      paths.findIndex((path) => String(path) === String(tokens.map((t) => t.id)))
    ]!;
    expect(score).toBeCloseTo(leaf.logProbability / leaf.depth ** state.lengthPenalty, 4);
  }
}
