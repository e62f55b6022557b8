/** Evaluation on held-out text, early stopping, and both across a stop. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adamW, type Batch, GPT, heldOut, heldOutBatches, type HeldOutEvaluation, heldOutLoss,
  loadTraining, lossPerPosition, packedBatches, Random, saveTraining, train,
  type TrainOptions } from '../../lib/index';

const config = { nLayer: 1, nHead: 2, nEmbd: 16, nPositions: 8, vocabSize: 12, embdPdrop: 0.1,
  attnPdrop: 0.2, residPdrop: 0.3 };
const random = new Random(3);
/** Rows of chance: what a model learns of some says nothing about others. */
const rowsOf = (count: number): number[][] =>
  Array.from({ length: count }, () => Array.from({ length: 9 }, () => random.integer(12)));
const [own, others] = [rowsOf(6), rowsOf(10)];
const batches = (of = new Random(1)): () => Batch =>
  packedBatches(own, { batchSize: 4, blockSize: 8, random: of });
const held = heldOutBatches(others.flat(), { batchSize: 4, blockSize: 8 });
const weights = (model: GPT): number[] =>
  [...model.parameters.values()].flatMap((weight) => [...weight.dataSync()]);
const settings = { learningRate: 0.03, maxGradNorm: 0.5 };
const schedule = { steps: 60, warmupSteps: 5, decay: 'cosine' } as const;

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'held-out-'));
});
afterAll(() => rmSync(root, { recursive: true }));

describe('the loss on held-out text', () => {
  it('is the mean of all positions of all batches, with dropout off', async () => {
    const model = await GPT.create(config, 1); // in training mode
    const parts = [{ inputIds: [[1, 2, 3]], targets: [[2, 3, -100]] }, ...held];
    const before = model.random.state;
    const loss = await heldOutLoss(model, parts);
    expect([model.training, model.random.state]).toEqual([true, before]);
    const all: number[] = [];
    for (const part of parts) {
      const found = await lossPerPosition(model.eval(), part);
      found.forEach((row, b) =>
        row.forEach((value, t) => {
          if (part.targets[b]![t] !== -100) all.push(value);
        })
      );
    }
    // float32 means of single batches, added in float64
    expect(loss).toBeCloseTo(all.reduce((sum, each) => sum + each, 0) / all.length, 5);
    expect(all).toHaveLength(2 + 88);
  });

  it('is refused if it is not finite', async () => {
    const model = await GPT.create(config, 1);
    const gain = model.parameters.get('ln_f.weight')!;
    gain.assign(gain.mul(Number.NaN));
    await expect(heldOutLoss(model, held)).rejects.toThrow('on held-out text became NaN');
  });
});

describe('batches of held-out text', () => {
  it('are windows over all of it that share no target, or evenly spaced ones', () => {
    fc.assert(fc.property(
      fc.integer({ min: 2, max: 200 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 4 }),
      (length, batchSize, blockSize, maxBatches) => {
        const ids = [...Array(length).keys()];
        const cut = heldOutBatches(ids, { batchSize, blockSize, maxBatches });
        const rows = cut.flatMap(({ inputIds }) => inputIds);
        const targets = cut.flatMap((batch) => batch.targets.flat());
        expect(rows.flat().map((id) => id + 1)).toEqual(targets);
        expect(new Set(targets).size).toBe(targets.length);
        const windows = Math.max(1, Math.floor((length - 1) / blockSize));
        expect(rows).toHaveLength(Math.min(windows, batchSize * maxBatches));
        expect(cut.every(({ inputIds }) => inputIds.length <= batchSize)).toBe(true);
        // from one window to the next it is the same number of windows, give or take one
        const starts = [...rows.map((row) => row[0]!), windows * blockSize];
        const gaps = starts.slice(1).map((start, i) => (start - starts[i]!) / blockSize);
        expect(starts[0]).toBe(0);
        expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
      },
    ));
  });

  it('are refused for a text without a pair', () => {
    expect(() => heldOutBatches([1], { batchSize: 1, blockSize: 4 })).toThrow('at least 2 tokens');
    expect(() => heldOutBatches([1, 2], { batchSize: 0, blockSize: 4 })).toThrow(
      'batchSize must be an integer of at least 1, got 0',
    );
  });
});

