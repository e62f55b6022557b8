/** What the library computes, as plain data: in Node and in a page, to be compared bit for bit. */
import { exp, log } from '../../lib/base/exp-and-log';
import { CORPUS_FILE, PULL_REQUESTS } from '../../lib/base/paths';
import { platform } from '../../lib/base/platform';
import { adamW, allToAll, attentionOf, bars, EIGHT_TOKENS, entropyFloor, exactLoss, generate, GPT,
  gradientsBothWays, heatmap, hiddenStates, histogram, inputGradients, language, languageCorpus,
  lines, lossCurve, lossPerPosition, maskPredict, modelFillIn, nextTokenProbabilities, onePage,
  oneToOne, packedBatches, padLeft, passCost, predictNext, Random, ready, row, type tf, tokenGrid,
  train, trainStep, wordTokenizer } from '../../lib/index';
import { allowMachine } from '../../lib/tensor/fast/current-machine';

/** The bits of float32 numbers. */
const bitsOf = (values: ArrayLike<number>): number[] => [
  ...new Uint32Array(Float32Array.from(values).buffer),
];

const idsOf = (text: string): number[] => wordTokenizer.encode(text);
const PROMPT = idsOf('The agent opened a pull request');
const PROMPTS = [PROMPT, idsOf('The reviewer approved'), idsOf('The agent')];

/** Logits of whole passes: alone, with padding, with a cache. */
export async function logits() {
  const model = await GPT.load(PULL_REQUESTS);
  const bits = (result: tf.Tensor): number[] => {
    const values = bitsOf(result.dataSync());
    result.dispose();
    return values;
  };
  const { inputIds, attentionMask, positionIds } = padLeft(PROMPTS, 0);
  const cache = model.createCache();
  const found = {
    backend: await ready(),
    alone: bits(model.forward([PROMPT])),
    padded: bits(model.forward(inputIds, { attentionMask, positionIds })),
    cached: [PROMPT, PROMPT.slice(0, 1), PROMPT.slice(1, 3)].map((ids) =>
      bits(model.forward([ids], { cache }))
    ),
  };
  cache.dispose();
  model.dispose();
  return found;
}

/** Texts, by every way of decoding. */
export async function decoding() {
  const model = await GPT.load(PULL_REQUESTS);
  const options = [
    {},
    { useCache: false },
    { doSample: true, seed: 1, temperature: 0.8 },
    { doSample: true, seed: 2, topK: 5, numReturnSequences: 3 },
    { doSample: true, seed: 3, topP: 0.9 },
    { doSample: true, seed: 4, minP: 0.1, repetitionPenalty: 1.3 },
    { numBeams: 4, numReturnSequences: 4, lengthPenalty: 0.7 },
    { numBeams: 3, doSample: true, seed: 5 },
    { maxNewTokens: 60, eosTokenId: null, noRepeatNgramSize: 3 },
  ];
  const texts: string[][] = [];
  for (const each of options) {
    const { sequences } = await generate(model, PROMPTS, each);
    texts.push(sequences.map((ids) => wordTokenizer.decode(ids)));
  }
  const next = bitsOf(await predictNext(model, PROMPT, { temperature: 0.7, topP: 0.95 }));
  model.dispose();
  return { texts, next };
}

/** Steps of training with dropout: each loss, and all weights after them. */
async function trainingOf(config: { nLayer: number; nHead: number; nEmbd: number }, steps: number) {
  await platform.loadFiles([CORPUS_FILE]);
  const { train: sentences, validation } = languageCorpus();
  const model = await GPT.create(
    { ...config, nPositions: 32, vocabSize: wordTokenizer.vocabSize },
    7,
  );
  const batches = packedBatches(sentences, { batchSize: 8, blockSize: 32, random: new Random(3) });
  const losses = await train(model, batches, { steps, warmupSteps: 1, learningRate: 3e-3 });
  const optimizer = adamW(model, { weightDecay: 0.1 });
  const held = packedBatches(validation, { batchSize: 4, blockSize: 32, random: new Random(4) })();
  losses.push(await trainStep(model, optimizer, held), await trainStep(model, optimizer, held));
  const found = {
    losses,
    perPosition: await lossPerPosition(model, held),
    floor: [entropyFloor(held), exactLoss(held)],
    weights: [...model.parameters].map(([name, weight]) => [name, bitsOf(weight.dataSync())]),
    moments: optimizer.moments.map(({ square }) => bitsOf(square.dataSync())),
  };
  optimizer.dispose();
  model.dispose();
  return found;
}

export const training = () => trainingOf({ nLayer: 2, nHead: 2, nEmbd: 32 }, 10);

