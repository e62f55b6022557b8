import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { GPT, tf } from '../../lib/index';
import { writeWhole } from '../../lib/base/write-file';
import { safetensorsParts } from '../../lib/files/safetensors';
import { checkpointFolder } from './reference-data';

const shape = { nLayer: 1, nHead: 2, nEmbd: 8, nPositions: 6, vocabSize: 10 };
let dir: string;
let model: GPT;
let bytes: Buffer;
const file = (): string => join(dir, 'model.safetensors');
/** All weights by name. */
const numbers = (of: GPT): Record<string, ArrayLike<number>> =>
  Object.fromEntries([...of.parameters].map(([name, weight]) => [name, weight.dataSync()]));

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'checkpoint-'));
  model = (await GPT.create(shape, 1)).eval();
  await model.save(dir);
  bytes = await readFile(file());
});
afterAll(() => rm(dir, { recursive: true }));

/** The file with its header changed. */
function withHeader(
  change: (header: Record<string, { dtype: string; shape: number[] }>) => void,
): Buffer {
  const length = Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString()) as Parameters<
    typeof change
  >[0];
  change(header);
  const text = Buffer.from(JSON.stringify(header));
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([start, text, bytes.subarray(8 + length)]);
}

describe('a saved model', () => {
  it('comes back with the same weights, bit for bit, in inference mode', async () => {
    await writeFile(file(), bytes);
    const loaded = await GPT.load(dir);
    expect(loaded.training).toBe(false);
    expect(loaded.config).toEqual(model.config);
    expect(numbers(loaded)).toEqual(numbers(model));
    loaded.dispose();
  });

  it('can have different dropout rates, which change answers in training mode only', async () => {
    await writeFile(file(), bytes);
    const loaded = await GPT.load(dir, { residPdrop: 0.5 });
    expect(loaded.config).toEqual({ ...model.config, residPdrop: 0.5 });
    const logits = (): ArrayLike<number> => tf.tidy(() => loaded.forward([[1, 2, 3]]).dataSync());
    expect(logits()).toEqual(tf.tidy(() => model.forward([[1, 2, 3]]).dataSync()));
    loaded.train();
    expect(logits()).not.toEqual(logits());
    loaded.dispose();
    await expect(GPT.load(dir, { residPdrop: 1 })).rejects.toThrow(
      'residPdrop must be a number from 0 to below 1, got 1',
    );
  });
});

describe('a model saved over another', () => {
  it('ends texts as its configuration says, not as the old generation_config.json', async () => {
    const folder = join(dir, 'both');
    await mkdir(folder);
    await writeFile(join(folder, 'generation_config.json'), '{"eos_token_id": 7}');
    const ends = await GPT.create({ ...shape, eosTokenId: 3 }, 1);
    await ends.save(folder);
    const loaded = await GPT.load(folder);
    expect(loaded.config.eosTokenId).toBe(3);
    tf.dispose([...ends.parameters.values(), ...loaded.parameters.values()]);
  });
});

describe('weights in several files', () => {
  const part = 'model-00002-of-00003.safetensors';
  const index = 'model.safetensors.index.json';
  it.each<[string, (folder: string) => Promise<void>, string]>([
    ['one missing', (folder) => rm(join(folder, part)), `holds no ${part}, which ${index} names`],
    [
      'one cut',
      async (folder) =>
        writeFile(join(folder, part), (await readFile(join(folder, part))).subarray(0, -1)),
      `${part} is truncated`,
    ],
    [
      'one twice',
      (folder) => cp(join(folder, part), join(folder, 'model-00003-of-00003.safetensors')),
      'another file of model.safetensors.index.json holds, too',
    ],
    [
      'an index that leaves one out',
      (folder) => writeFile(join(folder, index), `{"weight_map": {"wte.weight": "${part}"}}`),
      'lacks wte.weight',
    ],
    [
      'an index without a map',
      (folder) => writeFile(join(folder, index), '{}'),
      'must name the file of each tensor in weight_map',
    ],
    [
      'an index that leads out of the folder',
      (folder) =>
        writeFile(join(folder, index), '{"weight_map": {"wte.weight": "../a.safetensors"}}'),
      'must name the file',
    ],
    [
      'an index that is cut',
      (folder) => writeFile(join(folder, index), '{"weight_map'),
      `${index} is not readable as JSON`,
    ],
  ])('%s: an error that says so', async (_, damage, message) => {
    const folder = await mkdtemp(join(dir, 'parts-'));
    await cp(checkpointFolder('sharded'), folder, { recursive: true });
    await damage(folder);
    const before = tf.memory().numTensors;
    await expect(GPT.load(folder)).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
  });
});

