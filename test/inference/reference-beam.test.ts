import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generate, type GenerateOptions, GPT } from '../../lib/index';
import { checkpointFolder, readFixture } from '../model/reference-data';

interface Case {
  checkpoint: string;
  prompts: number[][];
  options: GenerateOptions;
  sequences: number[][];
}

// Each case gives the same tokens in float32 and float64, with and without cache, alone and in its
// batch.
const { cases } = readFixture<{ cases: Case[] }>('generation.json');
const named = cases.filter(({ options }) => (options.numBeams ?? 1) > 1)
  .map((one, i) => [`${i}: ${one.checkpoint} ${JSON.stringify(one.options)}`, one] as const);

const models = new Map<string, GPT>();
beforeAll(async () => {
  for (const name of ['base', 'wide']) models.set(name, await GPT.load(checkpointFolder(name)));
});
afterAll(() => models.forEach((model) => model.dispose()));

describe('beam search equals Hugging Face transformers, token for token', () => {
  it.each(named)('%s', async (_, one) => {
    const { sequences } = await generate(models.get(one.checkpoint)!, one.prompts, one.options);
    expect(sequences).toEqual(one.sequences);
  });
});