/** A model that is large enough for a second thread to help. */
export const largeTraining = () => trainingOf({ nLayer: 2, nHead: 4, nEmbd: 128 }, 2);

/** The same steps in TensorFlow.js's own kernels. */
export async function plainTraining() {
  await ready();
  allowMachine(false);
  try {
    return await training();
  } finally {
    allowMachine(true);
  }
}

/** e^x and the logarithm, at random and where their formulas change. */
export function arithmetic() {
  const random = new Random(6);
  const numbers = Array.from(
    { length: 20_000 },
    () => random.normal() * 2 ** (random.integer(24) - 16),
  );
  const edges = [0, -0, 1, 5e-324, 1e-310, 2 ** -29, 709.78, 710, -708.5, -745.13, -746, Infinity];
  const all = [...numbers, ...edges];
  return Promise.resolve({ exp: all.map(exp), log: all.map(Math.abs).map(log) });
}

/** The exact language. */
export function exactLanguage() {
  const random = new Random(5);
  const sentences = Array.from({ length: 20 }, () => language.sample(random));
  return Promise.resolve({
    sentences,
    probabilities: sentences.map((words) =>
      words.map((_, t) => [...language.nextWordProbabilities(words.slice(0, t))])
    ),
    entropies: sentences.map((words) => words.map((_, t) => language.entropy(words.slice(0, t)))),
    logs: sentences.map((words) => language.logProbability(words)),
  });
}

/** What experiments measure. */
export async function experiments() {
  const model = await GPT.load(PULL_REQUESTS);
  const eight = await GPT.load(EIGHT_TOKENS);
  const sizes = { nLayer: 1, nHead: 2, nEmbd: 8, nPositions: 8, vocabSize: 11 };
  const weights = onePage.newWeights(sizes, 1);
  const update = onePage.adamW(weights, 0.01);
  const rows = [[1, 2, 3, 4, 5], [5, 4, 3, 2, 1]];
  const pageLosses = [1, 2, 3].map(() => onePage.trainStep(weights, sizes, update, rows));
  const pageText = onePage.generate(weights, sizes, [1, 2], { newTokens: 4 });
  const filled = await maskPredict(modelFillIn(model, PROMPT, 0), 5, { passes: 3, count: 2,
    doSample: true, seed: 1 });
  const found = {
    attention: attentionOf(model, PROMPT, { layer: 1, head: 0 }),
    states: await hiddenStates(model, PROMPT),
    eight: await hiddenStates(eight, [0, 1, 2, 3, 4, 5, 6, 7]),
    gradients: await inputGradients(model, PROMPT.slice(0, -1), PROMPT.slice(1)),
    bothWays: Object.values(
      await gradientsBothWays(model, { inputIds: [PROMPT.slice(0, -1)],
        targets: [PROMPT.slice(1)] }),
    ).map(({ loss, byName, passes }) => [loss, passes, bitsOf(byName.get('wte.weight')!)]),
    pageLosses,
    pageText,
    cost: passCost(model.config, { batch: 1, seq: 6, kept: 1 }),
    distribution: [...nextTokenProbabilities([1, 2, 3], { temperature: 0.5 })],
    filled,
  };
  eight.dispose();
  model.dispose();
  return found;
}

/** Plots, as the data that is drawn. */
export async function plots() {
  const model = await GPT.load(PULL_REQUESTS);
  const next = await predictNext(model, PROMPT);
  const words = PROMPT.map((id) => wordTokenizer.token(id));
  const { weights } = attentionOf(model, PROMPT, { layer: 0, head: 1 });
  const titles = { xTitle: 'key', yTitle: 'query' };
  const grid = heatmap(weights, { rowLabels: words, columnLabels: words, ...titles });
  const chart = bars(words, [...next].slice(0, words.length), { ...titles, percent: true });
  const states = await hiddenStates(model, PROMPT);
  const said: string[] = [];
  const log = console.log;
  console.log = (text: string) => said.push(text);
  try {
    lossCurve({ floor: 1 })({ step: 1, steps: 1, loss: 2, tokensPerSecond: 3, secondsLeft: 0 });
  } finally {
    console.log = log;
  }
  model.dispose();
  return {
    figures: [
      grid,
      chart,
      row([grid, chart], { title: 'both' }),
      lines([{ name: 'p', y: [...next] }], titles),
      histogram([...next], titles),
      tokenGrid([words.map((text) => ({ text, kind: 'prompt' }))], { rowLabels: ['one'],
        xTitle: 'position' }),
      allToAll(words, states),
      oneToOne([{ tokens: words, state: states.at(-1)!, chosen: 'for' }], words.length),
    ],
    said,
  };
}