describe('a damaged checkpoint is refused with the reason', () => {
  const name = 'transformer.wte.weight';
  /** The file with another name for the tensor `name`. */
  function renamed(to: string): Buffer {
    const start = bytes.indexOf(name);
    const [before, after] = [bytes.subarray(8, start), bytes.subarray(start + name.length)];
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(bytes.readBigUInt64LE() + BigInt(to.length - name.length));
    return Buffer.concat([length, before, Buffer.from(to), after]);
  }
  it.each<[string, () => Buffer, string]>([
    [
      'empty',
      () => Buffer.alloc(0),
      'truncated: a safetensors file has at least 8 bytes, this one has 0',
    ],
    ['cut inside the header', () => bytes.subarray(0, 100), 'truncated: it announces a header'],
    ['cut inside the data', () => bytes.subarray(0, -1), 'is truncated: its tensors need'],
    ['longer than it says', () => Buffer.concat([bytes, Buffer.alloc(4)]), 'too long'],
    [
      'no safetensors at all',
      () => Buffer.from('{"a": 1}, and more text than that'),
      'not a safetensors file',
    ],
    [
      'a header that is not JSON',
      () => Buffer.concat([bytes.subarray(0, 8), Buffer.from('!'), bytes.subarray(9)]),
      'not JSON',
    ],
    ['another shape', () =>
      withHeader((h) => {
        h[name]!.shape = [8, 10];
      }), 'wte.weight must have the shape [10, 8], got [8, 10]'],
    ['a mislabelled type', () =>
      withHeader((h) => {
        h[name]!.dtype = 'F16';
      }), 'mislabelled'],
    ['a type of the same size', () =>
      withHeader((h) => {
        h[name]!.dtype = 'I32';
      }), 'wte.weight must be F32, F16 or BF16, got I32'],
    ['an unknown type', () =>
      withHeader((h) => {
        h[name]!.dtype = 'F7';
      }), 'unknown type F7'],
    ['a renamed tensor', () => renamed('transformer.wtf'), 'lacks wte.weight'],
  ])('%s', async (_, damaged, message) => {
    await writeFile(file(), damaged());
    const before = tf.memory().numTensors;
    await expect(GPT.load(dir)).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBeLessThanOrEqual(before);
  });

  it('a tensor too many, or a head of its own that the configuration does not have', async () => {
    const tensors = [...model.parameters].map(([key, w]) =>
      [key, { shape: w.shape, values: w.dataSync() as Float32Array }] as [
        string,
        { shape: number[]; values: Float32Array },
      ]
    );
    const extra = ['extra', { shape: [1], values: new Float32Array(1) }] as const;
    await writeWhole(file(), safetensorsParts([...tensors, extra]));
    await expect(GPT.load(dir)).rejects.toThrow(
      'holds extra, which a GPT-2 of this config.json does not have',
    );
    const head = ['lm_head.weight', { shape: [10, 8], values: new Float32Array(80) }] as const;
    await writeWhole(file(), safetensorsParts([...tensors, head]));
    await expect(GPT.load(dir)).rejects.toThrow('lm_head.weight must equal wte.weight');
  });

  it('a folder without one: the message says what a checkpoint is', async () => {
    await mkdir(join(dir, 'empty'));
    await expect(GPT.load(join(dir, 'empty'))).rejects.toThrow(
      'holds no config.json; a checkpoint has config.json and model.safetensors',
    );
  });

  it('any cut or changed byte of the header gives an error or the right weights', async () => {
    const header = 8 + Number(bytes.readBigUInt64LE());
    const right = numbers(model);
    // digits more often: a changed offset or shape is where weights could go wrong unseen
    const byte = fc.oneof(fc.nat(255), fc.integer({ min: 0x30, max: 0x39 }));
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(header - 1), byte, fc.boolean(), async (at, value, cut) => {
        const damaged = cut ? bytes.subarray(0, at) : Buffer.from(bytes);
        if (!cut) damaged[at] = value;
        await writeFile(file(), damaged);
        const loaded = await GPT.load(dir).catch((error: unknown) => error);
        if (loaded instanceof GPT) {
          expect(numbers(loaded)).toEqual(right);
          loaded.dispose();
        } else {
          expect((loaded as Error).message.length).toBeGreaterThan(20);
          refused += 1;
        }
      }),
      { numRuns: 400, seed: 1 },
    );
    expect(refused).toBeGreaterThan(300);
  });
});

