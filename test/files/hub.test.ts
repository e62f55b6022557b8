import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync,
  writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { generate, GPT, loadTokenizer } from '../../lib/index';
import { checkpointFolder, type DownloadProgress } from '../../lib/files/hub';
import { FakeHub } from './fake-hub';

const FIXTURE = join(__dirname, '../../data/fixtures/hub');
const WEIGHTS = 'model.safetensors';
const NEEDED = ['config.json', WEIGHTS, 'tokenizer.json', 'tokenizer_config.json'];
const OTHERS = ['answers.json', 'vocab.json', 'merges.txt'];
const read = (name: string): Buffer => readFileSync(join(FIXTURE, name));

let hub: FakeHub;
let home: string;
let printed: string[];
beforeEach(async () => {
  const files = new Map([...NEEDED, ...OTHERS].map((name) => [name, read(name)]));
  hub = await FakeHub.start(files.set('pytorch_model.bin', Buffer.from('pickle')));
  home = mkdtempSync(join(tmpdir(), 'hub-'));
  vi.stubEnv('HF_HOME', home);
  vi.stubEnv('HF_ENDPOINT', hub.url);
  for (const name of ['HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE', 'HF_TOKEN', 'HF_HUB_OFFLINE'])
    vi.stubEnv(name, undefined);
  printed = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await hub.stop();
  rmSync(home, { recursive: true });
});

const cache = (...names: string[]): string =>
  join(home, 'hub', 'models--tide-pool--tiny-gpt2', ...names);
const snapshot = (...names: string[]): string => cache('snapshots', hub.commit, ...names);
const filesRequested = (): string[] =>
  hub.requests.filter((request) => request.includes('/resolve/'));

describe('a model of the hub', () => {
  it('is downloaded with its tokenizer; both give the texts of transformers', async () => {
    const model = await GPT.load(hub.id);
    const tokenizer = await loadTokenizer(hub.id);
    const { cases } = JSON.parse(read('answers.json').toString()) as {
      cases: { text: string; generated?: string }[];
    };
    const prompts = cases.filter(({ generated }) => generated !== undefined);
    expect(prompts.length).toBeGreaterThan(4);
    const { sequences } = await generate(model, prompts.map(({ text }) => tokenizer.encode(text)), {
      maxNewTokens: 12,
    });
    expect(sequences.map((ids) => tokenizer.decode(ids))).toEqual(
      prompts.map(({ generated }) => generated),
    );
    model.dispose();
  });

  it("is cached in the layout of Hugging Face's own tools, without unused files", async () => {
    expect(await checkpointFolder(hub.id)).toBe(snapshot());
    expect(readdirSync(snapshot()).sort()).toEqual([...NEEDED].sort());
    for (const name of NEEDED) expect(readFileSync(snapshot(name))).toEqual(read(name));
    expect(lstatSync(snapshot(WEIGHTS)).isSymbolicLink()).toBe(true);
    expect(readFileSync(cache('refs', 'main'), 'utf8')).toBe(hub.commit);
    expect(
      readdirSync(cache('blobs')).filter((name) => !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(name)),
    ).toEqual([]);
  });

  it('is downloaded once: a second load makes no request, also when the hub is gone', async () => {
    (await GPT.load(hub.id)).dispose();
    const before = hub.requests.length;
    vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9');
    (await GPT.load(hub.id)).dispose();
    (await GPT.load(hub.id, { revision: hub.commit })).dispose();
    await loadTokenizer(hub.id);
    expect(hub.requests.length).toBe(before);
  });

  it('can be loaded by branch or by commit, and an unknown revision is an error', async () => {
    expect(await checkpointFolder(hub.id, { revision: hub.commit })).toBe(snapshot());
    expect(existsSync(cache('refs'))).toBe(true);
    expect(existsSync(cache('refs', hub.commit))).toBe(false);
    await expect(checkpointFolder(hub.id, { revision: 'v2' })).rejects.toThrow(
      `the hub gives no model ${hub.url}/${hub.id} (revision v2) (404)`,
    );
    await expect(checkpointFolder(hub.id, { revision: '../../x' })).rejects.toThrow(
      'revision must be a branch, a tag or a commit',
    );
  });

  it('is downloaded with vocab.json and merges.txt where it has no tokenizer.json', async () => {
    hub.files.delete('tokenizer.json');
    const tokenizer = await loadTokenizer(hub.id);
    expect(tokenizer.decode(tokenizer.encode('a tide pool'))).toBe('a tide pool');
    expect(readdirSync(snapshot())).toContain('merges.txt');
  });

  it('gets its tokenizer also where another tool has downloaded config and weights', async () => {
    await checkpointFolder(hub.id);
    for (const name of ['tokenizer.json', 'tokenizer_config.json']) rmSync(snapshot(name));
    const before = filesRequested().length;
    const tokenizer = await loadTokenizer(hub.id);
    expect(tokenizer.decode(tokenizer.encode('a tide pool'))).toBe('a tide pool');
    expect(filesRequested().slice(before)).toEqual([]); // their blobs are there
  });

  it('goes into HF_HUB_CACHE if that is set', async () => {
    vi.stubEnv('HF_HUB_CACHE', join(home, 'elsewhere'));
    expect(await checkpointFolder(hub.id)).toBe(
      join(home, 'elsewhere', 'models--tide-pool--tiny-gpt2', 'snapshots', hub.commit),
    );
  });

  it('can be loaded twice at the same time', async () => {
    const folders = await Promise.all([checkpointFolder(hub.id), checkpointFolder(hub.id)]);
    expect(folders).toEqual([snapshot(), snapshot()]);
    expect(readFileSync(snapshot(WEIGHTS))).toEqual(read(WEIGHTS));
    expect(readdirSync(cache('blobs')).length).toBe(NEEDED.length);
  });

  it('reports bytes that grow to the sum of all files, or prints lines to stdout', async () => {
    const errors = vi.spyOn(process.stderr, 'write');
    const seen: DownloadProgress[] = [];
    await checkpointFolder(hub.id, { onProgress: (progress) => seen.push(progress) });
    const total = NEEDED.reduce((sum, name) => sum + read(name).length, 0);
    expect(seen.at(-1)).toEqual({ file: WEIGHTS, loaded: total, total });
    for (const [i, { loaded }] of seen.entries())
      expect(loaded).toBeGreaterThanOrEqual(seen[i - 1]?.loaded ?? 1);
    expect(printed).toEqual([
      `downloading ${hub.url}/${hub.id} (revision main), 0.1 MB, into ${cache()}`,
    ]);
    rmSync(home, { recursive: true });
    await checkpointFolder(hub.id);
    expect(printed.at(-1)).toBe('100 %, 0.1 MB of 0.1 MB');
    expect(printed.length).toBeLessThanOrEqual(13);
    expect(errors).not.toHaveBeenCalled();
  });
});

