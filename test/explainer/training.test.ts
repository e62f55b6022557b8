/** The view of training, against the library called directly. */
import { afterAll, describe, expect, it } from 'vitest';
import { computeTraining, type TrainingView } from '../../lib/explainer/engine';
import { LEARNING_RATE } from '../../lib/explainer/engine/learner';
import { Models } from '../../lib/explainer/engine/models';
import { EXAMPLES } from '../../lib/explainer/examples';
import { fullOf, MARK_WIDTH } from '../../lib/explainer/page/parts/pass-rows';
import { DEFAULT_STATE, defaultState, type State } from '../../lib/explainer/state';
import { adamW, attentionOf, GPT, hiddenStates, language, lossPerPosition, shiftTargets,
  trainStep } from '../../lib/index';
import { STATES } from './states';

const models = new Models();
const loaded = new Map<string, Promise<GPT>>();

/** A model of its own, apart from those of the engine. */
function modelOf({ example, causal }: State): Promise<GPT> {
  const { folder, folderWithoutMask } = EXAMPLES[example];
  const from = causal ? folder : folderWithoutMask;
  if (!loaded.has(from)) loaded.set(from, GPT.load(from));
  return loaded.get(from)!;
}

/** The model after the live steps of a state, by the library's own training step. */
async function taught(state: State): Promise<GPT> {
  const model = await modelOf(state);
  if (state.trainingSteps === 0) return model;
  const { folder, folderWithoutMask } = EXAMPLES[state.example];
  const copy = await GPT.load(state.causal ? folder : folderWithoutMask);
  const optimizer = adamW(copy, { learningRate: LEARNING_RATE });
  for (let step = 0; step < state.trainingSteps; step++)
    await trainStep(copy, optimizer, batchOf(state), { causal: state.causal });
  optimizer.dispose();
  return copy;
}

function batchOf({ example, sentence }: State): { inputIds: number[][]; targets: number[][] } {
  const { inputs, targets } = shiftTargets(EXAMPLES[example].encode(sentence));
  return { inputIds: [inputs], targets: [targets] };
}

afterAll(async () => {
  for (const model of loaded.values()) (await model).dispose();
});

describe('the view of training', () => {
  it.each(STATES)('holds what the library computes: $name', async ({ state }) => {
    const view = await computeTraining(models, state);
    const model = await taught(state);
    const { causal } = state;
    const batch = batchOf(state);
    const ids = batch.inputIds[0]!;
    const { vocabulary } = EXAMPLES[state.example];

    expect(view.positions.map(({ input }) => input.id)).toEqual(ids);
    expect(view.positions.map(({ target }) => target.text)).toEqual(
      batch.targets[0]!.map((id) => vocabulary[id]),
    );
    const [losses] = await lossPerPosition(model, batch, { causal });
    expect(view.positions.map(({ loss }) => loss)).toEqual(losses);
    expect(view.meanLoss).toBeCloseTo(losses!.reduce((a, b) => a + b) / losses!.length, 12);
    expect(view.positions.map(({ hidden }) => hidden.at(-1))).toEqual(
      await hiddenStates(model, ids, { causal }),
    );
    const [tokens, places] = ['wte.weight', 'wpe.weight'].map((name) =>
      model.parameters.get(name)!.arraySync() as number[][]
    );
    view.positions.forEach(({ embedding }, t) =>
      expect(embedding).toEqual(
        tokens![ids[t]!]!.map((value, i) => Math.fround(value + places![t]![i]!)),
      )
    );
    checkHeads(view, model, ids, causal);
    checkDistributions(view, model, ids, state);
  });
});

function checkHeads(view: TrainingView, model: GPT, ids: number[], causal: boolean): void {
  const { nLayer, nHead } = model.config;
  expect(view.heads).toHaveLength(nLayer * nHead);
  for (const { layer, head, weights } of view.heads) {
    const wanted = attentionOf(model, ids, { layer, head, causal }).weights;
    weights.forEach((row, i) =>
      row.forEach((weight, j) => expect(weight).toBe(causal && j > i ? null : wanted[i]![j]))
    );
  }
}

function checkDistributions(view: TrainingView, model: GPT, ids: number[], state: State): void {
  const logits = model.forward([ids], { causal: state.causal });
  const rows = logits.arraySync()[0]!;
  logits.dispose();
  view.positions.forEach(({ distribution, target, exactLoss }, t) => {
    const most = Math.max(...rows[t]!);
    const powers = rows[t]!.map((logit) => Math.exp(logit - most));
    const total = powers.reduce((a, b) => a + b);
    const words = ids.slice(0, t + 1).map((id) => EXAMPLES[state.example].vocabulary[id]!);
    const isKnown = state.example === 'pull-requests' && language.logProbability(words) > -Infinity;
    const exact = isKnown ? language.nextWordProbabilities(words) : null;
    expect(distribution.map(({ id }) => id).sort((a, b) => a - b)).toEqual(
      rows[t]!.map((_, id) => id),
    );
    for (const bar of distribution) {
      expect(bar.logit).toBe(rows[t]![bar.id]);
      expect(bar.probability).toBeCloseTo(powers[bar.id]! / total, 12);
      expect(bar.processed).toBeCloseTo(bar.probability, 7); // float32
      expect(bar.exact).toBe(exact && (exact.get(bar.text) ?? 0));
    }
    const rank = distribution.map(({ processed }) => processed);
    expect(rank).toEqual([...rank].sort((a, b) => b - a));
    const p = exact && (exact.get(target.text) ?? 0);
    if (p === null) expect(exactLoss).toBeNull();
    else if (p === 0) expect(exactLoss).toBe(Infinity);
    else expect(exactLoss).toBeCloseTo(-Math.log(p), 12);
  });
}