describe('the settings beside the weights', () => {
  const settings = async (name: string, change: (text: string) => string): Promise<string> => {
    await model.save(dir);
    const path = join(dir, name);
    const text = await readFile(path, 'utf8').catch(() => '{}');
    await writeFile(path, change(text));
    return path;
  };

  it('may hold Infinity, as Python writes it', async () => {
    await settings('config.json', (text) => text.replace('{', '{"unused": Infinity, '));
    (await GPT.load(dir)).dispose();
    const wrong = await settings(
      'config.json',
      (text) => text.replace(/"layer_norm_epsilon": [^,]*/, '"layer_norm_epsilon": Infinity'),
    );
    await expect(GPT.load(dir)).rejects.toThrow(
      `${wrong}: layerNormEpsilon must be a number of at least 0, got Infinity`,
    );
  });

  it('are refused with the name of their file', async () => {
    const path = await settings(
      'config.json',
      (text) => text.replace(/"n_head": 2/, '"n_head": 0'),
    );
    await expect(GPT.load(dir)).rejects.toThrow(`${path}: nHead must be an integer from 1`);
    await expect(GPT.load(dir)).rejects.toBeInstanceOf(RangeError);
    await settings('config.json', (text) => text.replace('gpt2', 'llama'));
    await expect(GPT.load(dir)).rejects.toThrow(`${path}: model_type must be gpt2, got "llama"`);
  });

  it('about decoding are not used, which is said once, on stdout', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const path = await settings(
      'generation_config.json',
      () =>
        JSON.stringify({ _from_model_config: true, eos_token_id: 3, pad_token_id: 3,
          do_sample: true, temperature: 0.6, repetition_penalty: 1.2, top_p: 1,
          suppress_tokens: [4], use_cache: false, transformers_version: '4.50.0' }),
    );
    for (let times = 0; times < 2; times++) {
      const loaded = await GPT.load(dir);
      expect(loaded.config.eosTokenId).toBe(3);
      loaded.dispose();
    }
    expect(log.mock.calls).toEqual([[
      `note: generate does not use these settings of ${path}: do_sample true, temperature 0.6, `
      + 'repetition_penalty 1.2, suppress_tokens [4]; to have them, pass '
      + '{ doSample: true, temperature: 0.6, repetitionPenalty: 1.2 }',
    ]]);
    log.mockClear();
    const old = await settings('config.json', (text) => text.replace('{', '{"top_k": 40, '));
    (await GPT.load(dir)).dispose();
    expect(log.mock.calls).toEqual([[
      `note: generate does not use these settings of ${old}: top_k 40; `
      + 'to have them, pass { topK: 40 }',
    ]]);
    log.mockRestore();
  });
});
