/** The presets: each is a valid moment, and the counts of the questions answer them. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromAddress } from '../../lib/explainer/address';
import { computeBeam, computeInference, computeQuestion,
  computeTraining } from '../../lib/explainer/engine';
import { requestOptions } from '../../lib/explainer/engine/inference';
import { Models } from '../../lib/explainer/engine/models';
import { EXAMPLES } from '../../lib/explainer/examples';
import { linkOf, NOTEBOOK_PRESETS, PRESETS, QUESTIONS } from '../../lib/explainer/presets';
import type { State } from '../../lib/explainer/state';
import { generate, passCost, watchPasses } from '../../lib/index';

const models = new Models();
const stateOf = (id: string): State => PRESETS.find((preset) => preset.id === id)!.state;
const runs = QUESTIONS.flatMap((question) => question.runs);

describe('the presets', () => {
  it.each([...PRESETS, ...runs])('have a link that leads to a valid state: $id', (preset) => {
    expect(fromAddress(linkOf(preset))).toEqual({ state: preset.state });
  });

  it('are one for each notebook, the eight tokens and the three questions', () => {
    const numbers = readdirSync(join(__dirname, '..', '..', 'notebooks')).filter((file) =>
      file.endsWith('.ipynb')
    ).map((file) => file.split('-')[0]);
    expect(numbers.length).toBeGreaterThanOrEqual(10);
    expect(NOTEBOOK_PRESETS.map(({ id }) => id)).toEqual(['eight-tokens', ...numbers.sort()]);
    expect(PRESETS.slice(-3).map(({ id }) => id)).toEqual(['pause', 'chat', 'summary']);
    expect(new Set(PRESETS.map(linkOf)).size).toBe(PRESETS.length);
  });

  it('show a step that its run has', async () => {
    for (const { id, state } of [...PRESETS, ...runs]) {
      const { passes } = await computeInference(models, state);
      expect(state.step, id).toBeLessThanOrEqual(passes);
    }
  });

  it('show what the notebooks say of their main picture', async () => {
    const cheat = await computeTraining(models, stateOf('16.2'));
    expect(cheat.meanLoss).toBeLessThan(cheat.exactMeanLoss! / 20);
    const { stages } = await computeBeam(models, stateOf('16.7'));
    const { results } = stages[stateOf('16.7').step]!; // the search has ended at this step
    expect(results[0]!.tokens.map(({ text }) => text).join(' ')).toMatch(
      /to fix the bug \. <eos>$/,
    );
    const [two] = (await computeInference(models, stateOf('16.8'))).steps;
    for (const bar of two!.distribution.slice(0, 2)) expect(bar.exact).toBeCloseTo(0.5, 12);
  });
});

describe('the questions', () => {
  it('are answered by what a run counts, without the milliseconds of a page', async () => {
    for (const { id, runs: asked } of QUESTIONS) {
      const { runs: all } = await computeQuestion(models, id);
      for (const [i, { first, later, promptTokens, newTokens }] of all.entries()) {
        const { state } = asked[i]!;
        const model = await models.model(state.example);
        const prompt = EXAMPLES[state.example].encode(state.prompt);
        const passes = await watchPasses(
          model,
          () => generate(model, [prompt], requestOptions(state)),
        );
        const counts = (some: typeof passes): object => ({ passes: some.length,
          tokens: some.reduce((sum, { seq }) => sum + seq, 0), flops: some.reduce((sum, pass) =>
            sum + passCost(model.config, pass).flops, 0) });
        expect([promptTokens, newTokens]).toEqual([prompt.length, passes.length]);
        expect([first, later]).toEqual([counts(passes.slice(0, 1)), counts(passes.slice(1))]);
      }
    }
  });

  it('pause: the first pass reads the whole prompt, each later one a single token', async () => {
    const { runs: [run] } = await computeQuestion(models, 'pause');
    expect(run!.first).toMatchObject({ passes: 1, tokens: run!.promptTokens });
    expect(run!.later).toMatchObject({ passes: run!.newTokens - 1, tokens: run!.newTokens - 1 });
    expect(run!.first.flops).toBeGreaterThan(30 * (run!.later.flops / run!.later.passes));
  });

  it('chat: each turn reads all that was said before, so its first pass grows', async () => {
    const { runs: turns } = await computeQuestion(models, 'chat');
    const inOrder = [...turns].reverse();
    expect(inOrder.map(({ id }) => id)).toEqual(['turn 1', 'turn 2', 'turn 3', 'turn 4']);
    for (const [n, turn] of inOrder.entries()) {
      if (n === 0) continue;
      expect(turn.first.flops).toBeGreaterThan(inOrder[n - 1]!.first.flops);
    }
    // a turn's prompt begins with everything of the turn before: its prompt and its answer
    const states = [...QUESTIONS[1]!.runs].reverse().map(({ state }) => state);
    for (const [n, state] of states.slice(1).entries()) {
      const before = (await computeInference(models, states[n]!)).sequence;
      const { prompt } = await computeInference(models, state);
      expect(prompt.slice(0, before.length)).toEqual(before);
    }
  });

  it('summary: one large pass and a few small ones; a story is the reverse', async () => {
    const { runs: [summary, story] } = await computeQuestion(models, 'summary');
    expect(summary!.promptTokens).toBeGreaterThan(8 * summary!.newTokens);
    expect(summary!.first.flops).toBeGreaterThan(10 * summary!.later.flops);
    expect(story!.newTokens).toBeGreaterThan(8 * story!.promptTokens);
    expect(story!.later.flops).toBeGreaterThan(10 * story!.first.flops);
  });
});
