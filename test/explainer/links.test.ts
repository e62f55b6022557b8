/** The links of the notebooks: each leads to what its cell has computed and saved. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromAddress } from '../../lib/explainer/address';
import { computeBatch, computeBeam, computeEightTokens, computeInference, computeRoads,
  computeTraining, type Distribution } from '../../lib/explainer/engine';
import { Models } from '../../lib/explainer/engine/models';
import { inSite } from '../../lib/course/site/in-site';
import { hashOf, markdownOf, NOTEBOOK_LINKS, PAGE } from '../../lib/explainer/links';
import type { State } from '../../lib/explainer/state';

interface Trace {
  name?: string;
  y?: (number | string | null)[];
  z?: (number | null)[][];
}
interface Cell {
  id: string;
  source?: string[];
  outputs?: { text?: string[]; data?: Record<string, unknown> }[];
}

const FOLDER = join(__dirname, '..', '..', 'notebooks');
const cells = new Map(
  readdirSync(FOLDER).filter((file) => file.endsWith('.ipynb')).flatMap((file) =>
    (JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as { cells: Cell[] }).cells.map((cell) =>
      [`${file.split('-')[0]} ${cell.id}`, cell] as const
    )
  ),
);

/** What a cell printed. */
const textOf = (cell: Cell): string => cell.outputs!.flatMap(({ text }) => text ?? []).join('');

/** The curves, bars and maps that a cell drew. */
const tracesOf = (cell: Cell): Trace[] =>
  cell.outputs!.flatMap(({ data }) =>
    (data?.['application/vnd.plotly.v1+json'] as { data: Trace[] } | undefined)?.data ?? []
  );

/** The numbers of a trace by its name, or its place. */
const valuesOf = (cell: Cell, name: string | number): number[] => {
  const traces = tracesOf(cell);
  const found = typeof name === 'number' ? traces[name] : traces.find((each) => each.name === name);
  return found!.y as number[];
};

const models = new Models();

/** Figures with a slider are saved with five digits, others whole. */
const DIGITS = 4;
function expectNear(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length);
  wanted.forEach((value, i) => expect(found[i]).toBeCloseTo(value, DIGITS));
}

/** The bars of a figure are the highest of a distribution. */
function expectHighest(
  bars: Distribution,
  values: readonly number[],
  of: 'probability' | 'logit' | 'exact' = 'probability',
): void {
  const order = [...bars].sort((a, b) => b.probability - a.probability);
  expectNear(order.slice(0, values.length).map((bar) => bar[of]!), values);
}

/** The processed bars, in the order of the plain ones, as figures of 16.7 and 16.9 have them. */
const processedOf = (bars: Distribution, count: number): number[] =>
  [...bars].sort((a, b) => b.probability - a.probability).slice(0, count).map((bar) =>
    bar.processed
  );

const pass = async (state: State): Promise<Distribution> =>
  (await computeInference(models, state)).steps[state.step - 1]!.distribution;
const losses = async (state: State): Promise<number[]> =>
  (await computeTraining(models, state)).positions.map(({ loss }) => loss);

