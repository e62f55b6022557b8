/** A training that was saved and goes on, in this process and in a new one. */
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adamW, type Batch, GPT, gpt2Tokenizer, loadTokenizer, loadTraining, type Optimizer,
  packedBatches, Random, saveModel, saveTraining, train, trainStep } from '../../lib/index';
import { CharacterTokenizer, WordLevelTokenizer } from '../../lib/text/tokenizer';

const config = { nLayer: 2, nHead: 2, nEmbd: 16, nPositions: 8, vocabSize: 12, embdPdrop: 0.1,
  attnPdrop: 0.2, residPdrop: 0.3 };
const SETTINGS = { learningRate: 1e-2, beta1: 0.8, weightDecay: 0.1 };
const SCHEDULE = { steps: 20, warmupSteps: 5 };
const tokenizer = WordLevelTokenizer.fromText('a request (for) review, an agent’s one .');
const rows = Array.from(
  { length: 20 },
  (_, i) => Array.from({ length: 9 }, (_, t) => (i + t) % 12),
);
const batches = (random: Random): () => Batch =>
  packedBatches(rows, { batchSize: 4, blockSize: 8, random });

let root: string;
const folder = (): string => mkdtempSync(join(root, 'training-'));
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'resume-'));
});
afterAll(() => rmSync(root, { recursive: true }));

/** All that a training has come to. */
interface Result {
  weights: number[];
  moments: number[];
  losses: number[];
  next: number[];
}

const numbersOf = (tensors: Iterable<{ dataSync(): ArrayLike<number> }>): number[] =>
  [...tensors].flatMap((tensor) => [...Array.from(tensor.dataSync())]);

const result = (
  { model, optimizer, random, losses }: Awaited<ReturnType<typeof loadTraining>>,
): Result => ({
  weights: numbersOf(model.parameters.values()),
  moments: numbersOf(optimizer.moments.flatMap(({ mean, square }) => [mean, square])),
  losses,
  next: [random!.normal(), model.random.normal(), optimizer.steps, optimizer.learningRate],
});

/** The same training, 20 steps without a stop. */
async function whole(): Promise<Result> {
  const model = await GPT.create(config, 5);
  const optimizer = adamW(model, SETTINGS);
  const random = new Random(6);
  const losses = await train(model, batches(random), { ...SCHEDULE, optimizer });
  return result({ model, optimizer, random, losses });
}

/** Saves after 10 of the 20 steps, where it also stops. */
async function half(to: string, save = saveTraining): Promise<void> {
  const model = await GPT.create(config, 5);
  const optimizer = adamW(model, SETTINGS);
  const random = new Random(6);
  const stop = new AbortController();
  await train(model, batches(random), {
    ...SCHEDULE,
    optimizer,
    signal: stop.signal,
    onStep: async ({ step, losses }) => {
      if (step !== 10) return;
      await save(to, { model, optimizer, random, tokenizer, losses });
      stop.abort();
    },
  }).catch((error: unknown) => expect(error).toMatchObject({ name: 'AbortError' }));
}

const CODE = `
const { loadTraining, packedBatches, train } = require(${
  JSON.stringify(join(__dirname, '../../lib/index.ts'))
});
const rows = ${JSON.stringify(rows)};
(async () => {
  const training = await loadTraining(process.argv[1]);
  const { model, optimizer, random, losses: earlier } = training;
  const next = packedBatches(rows, { batchSize: 4, blockSize: 8, random });
  const schedule = ${JSON.stringify(SCHEDULE)};
  const losses = await train(model, next, { ...schedule, optimizer, losses: earlier });
  const numbersOf = (tensors) => [...tensors].flatMap((tensor) => [...tensor.dataSync()]);
  process.stdout.write(JSON.stringify({
    weights: numbersOf(model.parameters.values()),
    moments: numbersOf(optimizer.moments.flatMap(({ mean, square }) => [mean, square])),
    losses,
    next: [random.normal(), model.random.normal(), optimizer.steps, optimizer.learningRate],
  }));
})();`;

