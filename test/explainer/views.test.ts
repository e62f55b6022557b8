/** The other views, against the library called directly; and what is not computed twice. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WITHOUT_MASK } from '../../lib/base/paths';
import { onEveryPass } from '../../lib/experiments/watch-passes';
import { computeBatch, computeContext, computeCounter, computeDropout, computeEightTokens,
  computeInference, computeRoads, computeTraining } from '../../lib/explainer/engine';
import { requestOptions } from '../../lib/explainer/engine/inference';
import { DROPOUT_RATE, Models } from '../../lib/explainer/engine/models';
import { type ExampleName, EXAMPLES } from '../../lib/explainer/examples';
import { DEFAULT_STATE, defaultState, type State } from '../../lib/explainer/state';
import { eightTokenExample, type ForwardOptions, generate, GPT, nextTokenProbabilities, padLeft,
  padRight, passCost, predictNext, PULL_REQUESTS, tf, watchPasses } from '../../lib/index';
import { STATES } from './states';

const models = new Models();
const own: Partial<Record<ExampleName, GPT>> = {};

beforeAll(async () => {
  for (const name of Object.keys(EXAMPLES) as ExampleName[])
    own[name] = await GPT.load(EXAMPLES[name].folder);
});
afterAll(() => Object.values(own).forEach((model) => model.dispose()));

/** The logits of a pass → [batch][kept][vocab]. */
function logitsOf(model: GPT, rows: number[][], options: ForwardOptions): number[][][] {
  const logits = model.forward(rows, options);
  const values = logits.arraySync();
  logits.dispose();
  return values;
}

const largest = (a: number[][], b: readonly (readonly number[])[]): number =>
  Math.max(...a.flatMap((row, t) => row.map((value, i) => Math.abs(value - b[t]![i]!))));

const textOf = ({ example }: State, id: number): string => EXAMPLES[example].vocabulary[id]!;

describe('the three roads', () => {
  const sentences = [
    ...new Map(
      STATES.filter(({ state }) => state.causal).map((named) =>
        [named.state.sentence, named] as const
      ),
    ).values(),
  ];

  it.each(sentences)(
    'give the logits of one pass, with the work of each: $name',
    async ({ state }) => {
      const { roads, tolerance, tokens } = await computeRoads(models, state);
      const model = own[state.example]!;
      const ids = EXAMPLES[state.example].encode(state.sentence).slice(0, -1);
      const [wanted] = logitsOf(model, [ids], {});
      expect(tokens.map(({ id }) => id)).toEqual(ids);
      expect(roads.map(({ name }) => name)).toEqual(['parallel', 'serial', 'cached']);
      for (const { logits, isEqual, largestDifference } of roads) {
        expect(isEqual).toBe(true);
        expect(largest(wanted!, logits)).toBe(largestDifference);
        expect(largestDifference).toBeLessThanOrEqual(tolerance);
      }
      expect(roads[0]!.logits).toEqual(wanted);
      for (const [t] of ids.entries()) {
        const [alone] = logitsOf(model, [ids.slice(0, t + 1)], { logitsToKeep: 1 });
        expect(roads[1]!.logits[t]).toEqual(alone![0]);
      }
      const n = ids.length;
      expect(roads.map(({ work }) => [work.passes, work.tokens])).toEqual([
        [1, n],
        [n, (n * (n + 1)) / 2],
        [n, n],
      ]);
      for (const { work, passes } of roads) {
        const flops = passes.map(({ computed, kept }, i) =>
          passCost(model.config, { batch: 1, seq: computed.length, kept: kept.length,
            past: passes.length > 1 && computed.length === 1 ? i : undefined }).flops
        );
        expect(work.flops).toBe(flops.reduce((a, b) => a + b));
        expect(passes.flatMap(({ kept }) => kept)).toEqual(ids.map((_, t) => t));
      }
      expect(roads[1]!.passes.map(({ recomputed }) => recomputed.length)).toEqual([...ids.keys()]);
    },
  );

  it('are two that differ where a model was trained without the mask', async () => {
    const { roads, tolerance } = await computeRoads(models, { ...DEFAULT_STATE, causal: false });
    expect(roads.map(({ name, isEqual }) => [name, isEqual])).toEqual([
      ['parallel', true],
      ['serial', false],
    ]);
    expect(roads[1]!.largestDifference).toBeGreaterThan(1000 * tolerance);
    const cheat = await GPT.load(WITHOUT_MASK);
    const ids = EXAMPLES['pull-requests'].encode(DEFAULT_STATE.sentence).slice(0, -1);
    expect(roads[0]!.logits).toEqual(logitsOf(cheat, [ids], { causal: false })[0]);
    for (const t of ids.keys()) {
      const [alone] = logitsOf(cheat, [ids.slice(0, t + 1)], { causal: false, logitsToKeep: 1 });
      expect(roads[1]!.logits[t]).toEqual(alone![0]);
    }
    cheat.dispose();
  });

  it('are told apart by a real difference: a tolerance far below any of 16.5', async () => {
    const { tolerance } = await computeRoads(models, DEFAULT_STATE);
    expect(tolerance).toBeLessThan(1e-4);
  });
});