describe('a model with several weight files', () => {
  const SHARDED = join(__dirname, '../../data/fixtures/checkpoints/sharded');
  const PARTS = [1, 2, 3].map((part) => `model-0000${part}-of-00003.safetensors`);
  const INDEX = 'model.safetensors.index.json';
  beforeEach(() => {
    hub.files.clear();
    for (const name of ['config.json', INDEX, ...PARTS])
      hub.files.set(name, readFileSync(join(SHARDED, name)));
  });
  const logits = async (source: string): Promise<ArrayLike<number>> => {
    const model = await GPT.load(source);
    const tensor = model.forward([[1, 2, 3]]);
    const values = tensor.dataSync();
    tensor.dispose();
    model.dispose();
    return values;
  };

  it('is downloaded with all of them, once', async () => {
    expect(await logits(hub.id)).toEqual(await logits(SHARDED));
    const before = hub.requests.length;
    await logits(hub.id);
    expect(hub.requests.length).toBe(before);
  });

  it.each([...PARTS, INDEX])('is not taken for complete while %s is missing', async (name) => {
    hub.cuts.set(name, 10);
    await expect(GPT.load(hub.id)).rejects.toThrow(`the download of ${name} was cut off`);
    hub.cuts.clear();
    expect(await logits(hub.id)).toEqual(await logits(SHARDED));
  });

  it('is completed where another tool has downloaded the index but not yet all parts', async () => {
    await checkpointFolder(hub.id);
    rmSync(snapshot(PARTS[1]!));
    expect(await logits(hub.id)).toEqual(await logits(SHARDED));
  });
});

describe('an interrupted download', () => {
  it('is an error, is not taken for complete, and is continued where it stopped', async () => {
    hub.cuts.set(WEIGHTS, 40_000);
    await expect(GPT.load(hub.id)).rejects.toThrow(
      /model\.safetensors was cut off after 40000 of 97416 bytes \(.+\); load tide-pool/,
    );
    expect(existsSync(snapshot(WEIGHTS))).toBe(false);
    await expect(GPT.load(hub.id)).rejects.toThrow('cut off after 80000 of 97416');
    const before = filesRequested().length;
    (await GPT.load(hub.id)).dispose(); // 17,416 bytes are left, fewer than are cut
    expect(filesRequested().slice(before).every((request) => request.endsWith(WEIGHTS))).toBe(true);
    expect(readFileSync(snapshot(WEIGHTS))).toEqual(read(WEIGHTS));
    expect(readdirSync(cache('blobs')).length).toBe(NEEDED.length);
  });

  it.each(NEEDED)('of %s leaves a later load to complete it', async (name) => {
    hub.cuts.set(name, 10);
    await expect(checkpointFolder(hub.id)).rejects.toThrow(`the download of ${name} was cut off`);
    hub.cuts.clear();
    const folder = await checkpointFolder(hub.id);
    for (const file of NEEDED) expect(readFileSync(join(folder, file))).toEqual(read(file));
  });

  it('is an error if the partial file is damaged, or the hub ignores where it ends', async () => {
    hub.cuts.set(WEIGHTS, 40_000);
    await expect(checkpointFolder(hub.id)).rejects.toThrow('cut off');
    hub.cuts.clear();
    const partial = readdirSync(cache('blobs')).find((name) => name.endsWith('.incomplete'))!;
    writeFileSync(cache('blobs', partial), Buffer.alloc(30_000));
    await expect(checkpointFolder(hub.id)).rejects.toThrow('model.safetensors is damaged');
    hub.cuts.set(WEIGHTS, 40_000);
    await expect(checkpointFolder(hub.id)).rejects.toThrow('cut off');
    hub.cuts.clear();
    hub.ignoresRanges = true;
    await expect(checkpointFolder(hub.id)).rejects.toThrow('model.safetensors is damaged');
    await checkpointFolder(hub.id);
    expect(readFileSync(snapshot(WEIGHTS))).toEqual(read(WEIGHTS));
  });
});