/** What the cell of each link has computed, compared with the moment that the link leads to. */
const COMPARED: Record<string, (cell: Cell, state: State) => Promise<void>> = {
  'one-pass': async (cell) => {
    const { hiddenStates } = await computeEightTokens(models);
    const rows = hiddenStates.map((row, t) =>
      `h${t} ${row.map((value) => value.toFixed(2)).join('  ')}`
    );
    expect(textOf(cell)).toContain(rows.join('\n'));
  },
  'losses-picture': async (cell, state) => expectNear(await losses(state), valuesOf(cell, 0)),
  'one-position': async (cell, state) => {
    const { positions } = await computeTraining(models, state);
    expectHighest(positions[state.position]!.distribution, valuesOf(cell, 0));
  },
  'count-what-was-read': async (cell, state) => {
    const { roads: [one, many] } = await computeRoads(models, state);
    expect(textOf(cell).trim()).toBe(
      `1 pass over ${one!.work.tokens} tokens, or ${many!.work.passes} passes over `
        + `${many!.work.tokens}`,
    );
  },
  'mask-picture 16.2': async (cell, state) => {
    const { heads } = await computeTraining(models, state);
    const { weights } = heads.find(({ layer, head }) =>
      layer === state.layer && head === state.head
    )!;
    expect(tracesOf(cell)[2]!.z).toHaveLength(weights.length);
    tracesOf(cell)[2]!.z!.forEach((row, i) =>
      expectNear(weights[i]!.map((weight) => weight ?? 0), row.map((value) => value ?? 0))
    );
  },
  'against-exact': async (cell, state) => {
    const bars = await pass(state);
    expectHighest(bars, valuesOf(cell, 'model'));
    expectHighest(bars, valuesOf(cell, 'language, exact'), 'exact');
  },
  'library-generate': async (cell, state) => {
    const { sequence, steps } = await computeInference(models, state);
    expect(steps).toHaveLength(state.step);
    const words = sequence.map(({ text }) => text).join(' ').replace(' .', '.');
    expect(textOf(cell).split('\n')[0]).toBe(words);
  },
  'line-argmax': async (cell, state) =>
    expectHighest(await pass(state), valuesOf(cell, 0), 'logit'),
  'mask-picture 16.5': async (cell, state) => {
    const { rows } = (await computeBatch(models, state))!;
    expect(rows[1]!.open.map((row) => row.map(Number))).toEqual(tracesOf(cell)[2]!.z);
  },
  'plot-errors-by-step': async (cell, state) => {
    const { errors } = (await computeBatch(models, state))!;
    for (const { padding, logits } of errors) {
      if (padding !== 'right side')
        expect(logits).toBeCloseTo(valuesOf(cell, padding)[state.step]!, DIGITS);
    }
  },
  'tokens-read': async (cell, state) => {
    const { steps } = await computeInference(models, state);
    expect(steps).toHaveLength(state.step);
    const computed = steps.map((step) => step.computed.length).join(' + ');
    expect(textOf(cell)).toContain(`passes read ${computed}\n`);
    const { positions } = await computeTraining(models, state);
    const [ofTraining] = valuesOf(cells.get('16.6 plot-passes')!, 'training');
    expect(positions).toHaveLength(ofTraining!);
  },
  'plot-top-k': async (cell, state) => {
    const wanted = valuesOf(cell, 'top k, model');
    expectNear(processedOf(await pass(state), wanted.length), wanted);
  },
  'plot-each-p': async (cell, state) => {
    const wanted = valuesOf(cell, 'corrected');
    expectNear(processedOf(await pass(state), wanted.length), wanted);
  },
  'best-by-the-model': async (cell, state) => {
    const { results: [best] } = (await computeBeam(models, state)).stages[state.step]!;
    const ending = best!.tokens.slice(6).map(({ text }) => text).join(' ');
    expect(textOf(cell)).toContain(`by the model: ${ending}`);
  },
  'two-ways': async (cell, state) => {
    const [a, b] = await pass(state);
    for (const { text, exact } of [a!, b!])
      expect(textOf(cell)).toContain(`${Math.round(100 * exact!)} %  ${text} the`);
  },
};

describe('the links of the notebooks', () => {
  it('are links of Markdown, which lead to the explainer inside the site, too', () => {
    for (const link of NOTEBOOK_LINKS) {
      const markdown = markdownOf(link);
      const [, text, address] = /^\[([^\]]+)\]\((\S+)\)$/.exec(markdown)!;
      expect(text).toBe(link.text);
      expect(address).toBe(`${PAGE}${hashOf(link)}`);
    }
    const source = [
      'See ',
      markdownOf(NOTEBOOK_LINKS[0]!),
      '. Next: [16.1](16.1-a-b.ipynb), [loss](../notebooks/glossary.md#loss)',
    ];
    const { cells: [text, code] } = inSite({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [
      { id: 'text', cell_type: 'markdown', metadata: {}, source },
      { id: 'code', cell_type: 'code', metadata: {}, source, execution_count: null, outputs: [] },
    ] });
    expect(text!.source).toBe(
      `See [${NOTEBOOK_LINKS[0]!.text}](../index.html${hashOf(NOTEBOOK_LINKS[0]!)}). `
        + 'Next: [16.1](16.1-a-b.html), [loss](glossary.html#loss)',
    );
    expect(code!.source).toEqual(source);
  });

  it('that stand in the notebooks are those that are listed', () => {
    const found = [...cells.entries()].flatMap(([key, { source = [] }]) =>
      source.join('').split(`](${PAGE}`).slice(1).map((rest) =>
        `${key.split(' ')[0]} ${rest.slice(0, rest.indexOf(')'))}`
      )
    );
    expect(found.length).toBeGreaterThanOrEqual(12);
    const listed = NOTEBOOK_LINKS.map((link) => `${link.notebook} ${hashOf(link)}`);
    expect([...found].sort()).toEqual([...listed].sort());
  });

  it('are at least twelve, from every notebook but the summary, each to another moment', () => {
    expect(NOTEBOOK_LINKS.length).toBeGreaterThanOrEqual(12);
    const notebooks = new Set([...cells.keys()].map((key) => key.split(' ')[0]));
    notebooks.delete('16.9'); // it computes no moment of its own
    expect(new Set(NOTEBOOK_LINKS.map(({ notebook }) => notebook))).toEqual(notebooks);
    expect(new Set(NOTEBOOK_LINKS.map(hashOf)).size).toBe(NOTEBOOK_LINKS.length);
    expect(new Set(NOTEBOOK_LINKS.map(({ text }) => text)).size).toBe(NOTEBOOK_LINKS.length);
  });

  it.each(NOTEBOOK_LINKS)('lead to the moment that $notebook $cell has computed', async (link) => {
    expect(fromAddress(hashOf(link))).toEqual({ state: link.state });
    const cell = cells.get(`${link.notebook} ${link.cell}`)!;
    expect(cell, 'the cell is there').toBeDefined();
    const compare = COMPARED[link.cell] ?? COMPARED[`${link.cell} ${link.notebook}`];
    await compare!(cell, link.state);
  });
});
