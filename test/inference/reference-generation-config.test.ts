import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generate, GPT } from '../../lib/index';
import { checkpointFolder, readFixture } from '../model/reference-data';

interface Continued {
  checkpoint: string;
  prompt: number[];
  maxNewTokens: number;
  sequence: number[];
  generationConfig: object;
}
const { endFromGenerationConfig } = readFixture<{ endFromGenerationConfig: Continued[] }>(
  'edges.json',
);

describe('greedy generation equals Hugging Face transformers, token for token', () => {
  it('up to the end tokens that generation_config.json names in place of config.json', async () => {
    expect(endFromGenerationConfig.length).toBeGreaterThan(2);
    const folder = await mkdtemp(join(tmpdir(), 'generation-config-'));
    for (
      const { checkpoint, generationConfig, prompt, maxNewTokens, sequence }
        of endFromGenerationConfig
    ) {
      await cp(checkpointFolder(checkpoint), folder, { recursive: true });
      await writeFile(join(folder, 'generation_config.json'), JSON.stringify(generationConfig));
      const model = await GPT.load(folder);
      expect((await generate(model, [prompt], { maxNewTokens })).sequences).toEqual([sequence]);
      model.dispose();
    }
    await rm(folder, { recursive: true });
  });
});