describe('a training that goes on', () => {
  it('in a new process gives the same bits as one without the stop, dropout on', async () => {
    const dir = folder();
    await half(dir);
    const { stdout } = spawnSync(process.execPath, ['-r', 'tsx/cjs', '-e', CODE, dir], {
      encoding: 'utf8',
    });
    const [resumed, unbroken] = [JSON.parse(stdout) as Result, await whole()];
    expect(resumed.losses).toEqual(unbroken.losses);
    expect(resumed).toEqual(unbroken);
    expect(resumed.losses).toHaveLength(20);
  });

  it('takes single steps, too, and keeps the mode of the model', async () => {
    const dir = folder();
    const make = async (): Promise<Result> => {
      const model = (await GPT.create(config, 5)).eval();
      const optimizer = adamW(model);
      const random = new Random(1);
      const losses = [await trainStep(model, optimizer, batches(random)())];
      await saveTraining(dir, { model, optimizer, random, losses });
      losses.push(await trainStep(model, optimizer, batches(random)()));
      return result({ model, optimizer, random, losses });
    };
    const unbroken = await make();
    const training = await loadTraining(dir);
    const { model, optimizer, random, losses } = training;
    expect(model.training).toBe(false);
    losses.push(await trainStep(model, optimizer, batches(random!)()));
    expect(result(training)).toEqual(unbroken);
    expect(training.tokenizer).toBeUndefined();
  });

  it('is saved as it was at the call, while training goes on', async () => {
    const [one, other] = [folder(), folder()];
    await half(one);
    await half(other, async (to, training) => {
      const saving = saveTraining(to, training);
      const { mean } = (training.optimizer as Optimizer).moments[0]!;
      mean.assign(mean.add(1));
      await saving;
    });
    for (const name of readdirSync(one))
      expect(readFileSync(join(other, name)).equals(readFileSync(join(one, name)))).toBe(true);
  });

  it('has beside it the model as model.save writes it, and nothing unfinished', async () => {
    const [dir, alone] = [folder(), folder()];
    await half(dir);
    const model = await GPT.load(dir);
    await model.save(alone);
    expect(readdirSync(dir).sort()).toEqual([
      'config.json',
      'model.safetensors',
      'optimizer.safetensors',
      'tokenizer.json',
      'tokenizer_config.json',
      'training.json',
    ]);
    for (const name of readdirSync(alone))
      expect(readFileSync(join(alone, name)).equals(readFileSync(join(dir, name)))).toBe(true);
  });

  it('trains no further than its steps, and refuses fewer than it has taken', async () => {
    const model = await GPT.create(config, 5);
    const next = batches(new Random(6));
    const more = (steps: number): Promise<number[]> =>
      train(model, next, { steps, losses: [3, 2, 1] });
    expect(await more(3)).toEqual([3, 2, 1]);
    await expect(more(2)).rejects.toThrow('steps must be an integer of at least 3, got 2');
    expect(await more(4)).toHaveLength(4);
  });
});