describe('a live step of training', () => {
  it('lowers every loss that is above a hundredth of a nat, twenty times', async () => {
    const { history } = await computeTraining(models, { ...DEFAULT_STATE, trainingSteps: 20 });
    expect(history).toHaveLength(21);
    for (let step = 1; step < history.length; step++) {
      const [before, after] = [history[step - 1]!, history[step]!];
      expect(after.mean).toBeLessThan(before.mean);
      before.losses.forEach((loss, t) => {
        if (loss > 0.01) expect(after.losses[t], `step ${step}, position ${t}`).toBeLessThan(loss);
      });
    }
  });

  it.each([
    'The agent waited and waited for approval.',
    'The tests failed on Friday, so the team fixed the bug.',
    'The pull request was merged',
    'The bug',
  ])('lowers the mean of any sentence, and some of its losses: %s', async (sentence) => {
    const view = await computeTraining(models, { ...DEFAULT_STATE, sentence, trainingSteps: 3 });
    const [before, ...after] = view.history;
    for (const [i, { mean }] of after.entries()) expect(mean).toBeLessThan(view.history[i]!.mean);
    const fell = view.positions.filter(({ loss }, t) => loss < before!.losses[t]!).length;
    expect(fell).toBeGreaterThan(0);
  });

  it('gives the same numbers one by one, at once, and after going back', async () => {
    const at = (trainingSteps: number, from: Models): Promise<TrainingView> =>
      computeTraining(from, { ...DEFAULT_STATE, trainingSteps });
    const onebyone = new Models();
    for (let step = 0; step <= 4; step++) await at(step, onebyone);
    const [slowly, atOnce] = [await at(4, onebyone), await at(4, new Models())];
    expect(slowly).toEqual(atOnce);
    const back = new Models();
    await at(4, back);
    expect(await at(2, back)).toEqual(await at(2, onebyone));
    expect(await at(0, back)).toEqual(await at(0, new Models()));
  });

  it('changes a copy: the model of inference keeps its weights', async () => {
    const own = new Models();
    const model = await own.model('pull-requests');
    const before = [...model.parameters.values()].map((weight) => weight.dataSync().slice());
    await computeTraining(own, { ...DEFAULT_STATE, trainingSteps: 3 });
    expect([...model.parameters.values()].map((weight) => weight.dataSync())).toEqual(before);
  });
});

describe('training without the mask', () => {
  it('shows the cheating: losses far below the exact ones, but not at the end', async () => {
    const { positions } = await computeTraining(models, { ...DEFAULT_STATE, causal: false });
    const free = positions.filter(({ exactLoss }) => exactLoss! > 0.5);
    expect(free.length).toBeGreaterThan(3);
    for (const { loss, exactLoss } of free.slice(0, -1))
      expect(loss).toBeLessThan(exactLoss! / 5);
    const last = positions.at(-1)!;
    expect(last.loss).toBeGreaterThan(2 * last.exactLoss!);
  });

  it('of eight tokens, changes every hidden state but the last (16.0.3)', async () => {
    const eight = defaultState('eight-tokens');
    const whole = { ...eight, sentence: `${eight.sentence} I` }; // all eight are inputs
    const [masked, open] = await Promise.all(
      [true, false].map((causal) => computeTraining(models, { ...whole, causal })),
    );
    const changed = masked!.positions.map(({ hidden }, t) => {
      const other = open!.positions[t]!.hidden.at(-1)!;
      return Math.max(...hidden.at(-1)!.map((value, i) => Math.abs(value - other[i]!))) > 1e-3;
    });
    expect(changed).toEqual([true, true, true, true, true, true, true, false]);
  });
});

describe('a bar of a loss', () => {
  it('has room for all losses, and for the exact ones that are drawn', () => {
    const at = (loss: number, exactLoss: number | null) => ({ loss, exactLoss });
    const full = fullOf([at(1, 7), at(6, Infinity), at(2, null)]);
    expect(full - full * MARK_WIDTH).toBeCloseTo(7, 10); // there the mark of 7 nats begins
    expect(fullOf([at(1, 7), at(8, 2)])).toBe(8);
    expect(fullOf([at(1, 2)], [9])).toBe(9);
    expect(fullOf([at(1, null)])).toBe(5);
  });
});
