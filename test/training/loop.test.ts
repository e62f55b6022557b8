import { describe, expect, it, vi } from 'vitest';
import { adamW, type Batch, generate, GPT, lossPerPosition, meanLoss, packedBatches, Random, tf,
  train, type TrainOptions, trainStep } from '../../lib/index';

// It holds every model. Else those of earlier tests are freed while a test counts tensors.
vi.spyOn(GPT, 'create');

const config = { nLayer: 2, nHead: 2, nEmbd: 16, nPositions: 8, vocabSize: 12 };
const rows = Array.from(
  { length: 20 },
  (_, i) => Array.from({ length: 9 }, (_, t) => (i + t) % 12),
);
const batches = (seed = 1): ReturnType<typeof packedBatches> =>
  packedBatches(rows, { batchSize: 4, blockSize: 8, random: new Random(seed) });
const weights = (model: GPT): number[] =>
  [...model.parameters.values()].flatMap((weight) => [...weight.dataSync()]);

describe('training', () => {
  it('gives the same losses and weights for the same seed, bit for bit, with dropout', async () => {
    const run = async (seed: number): Promise<[number[], number[]]> => {
      const model = await GPT.create(config, seed);
      return [await train(model, batches(), { steps: 5, learningRate: 1e-2 }), weights(model)];
    };
    const [first, again, other] = [await run(1), await run(1), await run(2)];
    expect(again).toEqual(first);
    expect(other[0]).not.toEqual(first[0]);
  });

  it('learns: the loss of an easy text falls far below that of guessing', async () => {
    const model = await GPT.create({ ...config, embdPdrop: 0, attnPdrop: 0, residPdrop: 0 }, 1);
    const losses = await train(model, batches(), { steps: 150, learningRate: 1e-2,
      weightDecay: 0 });
    expect(losses[0]).toBeGreaterThan(2.2); // ln 12 is 2.48
    expect(losses.at(-1)).toBeLessThan(0.3); // an eighth of it
  });

  it('hands its forward options to each pass: the loss without the mask is different', async () => {
    const first = async (forward: { causal?: boolean }): Promise<number> =>
      (await train(
        await GPT.create({ ...config, embdPdrop: 0, attnPdrop: 0, residPdrop: 0,
          initializerRange: 0.5 }, 1),
        batches(),
        { steps: 1, forward },
      ))[0]!;
    const model = await GPT.create({ ...config, embdPdrop: 0, attnPdrop: 0, residPdrop: 0,
      initializerRange: 0.5 }, 1);
    expect(await first({ causal: false })).toBe(
      meanLoss(model, batches()(), { causal: false }).dataSync()[0],
    );
    expect(await first({ causal: false })).not.toBeCloseTo(await first({}), 3);
  });

  it('leaks no tensor in 200 steps, and none afterwards', async () => {
    const model = await GPT.create(config, 1);
    const optimizer = adamW(model);
    const next = batches();
    await trainStep(model, optimizer, next());
    const before = tf.memory();
    for (let step = 0; step < 200; step++) await trainStep(model, optimizer, next());
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before.numTensors);
    expect(tf.memory().numBytes).toBe(before.numBytes);
    optimizer.dispose();
    model.dispose();
    expect(tf.memory().numTensors).toBe(before.numTensors - 3 * [...model.parameters].length);
  });

  it('stops at a loss that is NaN, names the step, and leaves the weights unchanged', async () => {
    const model = await GPT.create(config, 1);
    const next = batches();
    await train(model, next, { steps: 2 });
    const gain = model.parameters.get('ln_f.weight')!;
    gain.assign(tf.fill([16], Number.NaN));
    const before = weights(model);
    const tensors = tf.memory().numTensors;
    await expect(train(model, next, { steps: 3 })).rejects.toThrow('the loss became NaN at step 1');
    expect(weights(model)).toEqual(before);
    expect(tf.memory().numTensors).toBeLessThanOrEqual(tensors);
  });

  it('can be interrupted between two steps; the model keeps its mode, nothing leaks', async () => {
    const model = (await GPT.create(config, 1)).eval();
    const tensors = tf.memory().numTensors;
    const controller = new AbortController();
    const steps: number[] = [];
    const running = train(model, batches(), {
      steps: 1000,
      signal: controller.signal,
      onStep: ({ step }) => {
        steps.push(step);
        if (step === 3) controller.abort();
      },
    });
    await expect(running).rejects.toThrow(/abort/i);
    expect(steps).toEqual([1, 2, 3]);
    expect(model.training).toBe(false);
    expect(tf.memory().numTensors).toBeLessThanOrEqual(tensors);
  });

  it('takes no settings beside an optimizer, which has its own, and no misspelt ones', async () => {
    const model = await GPT.create(config, 1);
    const optimizer = adamW(model);
    const run = (more: object): Promise<number[]> =>
      train(model, batches(), { steps: 1, optimizer, ...more });
    await expect(run({ learningRate: 0.5, weightDecay: 0 })).rejects.toThrow(
      'settings of AdamW must be none beside an optimizer, which has its own '
        + '(set optimizer.learningRate), got ["learningRate","weightDecay"]',
    );
    await expect(run({ lerningRate: 0.5 })).rejects.toThrow(
      'unknown setting lerningRate (did you mean',
    );
    await expect(run({ decay: 'sine' })).rejects.toThrow(
      'decay must be linear, none, cosine, got "sine"',
    );
    await expect(run({ forward: { cuasal: false } })).rejects.toThrow('unknown option cuasal');
    expect(optimizer.steps).toBe(0);
    expect(await run({ learningRate: undefined })).toHaveLength(1);
  });

  it("refuses a different model's optimizer, and changes neither model", async () => {
    const [a, b] = [await GPT.create(config, 1), await GPT.create(config, 2)];
    const before = [weights(a), weights(b)];
    const refused = 'the optimizer was made for a different model';
    await expect(train(a, batches(), { steps: 1, optimizer: adamW(b) })).rejects.toThrow(refused);
    await expect(trainStep(a, adamW(b), batches()())).rejects.toThrow(refused);
    expect([weights(a), weights(b)]).toEqual(before);
  });

  it('waits for onStep, and trains on in training mode whatever it does', async () => {
    const run = async (onStep?: (model: GPT) => unknown): Promise<number[]> => {
      const model = (await GPT.create({ ...config, residPdrop: 0.5 }, 1)).eval();
      const losses = await train(model, batches(), { steps: 5, onStep: () => onStep?.(model) });
      expect(model.training).toBe(false);
      return losses;
    };
    const alone = await run();
    expect(await run((model) => model.eval())).toEqual(alone);
    let open = 0;
    const texts: number[][] = [];
    const generating = async (model: GPT): Promise<void> => {
      open += 1;
      expect(open).toBe(1);
      const { sequences } = await generate(model.eval(), [[1]], { maxNewTokens: 3 });
      await new Promise((resolve) => setTimeout(resolve, 5));
      texts.push(...sequences);
      open -= 1;
    };
    expect(await run(generating)).toEqual(alone);
    expect(texts).toHaveLength(5);
    await expect(run(() => Promise.reject(new Error('of the callback')))).rejects.toThrow(
      'of the callback',
    );
  });

  it('puts the losses so far into the error that stops it', async () => {
    const model = await GPT.create(config, 1);
    const whole = await train(await GPT.create(config, 1), batches(), { steps: 5, decay: 'none' });
    const controller = new AbortController();
    const onStep = ({ step }: { step: number }): void => {
      if (step === 3) controller.abort();
    };
    const { signal } = controller;
    await expect(train(model, batches(), { steps: 5, decay: 'none', signal, onStep })).rejects
      .toMatchObject({ name: 'AbortError', losses: whole.slice(0, 3) });
    model.parameters.get('ln_f.weight')!.assign(tf.fill([16], Number.NaN));
    await expect(train(model, batches(), { steps: 3 })).rejects.toMatchObject({ losses: [] });
  });

  it('reports its progress: step, loss, tokens per second, time left', async () => {
    const model = await GPT.create(config, 1);
    const seen: {
      step: number;
      steps: number;
      loss: number;
      tokensPerSecond: number;
      secondsLeft: number;
      learningRate: number;
    }[] = [];
    const losses = await train(model, batches(), { steps: 4, warmupSteps: 2, learningRate: 0.01,
      onStep: (p) => seen.push(p) });
    expect(seen.map((p) => p.step)).toEqual([1, 2, 3, 4]);
    expect(seen.map((p) => p.loss)).toEqual(losses);
    // up in two steps, then down to 0
    expect(seen.map((p) => p.learningRate)).toEqual([0.005, 0.01, 0.01, 0.005]);
    expect(seen.every((p) => p.tokensPerSecond > 0)).toBe(true);
    expect(seen.at(-1)!.secondsLeft).toBe(0);
  });

  it('refuses settings outside their range and targets that do not fit', async () => {
    const model = await GPT.create(config, 1);
    const next = batches();
    await expect(train(model, next, { steps: 0 })).rejects.toThrow(
      'steps must be an integer of at least 1, got 0',
    );
    await expect(train(model, next, { steps: 2, warmupSteps: 3 })).rejects.toThrow(
      'warmupSteps must be an integer from 0 to 2, got 3',
    );
    expect(() => adamW(model, { learningRate: -1 })).toThrow(
      'learningRate must be a number of at least 0, got -1',
    );
    expect(() => adamW(model, { beta2: 1 })).toThrow(
      'beta2 must be a number from 0 to below 1, got 1',
    );
    expect(() => adamW(model, { learningRate: '0.1' } as object)).toThrow(
      'learningRate must be a number of at least 0, got "0.1"',
    );
    expect(() => adamW(model, { lr: 0.1 } as object)).toThrow(
      'unknown setting lr; known are learningRate',
    );
    await expect(train(model, next, { steps: 1, weight_decay: 0 } as TrainOptions)).rejects.toThrow(
      'unknown setting weight_decay',
    );
    const optimizer = adamW(model);
    await expect(trainStep(model, optimizer, { inputIds: [[1]] } as Batch)).rejects.toThrow(
      'targets must be rows of numbers (number[][]), got undefined',
    );
    await expect(trainStep(model, optimizer, { inputIds: [[1, 2], [3]], targets: [[2, 3], [4]] }))
      .rejects.toThrow('row 0 has 2 tokens, row 1 has 1');
    await expect(trainStep(model, optimizer, { inputIds: [[1, 2]], targets: [[2]] })).rejects
      .toThrow('targets must have the shape [1, 2]');
    await expect(trainStep(model, optimizer, { inputIds: [[1]], targets: [[12]] })).rejects.toThrow(
      'from 0 to 11, got 12',
    );
  });
});