describe('a training is not saved', () => {
  it('with the optimizer of a different model, or parts that cannot be read again', async () => {
    const [model, other] = [await GPT.create(config, 1), await GPT.create(config, 1)];
    const dir = folder();
    const optimizer = adamW(model);
    const save = (parts: object): Promise<void> =>
      saveTraining(dir, { model, optimizer, ...parts });
    await expect(save({ optimizer: adamW(other) })).rejects.toThrow(
      'the optimizer was made for a different model',
    );
    await expect(save({ tokenizer: { ...gpt2Tokenizer() } })).rejects.toThrow(
      'tokenizer must be one of loadTokenizer, a WordLevelTokenizer, a CharacterTokenizer or gpt2',
    );
    await expect(save({ random: model.random })).rejects.toThrow('not the one of the model');
    await expect(save({ losses: [1, Number.NaN] })).rejects.toThrow('losses must be a list');
    await expect(save({ loses: [] })).rejects.toThrow('unknown part loses');
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe('a folder that holds no whole training is refused', () => {
  let good: string;
  beforeAll(async () => {
    good = folder();
    await half(good);
  });
  const edit = (change: object) => (dir: string): void => {
    const path = join(dir, 'training.json');
    writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }));
  };
  const other = async (dir: string): Promise<void> => {
    await (await GPT.create(config, 9)).save(dir);
  };
  it.each<[string, (dir: string) => unknown, string]>([
    ['no training.json', (dir) => rmSync(join(dir, 'training.json')), 'holds no training.json'],
    ['no folder', (dir) => rmSync(dir, { recursive: true }), 'holds no training.json'],
    [
      'no optimizer',
      (dir) => rmSync(join(dir, 'optimizer.safetensors')),
      'holds no optimizer.safetensors, which was saved with training.json',
    ],
    ['no weights', (dir) => rmSync(join(dir, 'model.safetensors')), 'holds no model.safetensors'],
    ['no tokenizer', (dir) => rmSync(join(dir, 'tokenizer.json')), 'holds no tokenizer.json'],
    [
      'the model of a later save',
      other,
      'model.safetensors is not the file that was saved with training.json',
    ],
    [
      'a foreign optimizer',
      (dir) => cpSync(join(dir, 'model.safetensors'), join(dir, 'optimizer.safetensors')),
      'optimizer.safetensors is not the file that was saved',
    ],
    [
      'JSON that is cut',
      (dir) => writeFileSync(join(dir, 'training.json'), '{"form'),
      'training.json is not readable as JSON',
    ],
    [
      'a foreign training.json',
      (dir) => writeFileSync(join(dir, 'training.json'), '{}'),
      'training.json: format must be 1: a training that saveTraining wrote, got undefined',
    ],
    ['a later format', edit({ format: 2 }), 'format must be 1'],
    ['steps that are none', edit({ steps: -1 }), 'steps must be an integer of at least 0, got -1'],
    ['losses that are none', edit({ losses: ['1'] }), 'losses must be a list of numbers'],
    [
      'a state that is none',
      edit({ random: { seed: 1, words: [], spareNormal: null } }),
      'training.json: words must be four integers',
    ],
    ['an unknown tokenizer', edit({ tokenizer: 'bytes' }), 'tokenizer must be'],
    ['a checksum of a file elsewhere', edit({ sha256: { '../a': '' } }), 'sha256 must be'],
  ])('%s', async (_, damage, message) => {
    const dir = folder();
    cpSync(good, dir, { recursive: true });
    await damage(dir);
    await expect(loadTraining(dir)).rejects.toThrow(message);
  });

  it('an optimizer of a different model, though all checksums fit', async () => {
    const dir = folder();
    cpSync(good, dir, { recursive: true });
    const model = await GPT.create({ ...config, nEmbd: 8 }, 1);
    const small = folder();
    await saveTraining(small, { model, optimizer: adamW(model) });
    const sums = (of: string): Record<string, string> =>
      (JSON.parse(readFileSync(join(of, 'training.json'), 'utf8')) as {
        sha256: Record<string, string>;
      }).sha256;
    const name = 'optimizer.safetensors';
    cpSync(join(small, name), join(dir, name));
    edit({ sha256: { ...sums(dir), [name]: sums(small)[name] } })(dir);
    await expect(loadTraining(dir)).rejects.toThrow(
      'optimizer.safetensors must hold wte.weight.exp_avg of the shape [12, 16]',
    );
  });
});

const SAVING = `
const { adamW, GPT, Random, saveTraining } = require(${
  JSON.stringify(join(__dirname, '../../lib/index.ts'))
});
const config = ${JSON.stringify({ ...config, vocabSize: 2000, nEmbd: 64 })};
(async () => {
  const model = await GPT.create(config, 1);
  const optimizer = adamW(model);
  for (;; optimizer.steps++) {
    model.weights.lastNorm.bias.assign(model.weights.lastNorm.bias.add(1));
    await saveTraining(process.argv[1], { model, optimizer, losses: [optimizer.steps] });
    process.stdout.write('.');
  }
})();`;

describe('a process that is killed while it saves', () => {
  it('leaves a whole training, old or new', async () => {
    const dir = folder();
    for (let round = 0; round < 5; round++) {
      const child = spawn(process.execPath, ['-r', 'tsx/cjs', '-e', SAVING, dir], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await new Promise((first) => child.stdout.once('data', first));
      await new Promise((later) => setTimeout(later, 40 * Math.random()));
      const gone = new Promise((exit) => child.once('exit', exit));
      child.kill('SIGKILL');
      await gone;
      const { model, optimizer, losses } = await loadTraining(dir);
      expect(losses).toEqual([optimizer.steps]);
      expect(model.weights.lastNorm.bias.dataSync()[0]).toBe(optimizer.steps + 1);
      model.dispose();
      optimizer.dispose();
    }
  }, 300_000);
});

describe('the tokenizer of a training', () => {
  it('may be that of GPT-2, whose files loadTokenizer reads with the same ids', async () => {
    const dir = folder();
    const made = gpt2Tokenizer();
    const model = await GPT.create({ ...config, nEmbd: 2, vocabSize: made.vocabSize }, 1);
    await saveTraining(dir, { model, optimizer: adamW(model), tokenizer: made });
    expect((await loadTraining(dir)).tokenizer).toBe(made);
    const pretrained = await loadTokenizer(dir);
    const { vocabSize, eosTokenId, padTokenId } = made;
    expect(pretrained).toMatchObject({ vocabSize, eosTokenId, padTokenId });
    const texts = [
      "The agent's pull-request (v2.0): isn't it?\n\n  No… 3 \u{1F600} naïve\t<|endoftext|> x",
      readFileSync(join(__dirname, '../../README.md'), 'utf8'),
      String.fromCharCode(...Array.from({ length: 255 }, (_, i) => i + 1)),
      ...Array.from({ length: 500 }, (_, i) => made.token(100 * i)),
    ];
    for (const text of texts) {
      const ids = made.encode(text);
      expect(pretrained.encode(text)).toEqual(ids);
      expect(pretrained.decode(ids)).toBe(made.decode(ids));
    }
  });

  it.each([
    [
      'words',
      WordLevelTokenizer,
      'The agent’s "pull-request" (v2.0): [ok], isn\'t it? No… 3 \u{1F600}!',
    ],
    [
      'words with signs',
      WordLevelTokenizer,
      '<eos> a <pad> ( b ) # ## $ ^ . \u{85} \uFEFFc e\u0301 naïve_x __proto__',
    ],
    ['characters', CharacterTokenizer, 'a\n\tb  <eos>\u{1F600} # é\u{85}\uFEFF.'],
  ])('of %s comes back, and loadTokenizer reads the same', async (_, Kind, text) => {
    const dir = folder();
    const made = Kind.fromText(text);
    const model = await GPT.create({ ...config, vocabSize: made.vocabSize }, 1);
    await saveTraining(dir, { model, optimizer: adamW(model), tokenizer: made });
    // transformers 4 makes token_type_ids by default, which its GPT-2 adds as embeddings
    const settings = readFileSync(join(dir, 'tokenizer_config.json'), 'utf8');
    expect(JSON.parse(settings)).toMatchObject({
      model_input_names: ['input_ids', 'attention_mask'],
    });
    const { tokenizer: loaded } = await loadTraining(dir);
    const pretrained = await loadTokenizer(dir);
    expect(loaded).toBeInstanceOf(Kind);
    for (const read of [loaded!, pretrained]) {
      const { vocabSize, eosTokenId, padTokenId } = read;
      expect({ vocabSize, eosTokenId, padTokenId }).toEqual({ vocabSize: made.vocabSize,
        eosTokenId: 1, padTokenId: 0 });
      const ids = made.encode(text);
      expect(read.encode(text)).toEqual(ids);
      expect(read.decode(ids)).toBe(made.decode(ids));
      expect(read.decode(ids, { skipSpecialTokens: true })).toBe(
        made.decode(ids, { skipSpecialTokens: true }),
      );
      expect(() => read.encode('zebra')).toThrow(RangeError);
    }
  });

  it('that loadTokenizer has read can be saved again, beside a model or a training', async () => {
    const [first, second, third] = [folder(), folder(), folder()];
    const text = 'a <eos> ( b )';
    const made = WordLevelTokenizer.fromText(text);
    const model = await GPT.create({ ...config, vocabSize: made.vocabSize }, 1);
    await saveModel(first, model, made);
    await saveModel(second, model, await loadTokenizer(first));
    // null names no token: the one that config.json names is written down
    const settingsFile = join(second, 'tokenizer_config.json');
    const settings = JSON.parse(readFileSync(settingsFile, 'utf8')) as object;
    writeFileSync(settingsFile, JSON.stringify({ ...settings, eos_token: null, pad_token: null }));
    const configFile = join(second, 'config.json');
    const ofModel = JSON.parse(readFileSync(configFile, 'utf8')) as object;
    writeFileSync(configFile, JSON.stringify({ ...ofModel, eos_token_id: 1 }));
    const tokenizer = await loadTokenizer(second);
    await saveTraining(third, { model, optimizer: adamW(model), tokenizer });
    const { tokenizer: inTraining } = await loadTraining(third);
    for (const read of [tokenizer, inTraining!, await loadTokenizer(third)]) {
      expect([read.eosTokenId, read.padTokenId, read.vocabSize]).toEqual([1, 1, made.vocabSize]);
      expect(read.encode(text)).toEqual(made.encode(text));
      expect(read.decode(made.encode(text))).toBe(made.decode(made.encode(text)));
    }
    const [one, two] = [first, third].map((dir) =>
      JSON.parse(readFileSync(join(dir, 'tokenizer.json'), 'utf8')) as object
    );
    expect(two).toEqual(one);
  });
});