describe('the counter', () => {
  const seen = STATES.filter(({ state }) => state.strategy !== 'beams' && state.causal);

  it.each(seen)('counts the passes of both modes: $name', async ({ state }) => {
    const { training, inference } = await computeCounter(models, state);
    const model = own[state.example]!;
    const { encode } = EXAMPLES[state.example];
    const passes = await watchPasses(
      model,
      () =>
        state.step > 0
        && generate(model, [encode(state.prompt)], { ...requestOptions(state),
          maxNewTokens: state.step }),
    );
    const sum = (values: number[]): number => values.reduce((a, b) => a + b, 0);
    expect(inference).toMatchObject({ passes: passes.length, tokens: sum(passes.map(({ seq }) =>
      seq
    )), flops: sum(passes.map((pass) => passCost(model.config, pass).flops)) });
    const seq = encode(state.sentence).length - 1;
    const { flops } = passCost(model.config, { batch: 1, seq, kept: seq });
    const steps = state.trainingSteps;
    expect(training).toMatchObject(
      steps > 0
        ? { passes: steps, tokens: steps * seq, flops: 3 * steps * flops }
        : { passes: 1, tokens: seq, flops },
    );
    expect(training.milliseconds).toBeGreaterThan(0);
  });

  it('measures passes of a model that has run before', async () => {
    const before: number[] = [];
    const stop = onEveryPass(({ pass }) => before.push(pass.seq));
    await new Models().model('pull-requests');
    stop();
    expect(before).toContain(EXAMPLES['pull-requests'].context);
    expect(before).toContain(1); // as with a cache
  });

  it('of beams counts at the end what the whole search took', async () => {
    const state: State = { ...DEFAULT_STATE, strategy: 'beams', numBeams: 6 };
    const { passes, steps } = await computeInference(models, state);
    expect(passes).toBeGreaterThan(steps.length); // the best one ended before the search
    const seen = await watchPasses(
      own['pull-requests']!,
      () =>
        generate(
          own['pull-requests']!,
          [EXAMPLES['pull-requests'].encode(state.prompt)],
          requestOptions(state),
        ),
    );
    const { inference } = await computeCounter(models, { ...state, step: passes });
    expect(inference.passes).toBe(seen.length);
    expect(inference.tokens).toBe(seen.reduce((sum, { batch, seq }) => sum + batch * seq, 0));
  });

  it('of beams counts each row of each pass', async () => {
    const state: State = { ...DEFAULT_STATE, strategy: 'beams', step: 3 };
    const model = own['pull-requests']!;
    const prompt = EXAMPLES['pull-requests'].encode(state.prompt);
    const passes = await watchPasses(
      model,
      () => generate(model, [prompt], requestOptions(state)),
    );
    const { inference } = await computeCounter(models, state);
    expect(inference.tokens).toBe(
      passes.slice(0, 3).reduce((sum, { batch, seq }) => sum + batch * seq, 0),
    );
  });
});