describe('a damaged download', () => {
  it.each(NEEDED)(
    'of %s with one wrong byte is an error, is deleted, and can be loaded again',
    async (name) => {
      const wrong = Buffer.from(read(name));
      wrong[wrong.length >> 1]! ^= 1;
      hub.wrong.set(name, wrong);
      await expect(GPT.load(hub.id)).rejects.toThrow(
        new RegExp(`download of ${name} is damaged: its checksum should be [0-9a-f]+ and is`),
      );
      expect(existsSync(snapshot(name))).toBe(false);
      hub.wrong.clear();
      (await GPT.load(hub.id)).dispose();
    },
  );

  it('that is too short or too long is an error', async () => {
    hub.wrong.set(WEIGHTS, read(WEIGHTS).subarray(0, 50_000));
    await expect(GPT.load(hub.id)).rejects.toThrow(
      'model.safetensors was cut off after 50000 of 97416 bytes',
    );
    rmSync(home, { recursive: true });
    hub.wrong.set(WEIGHTS, Buffer.concat([read(WEIGHTS), Buffer.alloc(1)]));
    await expect(GPT.load(hub.id)).rejects.toThrow('model.safetensors is damaged');
  });

  it('cannot be detected without a checksum, so a file without one is an error', async () => {
    hub.listsChecksums = false;
    await expect(GPT.load(hub.id)).rejects.toThrow(
      'lists no checksum for tokenizer_config.json',
    );
  });
});

describe('a source that cannot be loaded gives an error that says why and what to do', () => {
  it('if it is neither a folder nor a model id', async () => {
    for (const source of [join(home, 'nowhere'), './nowhere', 'a/b/c', '../../..x', '']) {
      await expect(GPT.load(source)).rejects.toThrow(
        `there is no folder ${source}, and that is not a model id of the Hugging Face hub`,
      );
    }
    expect(hub.requests).toEqual([]);
  });

  it('if it is a path that exists: it is never taken for an id', async () => {
    await expect(GPT.load('test')).rejects.toThrow('test holds no config.json');
    expect(hub.requests).toEqual([]);
  });

  it('if the hub does not know the model, or refuses access to it', async () => {
    await expect(GPT.load('nobody/nothing')).rejects.toThrow(
      `there is no folder nobody/nothing, and the hub gives no model ${hub.url}/nobody/nothing `
        + '(revision main) (404); check the spelling',
    );
    hub.status = 401;
    await expect(GPT.load(hub.id)).rejects.toThrow(
      '(401); check the spelling, or set HF_TOKEN if it is private',
    );
    hub.status = 503;
    await expect(GPT.load(hub.id)).rejects.toThrow(
      'cannot be downloaded now, the hub answers 503; try again later',
    );
  });

  it('if there is no network, or HF_HUB_OFFLINE is set', async () => {
    await hub.stop();
    await expect(GPT.load(hub.id)).rejects.toThrow(
      /cannot be reached \(ECONNREFUSED\); load it once with a connection/,
    );
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    await expect(GPT.load(hub.id)).rejects.toThrow('HF_HUB_OFFLINE forbids the download');
  });

  it('if files are missing', async () => {
    hub.files.delete(WEIGHTS);
    await expect(GPT.load(hub.id)).rejects.toThrow(
      'holds no model.safetensors, the only format of weights that is supported',
    );
    hub.files.delete('config.json');
    await expect(GPT.load(hub.id)).rejects.toThrow('holds no config.json');
    expect(filesRequested()).toEqual([]);
  });

  it('if it has no tokenizer: the model loads, and only its tokenizer is an error', async () => {
    for (const name of ['tokenizer.json', 'tokenizer_config.json', ...OTHERS])
      hub.files.delete(name);
    (await GPT.load(hub.id)).dispose();
    await expect(loadTokenizer(hub.id)).rejects.toThrow(
      'holds no tokenizer: neither tokenizer.json nor vocab.json and merges.txt',
    );
  });
});
