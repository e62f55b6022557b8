/** The checkpoint of a model that was trained without the causal mask, and its half precision. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { halfOf, inHalfPrecision } from '../../data/checkpoints/make-without-mask';
import { WITHOUT_MASK } from '../../lib/base/paths';
import { SafetensorsFile, safetensorsParts } from '../../lib/files/safetensors';
import { attentionOf, type Batch, entropyFloor, GPT, languageCorpus, lossPerPosition, meanLoss,
  packedBatches, Random, shiftTargets, wordTokenizer } from '../../lib/index';

const causal = false;
let model: GPT;
let heldOut: Batch;

beforeAll(async () => {
  model = await GPT.load(WITHOUT_MASK);
  const { validation } = languageCorpus();
  heldOut = packedBatches(validation, { batchSize: 64, blockSize: 32, random: new Random(3) })();
});
afterAll(() => model.dispose());

describe('a model trained without the mask (16.2.3)', () => {
  it('is far below the floor as long as the next word is in the input', () => {
    expect(meanLoss(model, heldOut, { causal }).dataSync()[0]).toBeLessThan(
      entropyFloor(heldOut) / 4,
    );
  });

  it('is far above the floor where the text is cut before the next word', async () => {
    const upTo = (rows: number[][]): number[][] => rows.map((ids) => ids.slice(0, 8));
    const cut = { inputIds: upTo(heldOut.inputIds), targets: upTo(heldOut.targets) };
    const last = (await lossPerPosition(model, cut, { causal })).map((losses) => losses.at(-1)!);
    const mean = last.reduce((a, b) => a + b) / last.length;
    expect(mean).toBeGreaterThan(3 * entropyFloor(heldOut));
  });

  it('has a head that reads the next word', () => {
    const { inputs } = shiftTargets(wordTokenizer.encode('The agent opened a pull request for'));
    const { weights } = attentionOf(model, inputs, { layer: 0, head: 0, causal });
    for (const [i, row] of weights.slice(0, -1).entries()) expect(row[i + 1]).toBeGreaterThan(0.7);
  });

  it('takes less than a quarter of a megabyte', () => {
    expect(statSync(join(WITHOUT_MASK, 'model.safetensors')).size).toBeLessThan(250_000);
  });
});

describe('the program that makes it', () => {
  it('refuses to replace the checkpoint while settings would change its bits', () => {
    const program = join(__dirname, '..', '..', 'data', 'checkpoints', 'make-without-mask.ts');
    const { status, stderr } = spawnSync(process.execPath, [require.resolve('tsx/cli'), program], {
      encoding: 'utf8',
      env: { ...process.env, COURSE_FMA: '1' },
      timeout: 20_000, // far less than a training
    });
    expect(stderr).toContain(
      'COURSE_FMA is set, so the checkpoint would not be that of the course',
    );
    expect(status).toBe(1);
  });
});

describe('half precision', () => {
  const folder = mkdtempSync(join(tmpdir(), 'half-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What the library reads from a file in which `values` were written in half precision. */
  async function throughFile(values: Float32Array): Promise<Float32Array> {
    const whole = Buffer.concat(safetensorsParts([['x', { shape: [values.length], values }]]));
    const path = join(folder, 'x.safetensors');
    writeFileSync(path, inHalfPrecision(whole));
    const file = await SafetensorsFile.open(path);
    try {
      return await file.readFloat32('x');
    } finally {
      await file.close();
    }
  }

  it('keeps every number that has a float16, all 63,488 of them', async () => {
    const bits = Array.from({ length: 0x7c00 }, (_, i) => i).flatMap((i) => [i, i | 0x8000]);
    const values = Float32Array.from(bits, (half) => {
      const [exponent, fraction] = [(half >> 10) & 31, half & 1023];
      const size = exponent === 0
        ? fraction * 2 ** -24
        : (1024 + fraction) * 2 ** (exponent - 25);
      return half & 0x8000 ? -size : size;
    });
    expect(bits.map((_, i) => halfOf(values[i]!))).toEqual(bits);
    expect([...await throughFile(values)]).toEqual([...values]);
  });

  it('rounds to the nearest, and halfway to the even one', () => {
    const random = new Random(1);
    for (let n = 0; n < 5000; n++) {
      const half = random.integer(0x7bff);
      const [below, above] = [half, half + 1].map((bits) => {
        const [exponent, fraction] = [bits >> 10, bits & 1023];
        return exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25);
      });
      const middle = (below! + above!) / 2;
      expect(halfOf(middle)).toBe(half % 2 === 0 ? half : half + 1);
      expect(halfOf(middle - (above! - below!) / 64)).toBe(half);
      expect(halfOf(middle + (above! - below!) / 64)).toBe(half + 1);
    }
    expect(() => halfOf(70_000)).toThrow('does not fit into a float16');
  });

  it('is what the checkpoint is stored in', () => {
    const file = readFileSync(join(WITHOUT_MASK, 'model.safetensors'));
    const header = file.toString('utf8', 8, 8 + Number(file.readBigUInt64LE(0)));
    expect(header).toContain('"F16"');
    expect(header).not.toContain('"F32"');
  });
});
