/**
 * What each slider of the notebooks must show at a value, computed by the library for that value:
 * for each trace its numbers, in the order of the trace. The saved figures are not read for this,
 * except for the words under the bars.
 */
import { attentionOf, EIGHT_TOKENS, eightTokenExample, generate, GPT, language, languageCorpus,
  mostProbable, nextTokenProbabilities, packedBatches, padLeft, passCost, predictNext,
  PULL_REQUESTS, Random, shiftTargets, tf, train, wordTokenizer } from '../../lib/index';

/** Numbers of each trace, by the label of the slider. `words`: those under the bars. */
export type Expected = (label: string, words: readonly string[]) => Promise<number[][]>;

const once = <T>(make: () => Promise<T>): () => Promise<T> => {
  let made: Promise<T> | undefined;
  return () => made ??= make();
};
const trained = once(() => GPT.load(PULL_REQUESTS));
const eight = once(() => GPT.load(EIGHT_TOKENS));
const prompt = wordTokenizer.encode('The agent opened a pull request');
const ids = (words: readonly string[]): number[] => words.map((word) => wordTokenizer.id(word));
const pick = (shares: ArrayLike<number>, words: readonly string[]): number[] =>
  ids(words).map((id) => shares[id]!);
const logits = once(async () => {
  const model = await trained();
  return tf.tidy(() => [...model.forward([prompt], { logitsToKeep: 1 }).dataSync()]);
});
const placeOf = (label: string): { layer: number; head: number } => {
  const [layer, head] = label.split(', ').map(Number);
  return { layer: layer!, head: head! };
};
const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const among = (words: readonly string[], shares: ReadonlyMap<string, number>): number[] => {
  const all = sum([...shares.values()]) || 1;
  return words.map((word) => (shares.get(word) ?? 0) / all);
};

/** The model of 16.2 that was trained without the causal mask. */
const cheat = once(async () => {
  const { config } = await trained();
  const model = await GPT.create({ ...config, embdPdrop: 0, attnPdrop: 0, residPdrop: 0 }, 16);
  const texts = packedBatches(languageCorpus().train, { batchSize: 16, blockSize: 16,
    random: new Random(16) });
  await train(model, texts, { steps: 200, warmupSteps: 20, learningRate: 0.01,
    forward: { causal: false } });
  return model;
});

/** The words kept by top-p: the fewest likely ones that have P together, or those up to P. */
function nucleus(shares: readonly number[], P: number, wrong: boolean): Map<string, number> {
  const kept = new Map<string, number>();
  let total = 0;
  for (const id of mostProbable(shares, shares.length)) {
    const share = shares[id]!;
    if (wrong ? total + share > P : kept.size > 0 && total >= P) break;
    kept.set(wordTokenizer.token(id), share);
    total += share;
  }
  return kept;
}

export const sliderValues: Readonly<Record<string, Expected>> = {
  '16.0 shares-picture': async (position) => {
    const all = eightTokenExample.tokens.map((_, id) => id);
    const { weights } = attentionOf(await eight(), all, { layer: 0, head: 0 });
    const row = weights[Number(position)]!;
    return [row, row];
  },
  '16.1 one-position': async (position, words) => {
    const text = wordTokenizer.encode('The agent opened a pull request for review');
    const shares = await predictNext(await trained(), text.slice(0, Number(position) + 1));
    return [pick(shares, words)];
  },
  '16.2 find-the-peeking-head': async (label) => {
    const { inputs } = shiftTargets(wordTokenizer.encode('The agent opened a pull request for'));
    return [
      attentionOf(await cheat(), inputs, { ...placeOf(label), causal: false }).weights.flat(),
    ];
  },
  '16.3 slider-over-steps': async (step, words) => {
    const model = await trained();
    const { sequences: [text] } = await generate(model, [prompt], { maxNewTokens: 20 });
    const read = text!.slice(0, prompt.length + Number(step) - 1);
    const exact = language.nextWordProbabilities(read.map((id) => wordTokenizer.token(id)));
    return [
      pick(await predictNext(model, read), words),
      words.map((word) => exact.get(word) ?? 0),
    ];
  },
  '16.5 softmax-picture': async (label) => {
    const model = await trained();
    const prompts = [prompt, wordTokenizer.encode('Summarize')];
    const { sequences } = await generate(model, prompts, { maxNewTokens: 3, eosTokenId: null });
    const batch = padLeft(sequences, wordTokenizer.padTokenId);
    const row = batch.inputIds[1]!;
    const { scores, weights } = attentionOf(model, row, { ...placeOf(label),
      attentionMask: batch.attentionMask[1]!, positionIds: batch.positionIds[1]! });
    const open = (i: number, j: number): boolean => j <= i && row[j] !== wordTokenizer.padTokenId;
    return [
      scores.flatMap((line, i) => line.map((score, j) => (open(i, j) ? score : NaN))),
      weights.flat(),
    ];
  },
  '16.6 plot-intensity-by-rows': async (tokens) => {
    const config = { ...(await trained()).config, nLayer: 4, nHead: 4, nEmbd: 128,
      nPositions: 256 };
    const cost = (batch: number, length: number): ReturnType<typeof passCost> =>
      passCost(config, { batch, seq: 1, kept: 1, past: length - 1 });
    const rows = Array.from({ length: 11 }, (_, n) => 2 ** n);
    const curve = (length: number): number[] =>
      rows.map((n) => cost(n, length).flops / cost(n, length).bytes);
    const { flops, cacheBytes } = cost(1, Number(tokens));
    const ceiling = flops / cacheBytes;
    return [curve(32), curve(Number(tokens)), [ceiling, ceiling]];
  },
  '16.7 plot-temperature': async (label, words) => {
    const temperature = Number(label);
    return [
      pick(nextTokenProbabilities(await logits()), words),
      pick(nextTokenProbabilities(await logits(), { temperature }), words),
    ];
  },
  '16.7 plot-top-k': async (label, words) => {
    const topK = Number(label);
    const exact = [...language.nextWordProbabilities('The agent opened a pull request'.split(' '))]
      .sort(([, a], [, b]) => b - a).slice(0, topK);
    return [
      pick(nextTokenProbabilities(await logits()), words),
      pick(nextTokenProbabilities(await logits(), { topK }), words),
      among(words, new Map(exact)),
    ];
  },
  '16.7 plot-each-p': async (label, words) => {
    const topP = Number(label);
    const plain = [...nextTokenProbabilities(await logits())];
    return [
      pick(nextTokenProbabilities(await logits(), { topP }), words),
      among(words, nucleus(plain, topP, true)),
    ];
  },
  '16.8 plot-marginals': (label, words) => {
    const all = language.completions('The reviewer merged the change'.split(' '), 0.01);
    const kept = all[0]!.words.slice(0, Number(label));
    const possible = all.filter(({ words: own }) => kept.every((word, i) => own[i] === word));
    const total = sum(possible.map(({ probability }) => probability));
    const width = Math.max(...all.map(({ words: own }) => own.length));
    const shareOf = (word: string, place: number): number =>
      sum(
        possible.flatMap(({ words: own, probability }) =>
          (own[place] ?? '<eos>') === word ? [probability / total] : []
        ),
      ) || NaN;
    return Promise.resolve([
      words.flatMap((word) => Array.from({ length: width }, (_, place) => shareOf(word, place))),
    ]);
  },
};