describe('a batch of two prompts', () => {
  const batches = STATES.filter(({ state }) => state.secondPrompt !== '');

  it('is nothing without a second prompt', async () => {
    expect(await computeBatch(models, DEFAULT_STATE)).toBeNull();
    expect(await computeBatch(models, { ...DEFAULT_STATE, secondPrompt: ' ' })).toBeNull();
  });

  it('is greedy whatever the settings: the next token shown is the one appended', async () => {
    const state = { ...DEFAULT_STATE, prompt: 'The agent waited and waited',
      secondPrompt: 'Summarize', repetitionPenalty: 1.5 };
    const { rows: [now] } = (await computeBatch(models, { ...state, step: 0 }))!;
    const { rows: [then] } = (await computeBatch(models, { ...state, step: 1 }))!;
    expect(now!.alone[0]!.text).toBe(then!.cells.at(-1)!.text);
  });

  it.each(batches)('gives what the library gives, right or wrong: $name', async ({ state }) => {
    const view = (await computeBatch(models, state))!;
    const model = own[state.example]!;
    const { encode } = EXAMPLES[state.example];
    const prompts = [state.prompt, state.secondPrompt].map(encode);
    const { sequences: rows } = await generate(model, prompts, { maxNewTokens: view.step,
      eosTokenId: null });
    // as far as no row has ended, and no further than the state says
    const { sequences: endless } = await generate(model, prompts, { maxNewTokens: state.step,
      eosTokenId: null });
    const ends = endless.map((ids, b) => {
      const texts = ids.slice(prompts[b]!.length).map((id) => textOf(state, id));
      return texts.includes('<eos>') ? texts.indexOf('<eos>') : state.step;
    });
    expect(view.step).toBe(Math.min(...ends));
    const left = padLeft(rows, 0);
    const ways: Record<string, ForwardOptions & { inputIds: number[][] }> = {
      correct: left,
      'right side': padRight(rows, 0),
      'no mask': { inputIds: left.inputIds, positionIds: left.positionIds },
      'no shift': { inputIds: left.inputIds, attentionMask: left.attentionMask },
      'mask once': view.step === 0
        ? left
        : { inputIds: left.inputIds, positionIds: left.positionIds },
    };
    const alone = rows.map((row) => logitsOf(model, [row], { logitsToKeep: 1 })[0]![0]!);
    const probabilities = (logits: number[]): number[] => [...nextTokenProbabilities(logits)];
    for (const { padding, ...error } of view.errors) {
      const { inputIds, ...options } = ways[padding]!;
      const logits = logitsOf(model, inputIds, { ...options, logitsToKeep: 1 }).map(([last]) =>
        last!
      );
      expect(error.logits).toBeCloseTo(largest(logits, alone), 5);
      expect(error.probabilities).toBeCloseTo(
        largest(logits.map(probabilities), alone.map(probabilities)),
        5,
      );
      if (padding !== state.padding) continue;
      view.rows.forEach((row, b) => {
        for (const { id, logit } of row.inBatch) expect(logit).toBe(logits[b]![id]);
        for (const { id, logit } of row.alone) expect(logit).toBeCloseTo(alone[b]![id]!, 4);
      });
    }
    const shown = ways[state.padding]!;
    view.rows.forEach(({ cells, open }, b) => {
      expect(cells.map(({ id }) => id)).toEqual(shown.inputIds[b]);
      expect(cells.filter(({ kind }) => kind !== 'padding').map(({ id }) => id)).toEqual(rows[b]);
      expect(cells.filter(({ kind }) => kind === 'prompt').map(({ id }) => id)).toEqual(prompts[b]);
      const masks = shown.attentionMask as number[][] | undefined;
      const places = shown.positionIds as number[][] | undefined;
      expect(cells.map(({ mask }) => mask)).toEqual(masks?.[b] ?? cells.map(() => 1));
      expect(cells.map(({ position }) => position)).toEqual(places?.[b] ?? [...cells.keys()]);
      open.forEach((line, query) =>
        line.forEach((isOpen, key) =>
          expect(isOpen).toBe(key <= query && (masks?.[b]?.[key] ?? 1) === 1)
        )
      );
    });
  });

  it('stays before the end token of a row, however far the step is', async () => {
    const state = { ...DEFAULT_STATE, secondPrompt: 'The bug' };
    const prompts = [state.prompt, state.secondPrompt].map(EXAMPLES['pull-requests'].encode);
    const { sequences } = await generate(own['pull-requests']!, prompts);
    const k = Math.min(...sequences.map((ids, b) => ids.length - prompts[b]!.length));
    expect(sequences.map((ids) => textOf(state, ids.at(-1)!))).toEqual(['<eos>', '<eos>']);
    for (const step of [k - 1, k, k + 1]) {
      const view = (await computeBatch(models, { ...state, step }))!;
      expect(view.step, `at ${step}`).toBe(k - 1);
      for (const { cells } of view.rows) {
        const texts = cells.filter(({ kind }) => kind !== 'padding').map(({ text }) => text);
        expect(texts).not.toContain('<eos>');
      }
    }
  });

  it('is right only in one way, and the silent mistakes are far above rounding', async () => {
    const { errors } =
      (await computeBatch(models, { ...DEFAULT_STATE, secondPrompt: 'Summarize', step: 2 }))!;
    const [correct, ...mistakes] = errors;
    expect(correct).toMatchObject({ padding: 'correct' });
    expect(correct!.logits).toBeLessThan(1e-4);
    expect(mistakes).toHaveLength(4);
    for (const { logits } of mistakes) expect(logits).toBeGreaterThan(0.1);
  });
});

