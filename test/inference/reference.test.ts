import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generate, type GenerateOptions, GPT } from '../../lib/index';
import { checkpointFolder, readFixture } from '../model/reference-data';

interface Case {
  checkpoint: string;
  prompts: number[][];
  options: GenerateOptions;
  sequences: number[][];
}
interface Continued {
  checkpoint: string;
  prompt: number[];
  maxNewTokens: number;
  sequence: number[];
}

// Each case gives the same tokens in float32 and float64, with and without cache: none of them
// depends on rounding.
const { cases } = readFixture<{ cases: Case[] }>('generation.json');
const greedy = cases.filter(({ options }) => (options.numBeams ?? 1) === 1)
  .map((one, i) => [`${i}: ${one.checkpoint} ${JSON.stringify(one.options)}`, one] as const);
const { truncation, endFromConfig } = readFixture<
  Record<'truncation' | 'endFromConfig', Continued[]>
>('edges.json');
const models = new Map<string, GPT>();
beforeAll(async () => {
  for (const name of ['base', 'bare', 'wide'])
    models.set(name, await GPT.load(checkpointFolder(name)));
});
afterAll(() => models.forEach((model) => model.dispose()));

describe('greedy generation equals Hugging Face transformers, token for token', () => {
  it('has cases to compare', () => {
    expect(greedy.length).toBeGreaterThan(50);
  });

  it.each(greedy)('%s', async (_, one) => {
    const { sequences } = await generate(models.get(one.checkpoint)!, one.prompts, one.options);
    expect(sequences).toEqual(one.sequences);
  });

  it('past the context, where the most recent tokens are read again at every step', async () => {
    for (const { checkpoint, prompt, maxNewTokens, sequence } of truncation) {
      const model = models.get(checkpoint)!;
      expect(sequence.length).toBeGreaterThan(model.config.nPositions + 1);
      const { sequences } = await generate(model, [prompt], { maxNewTokens });
      expect(sequences).toEqual([sequence]);
    }
    const [{ maxNewTokens }] = truncation as [Continued];
    const { sequences } = await generate(
      models.get('base')!,
      truncation.map(({ prompt }) => prompt),
      { maxNewTokens },
    );
    expect(sequences).toEqual(truncation.map(({ sequence }) => sequence));
  });

  it('up to the end token that the configuration names', async () => {
    expect(endFromConfig.length).toBeGreaterThan(0);
    for (const { checkpoint, prompt, maxNewTokens, sequence } of endFromConfig) {
      const { sequences } = await generate(models.get(checkpoint)!, [prompt], { maxNewTokens });
      expect(sequences).toEqual([sequence]);
    }
  });
});
