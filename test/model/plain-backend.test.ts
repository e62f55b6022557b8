import { afterAll, describe, expect, it, vi } from 'vitest';
import { checkpointFolder, largestDifference, readFixture } from './reference-data';

vi.stubEnv('COURSE_BACKEND', 'cpu'); // as if WebAssembly did not start
afterAll(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe('without WebAssembly', () => {
  it('plain JavaScript gives the same logits, and one line on stdout says it is slow', async () => {
    const printed = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const errors = vi.spyOn(process.stderr, 'write');
    const { adamW, generate, GPT, tf, trainStep } = await import('../../lib/index');
    const model = await GPT.load(checkpointFolder('base'));
    (await GPT.create({ nLayer: 1, nHead: 1, nEmbd: 4, nPositions: 4, vocabSize: 4 })).dispose();
    expect(tf.getBackend()).toBe('cpu');
    expect(printed.mock.calls.map(String)).toEqual([
      expect.stringContaining('The WebAssembly backend did not start; plain JavaScript is used'),
    ]);
    expect(errors).not.toHaveBeenCalled();
    const [{ inputIds, logits }] =
      readFixture<{ cases: [{ inputIds: number[][]; logits: number[][][] }] }>(
        'checkpoints',
        'base',
        'logits.json',
      ).cases;
    expect(largestDifference(tf.tidy(() => model.forward(inputIds).dataSync()), logits.flat(2)))
      .toBeLessThan(1e-4);
    const [{ prompts, options, sequences }] =
      readFixture<{ cases: [{ prompts: number[][]; options: object; sequences: number[][] }] }>(
        'generation.json',
      ).cases;
    expect((await generate(model, prompts, options)).sequences).toEqual(sequences);
    const one = await GPT.create({ nLayer: 1, nHead: 1, nEmbd: 4, nPositions: 4, vocabSize: 1 });
    const batch = { inputIds: [[0, 0]], targets: [[0, 0]] };
    // the only token has probability 1
    expect(Math.abs(await trainStep(one, adamW(one), batch))).toBe(0);
    one.dispose();
    model.dispose();
  });
});
