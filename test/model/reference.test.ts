import { afterEach, describe, expect, it } from 'vitest';
import { GPT } from '../../lib/index';
import { checkpointFolder, largestDifference, readFixture } from './reference-data';

interface Case {
  name: string;
  inputIds: number[][];
  attentionMask?: number[][];
  positionIds?: number[][];
  /** [batch][seq][vocab]; null where the mask is 0. */
  logits: (number[] | null)[][];
}

/**
 * Both sides compute in float32 but sum in different orders: logits of up to 10 agree to about
 * 1e-5. A special setting that is ignored makes an error of at least 2e-3 (`errorIfOverlooked` in
 * the fixtures).
 */
const TOLERANCE = 1e-4;

/** The checkpoints that are computed; the rest of the folder is refused. */
const COMPUTED = [
  'base',
  'bare',
  'buffers',
  'float16',
  'bfloat16',
  'odd',
  'gelu_pytorch_tanh',
  'untied',
  'unscaled',
  'inverse_layer',
  'upcast',
  'wide',
  'sharded',
];
const REFUSED: Record<string, RegExp> = {
  relu: /activation.*relu/i,
  gelu: /activation.*got "gelu"$/i,
  silu: /activation.*silu/i,
  cross_attention: /add_cross_attention/,
};

let model: GPT | undefined;
afterEach(() => {
  model?.dispose();
  model = undefined;
});

describe('logits equal those of Hugging Face transformers at every position', () => {
  for (const name of COMPUTED) {
    for (
      const fixture of readFixture<{ cases: Case[] }>('checkpoints', name, 'logits.json').cases
    ) {
      it(`${name}: ${fixture.name}`, async () => {
        model = await GPT.load(checkpointFolder(name));
        const { inputIds, attentionMask, positionIds } = fixture;
        const logits = model.forward(inputIds, { attentionMask, positionIds });
        const found = await logits.array();
        logits.dispose();
        const differences = fixture.logits.flatMap((row, b) =>
          row.flatMap((wanted, t) => (wanted ? [largestDifference(found[b]![t]!, wanted)] : []))
        );
        expect(differences.length).toBeGreaterThan(0);
        expect(Math.max(...differences)).toBeLessThan(TOLERANCE);
      });
    }
  }
});

describe('a model that the library cannot compute is refused by name', () => {
  for (const [name, message] of Object.entries(REFUSED)) {
    it(name, async () => {
      await expect(GPT.load(checkpointFolder(name))).rejects.toThrow(message);
    });
  }
});