describe('dropout left on', () => {
  it.each([0, 2])('gives three answers, and one once it is off: step %d', async (step) => {
    const state: State = { ...DEFAULT_STATE, dropout: true, seed: 7, step };
    const { question, rate, answers, quiet, compared } = await computeDropout(models, state);
    const model = await GPT.load(PULL_REQUESTS, { embdPdrop: DROPOUT_RATE, attnPdrop: DROPOUT_RATE,
      residPdrop: DROPOUT_RATE, seed: 7 });
    const ids = question.map(({ id }) => id);
    expect(rate).toBe(DROPOUT_RATE);
    expect(question).toEqual((await computeInference(models, state)).steps[step]!.context);
    model.train();
    for (const answer of answers) {
      const wanted = await predictNext(model, ids);
      for (const { id, processed } of answer) expect(processed).toBe(wanted[id]);
    }
    const calm = await predictNext(model.eval(), ids);
    for (const answer of quiet)
      for (const { id, processed } of answer) expect(processed).toBe(calm[id]);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(3);
    expect(new Set(quiet.map((answer) => JSON.stringify(answer))).size).toBe(1);
    for (const { id, answers: each } of compared) {
      expect(each).toEqual(
        answers.map((answer) => answer.find((bar) => bar.id === id)!.processed),
      );
    }
    model.dispose();
  });

  it('gives other answers with another seed, and the same with the same', async () => {
    const of = async (seed: number): Promise<string> => {
      const { answers } = await computeDropout(new Models(), { ...DEFAULT_STATE, seed });
      return JSON.stringify(answers);
    };
    expect(await of(1)).toBe(await of(1));
    expect(await of(1)).not.toBe(await of(2));
  });
});

describe('the eight tokens', () => {
  it('have the numbers of the worked example, in both modes', async () => {
    const view = await computeEightTokens(models);
    expect(view.embeddings).toEqual(eightTokenExample.embeddings);
    view.hiddenStates.forEach((row, t) =>
      expect(row.map((value) => Number(value.toFixed(2)))).toEqual(
        eightTokenExample.hiddenStates[t],
      )
    );
    expect(view.largestDifference).toBeLessThan(1e-4);
    expect(view.steps.map(({ reads, chosen }) => [reads, chosen])).toEqual([
      [2, 'deep'],
      [3, 'learning'],
      [4, 'and'],
    ]);
    for (const { reads, hiddenState, differenceFromOnePass } of view.steps) {
      expect(differenceFromOnePass).toBeLessThan(1e-6);
      expect(largest([[...hiddenState]], [view.hiddenStates[reads - 1]!])).toBeLessThan(1e-6);
    }
  });
});