/** All that a training has come to. */
interface Result {
  losses: number[];
  history: HeldOutEvaluation['history'];
  best?: number[];
  weights: number[];
  steps: number[];
}

/** Trains; `options` may replace the schedule. Notes the weights at each evaluation. */
async function run(
  more: { patience?: number; evalSteps?: number; none?: boolean } & Partial<TrainOptions> = {},
): Promise<Result & { at: Map<number, number[]> }> {
  const { patience, evalSteps = 4, none = false, ...options } = more;
  const model = await GPT.create(config, 5);
  const evaluation = heldOut({ batches: held, evalSteps, patience });
  const at = new Map([[0, weights(model)]]);
  const steps: number[] = [];
  const losses = await train(model, batches(), {
    ...schedule,
    ...settings,
    ...none ? {} : { evaluation },
    ...options,
    onStep: (progress) => {
      steps.push(progress.steps);
      at.set(progress.step, weights(model));
    },
  });
  return { losses, history: evaluation.history, weights: weights(model), at, steps,
    best: evaluation.best && numbersOf(evaluation.best) };
}

const numbersOf = (best: NonNullable<HeldOutEvaluation['best']>): number[] =>
  [...best.values()].flatMap((weight) => [...Array.from(weight.dataSync())]);

describe('evaluation while a model is trained', () => {
  it('comes before the first step, every so many steps, and after the last', async () => {
    const { history, losses } = await run({ steps: 10 });
    expect(history.map(({ step }) => step)).toEqual([0, 4, 8, 10]);
    expect(losses).toHaveLength(10);
  });

  it('changes no bit of the training', async () => {
    const [watched, alone] = [await run({ steps: 12 }), await run({ steps: 12, none: true })];
    expect(watched.losses).toEqual(alone.losses);
    expect(watched.weights).toEqual(alone.weights);
  });

  it('sees what the training sees: without the mask its loss is different', async () => {
    const [masked, open] = [
      await run({ steps: 1, warmupSteps: 0 }),
      await run({ steps: 1, warmupSteps: 0, forward: { causal: false } }),
    ];
    expect(open.history[0]!.loss).not.toBeCloseTo(masked.history[0]!.loss, 6);
  });

  it('stops after `patience` evaluations without a better one, with the best weights', async () => {
    const free = await run();
    const { losses, history, weights: last, best, at, steps } = await run({ patience: 2 });
    const all = free.history.map(({ loss }) => loss);
    // this text is chance, so the loss on other texts rises soon
    const lowest = all.findIndex((loss, i) =>
      loss === Math.min(...all.slice(0, i + 3)) && i + 2 < all.length
    );
    expect(history).toEqual(free.history.slice(0, lowest + 3));
    expect(losses).toEqual(free.losses.slice(0, history.at(-1)!.step));
    expect(losses.length).toBeLessThan(60);
    expect(last).toEqual(at.get(history[lowest]!.step));
    expect(best).toEqual(last);
    expect(last).not.toEqual(at.get(losses.length));
    expect(steps).toEqual([...losses.slice(1).map(() => 60), losses.length]);
  });

  it('without patience ends with the last weights', async () => {
    const { weights: last, at, best } = await run({ steps: 12 });
    expect(last).toEqual(at.get(12));
    expect(best).toBeUndefined();
  });

  it('refuses settings that are unknown, outside their range, or would be ignored', () => {
    const make = (more: object) => () => heldOut({ batches: held, evalSteps: 4, ...more });
    expect(make({ pacience: 2 })).toThrow('unknown setting pacience (did you mean patience?)');
    expect(make({ patience: 0 })).toThrow('patience must be an integer of at least 1, got 0');
    expect(make({ evalSteps: 0.5 })).toThrow('evalSteps must be an integer of at least 1');
    expect(make({ batches: [] })).toThrow('batches must be at least one batch, got []');
    expect(make({ patience: 2, from: { history: [{ step: 0, loss: 1 }] } })).toThrow(
      'from must be evaluations with their best weights',
    );
  });
});