describe('targets of −100', () => {
  it('do not count: loss and gradients are those of the other positions', async () => {
    const model = (await GPT.create(config, 1)).eval();
    const inputIds = [[1, 2, 3, 4], [5, 6, 7, 8]];
    const targets = [[2, 3, -100, -100], [6, -100, 8, 9]];
    const each = (await lossPerPosition(model, { inputIds, targets })).flat();
    expect(each.map((loss) => loss === 0)).toEqual(targets.flat().map((id) => id === -100));
    const mean = each.reduce((a, b) => a + b) / 5;
    expect(meanLoss(model, { inputIds, targets }).dataSync()[0]).toBeCloseTo(mean, 5);
    // the last position cannot be seen from before, so leaving it out is a shorter row
    const gradient = (batch: Batch): Float32Array =>
      tf.tidy(() => {
        const { grads } = tf.variableGrads(() => meanLoss(model, batch).asScalar(), [
          ...model.parameters.values(),
        ]);
        return grads[model.parameters.get('h.0.mlp.c_fc.weight')!.name]!.dataSync() as Float32Array;
      });
    const ignoring = gradient({ inputIds: [[1, 2, 3]], targets: [[2, 3, -100]] });
    const short = gradient({ inputIds: [[1, 2]], targets: [[2, 3]] });
    expect(Math.max(...ignoring.map((value, i) => Math.abs(value - short[i]!)))).toBeLessThan(1e-6);
  });

  it('are refused where none is left, and any other negative id too', async () => {
    const model = await GPT.create(config, 1);
    expect(() => meanLoss(model, { inputIds: [[1]], targets: [[-100]] })).toThrow(
      'targets must be token ids, not all of them −100 (ignored), got [-100]',
    );
    expect(() => meanLoss(model, { inputIds: [[1]], targets: [[-1]] })).toThrow('got -1');
  });
});