describe('what was computed', () => {
  const every = (from: Models, state: State): Promise<unknown> =>
    Promise.all([
      computeTraining(from, state),
      computeInference(from, state),
      computeContext(from, state),
      computeRoads(from, state),
      computeCounter(from, state),
      computeBatch(from, state),
      computeDropout(from, state),
    ]);

  it('is not computed again for another language, position, head, road or panel', async () => {
    const state: State = { ...DEFAULT_STATE, secondPrompt: 'Summarize', step: 1 };
    const fresh = new Models();
    await every(fresh, state);
    const walks: number[] = [];
    // eslint-disable-next-line @typescript-eslint/unbound-method -- called with `this`
    const { walk } = GPT.prototype;
    GPT.prototype.walk = function(...args) {
      walks.push(1);
      return walk.apply(this, args);
    };
    try {
      const model = await fresh.model('pull-requests');
      const passes = await watchPasses(model, async () => {
        await every(fresh, { ...state, language: 'de' });
        await every(fresh, { ...state, position: 2, layer: 1, head: 3 });
        await every(fresh, { ...state, road: 'serial', panel: 'roads', dropout: true });
      });
      expect([passes.length, walks.length]).toEqual([0, 0]);
      await every(fresh, { ...state, prompt: 'The agent' });
      expect(walks.length).toBeGreaterThan(0); // the counting works
    } finally {
      GPT.prototype.walk = walk;
    }
  });

  it('takes no further pass of generation when the shown step moves', async () => {
    const fresh = new Models();
    await computeInference(fresh, DEFAULT_STATE);
    const model = await fresh.model('pull-requests');
    const passes = await watchPasses(model, async () => {
      for (const step of [1, 2, 3, 2]) await computeInference(fresh, { ...DEFAULT_STATE, step });
      for (const step of [1, 2, 3, 2]) await computeCounter(fresh, { ...DEFAULT_STATE, step });
    });
    expect(passes.filter(({ kept }) => kept === 1)).toEqual([]);
  });

  it('does not mix when views are asked for side by side', async () => {
    const states = [
      { ...DEFAULT_STATE, step: 4 },
      { ...DEFAULT_STATE, step: 3, useCache: false },
      { ...DEFAULT_STATE, step: 9, prompt: 'The agent waited' },
      { ...defaultState('eight-tokens'), step: 2 },
    ];
    const together = new Models();
    const side = await Promise.all(states.map((state) => computeCounter(together, state)));
    for (const [i, state] of states.entries()) {
      const { training, inference } = await computeCounter(new Models(), state);
      expect([side[i]!.training.tokens, side[i]!.inference.flops]).toEqual([
        training.tokens,
        inference.flops,
      ]);
    }
  });

  it('leaves no tensor behind, beside the models and the one that learns', async () => {
    const fresh = new Models();
    const state: State = { ...DEFAULT_STATE, secondPrompt: 'Summarize', trainingSteps: 1 };
    await every(fresh, state);
    const { numTensors } = tf.memory();
    for (const prompt of ['The agent', 'The tests', 'Summarize']) {
      const changes = { prompt, sentence: `${prompt} the`, useCache: prompt === 'The tests' };
      await every(fresh, { ...state, ...changes, strategy: 'beams' });
      await every(fresh, { ...state, ...changes, strategy: 'sampling', trainingSteps: 2 });
    }
    // fewer if models of other tests, to which nothing refers any more, were freed meanwhile
    expect(tf.memory().numTensors).toBeLessThanOrEqual(numTensors);
  });

  it('after a failure is tried again', async () => {
    const fresh = new Models();
    let calls = 0;
    const compute = (): Promise<number> =>
      ++calls === 1 ? Promise.reject(new Error('no')) : Promise.resolve(calls);
    await expect(fresh.once('test', {}, compute)).rejects.toThrow('no');
    expect(await fresh.once('test', {}, compute)).toBe(2);
    expect(await fresh.once('test', {}, compute)).toBe(2);
  });
});