describe('a training with evaluations that goes on', () => {
  /** Stops after `stop` steps, or in the evaluation after them, saves, and goes on to the end. */
  async function resumed(stop: number, inEvaluation = false): Promise<Result> {
    const folder = mkdtempSync(join(root, 'run-'));
    const controller = new AbortController();
    const evaluation = heldOut({ batches: held, evalSteps: 4, patience: 2 });
    const after = evaluation.after.bind(evaluation);
    evaluation.after = async (model, step, options) => {
      if (inEvaluation && step === stop) controller.abort();
      return after(model, step, options);
    };
    const first = await GPT.create(config, 5);
    const optimizer = adamW(first, settings);
    const source = new Random(1);
    const { signal } = controller;
    const options = { ...schedule, optimizer, evaluation, signal };
    const onStep = ({ step }: { step: number }): void => {
      if (step === stop) controller.abort();
    };
    const error: unknown = await train(first, batches(source), { ...options, onStep }).catch(
      (each: unknown) => each,
    );
    const { losses } = error as { losses: number[] };
    expect(losses).toHaveLength(stop);
    await saveTraining(folder, { model: first, optimizer, random: source, losses, evaluation });
    const { model, evaluation: from, ...saved } = await loadTraining(folder);
    const again = heldOut({ batches: held, evalSteps: 4, patience: 2, from });
    const all = await train(model, batches(saved.random), {
      ...schedule,
      optimizer: saved.optimizer,
      losses: saved.losses,
      evaluation: again,
    });
    return { losses: all, history: again.history, weights: weights(model), steps: [],
      best: numbersOf(again.best!) };
  }

  it('equals one without the stop to the bit, wherever it is stopped', async () => {
    const { losses, history, best, weights: last } = await run({ patience: 2 });
    const unbroken = { losses, history, best, weights: last, steps: [] };
    const end = losses.length;
    for (const stop of [1, 4, 6, end - 1]) expect(await resumed(stop), `${stop}`).toEqual(unbroken);
    expect(await resumed(4, true), 'in an evaluation').toEqual(unbroken);
    expect(await resumed(end, true), 'in the last evaluation').toEqual(unbroken);
  });

  it('takes no further step if it had stopped early, also when it is loaded again', async () => {
    const folder = mkdtempSync(join(root, 'run-'));
    const model = await GPT.create(config, 5);
    const [optimizer, source] = [adamW(model, settings), new Random(1)];
    const evaluation = heldOut({ batches: held, evalSteps: 4, patience: 2 });
    const losses = await train(model, batches(source), { ...schedule, optimizer, evaluation });
    const best = weights(model);
    await saveTraining(folder, { model, optimizer, random: source, losses, evaluation });
    const saved = await loadTraining(folder);
    const again = heldOut({ batches: held, evalSteps: 4, patience: 2, from: saved.evaluation });
    const more = { ...schedule, optimizer: saved.optimizer, losses, evaluation: again };
    expect(await train(saved.model, batches(saved.random), more)).toEqual(losses);
    expect(weights(saved.model)).toEqual(best);
  });

  it('is refused with invalid evaluations, or best weights of a different model', async () => {
    const folder = mkdtempSync(join(root, 'run-'));
    const model = await GPT.create(config, 5);
    const optimizer = adamW(model);
    const evaluation = heldOut({ batches: held, evalSteps: 4, patience: 2 });
    await train(model, batches(), { steps: 1, optimizer, evaluation });
    const save = (parts: object): Promise<void> =>
      saveTraining(folder, { model, optimizer, losses: [1], evaluation, ...parts });
    await expect(save({ evaluation: { history: [{ step: 1, loss: Number.NaN }] } })).rejects
      .toThrow('evaluations must be a list of steps, each with its loss');
    const foreign = new Map([...evaluation.best!].slice(1));
    await save({ evaluation: { history: evaluation.history, best: foreign } });
    await expect(loadTraining(folder)).rejects.toThrow(
      'best.safetensors must hold the same weights as model.safetensors',
    );
    await save({});
    expect(existsSync(join(folder, 'best.safetensors'))).toBe(true);
    const file = join(folder, 'best.safetensors');
    writeFileSync(file, readFileSync(file).subarray(0, -1));
    await expect(loadTraining(folder)).rejects.toThrow('best.safetensors is not the file');
  });
});
