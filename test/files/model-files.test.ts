import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync,
  writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { completeSave, writeFiles } from '../../lib/files/model-files';
import { SafetensorsFile, safetensorsParts } from '../../lib/files/safetensors';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'model-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Model number `n`: a configuration and weights that both hold `n`. */
const save = (n: number, size = 1000): Promise<void> =>
  writeFiles(dir, {
    'model.safetensors': safetensorsParts([
      ['w', { shape: [size], values: new Float32Array(size).fill(n) }],
    ]),
    'config.json': [JSON.stringify({ n })],
  });

/** The numbers that the configuration and the weights hold. */
async function stored(): Promise<{ config: unknown; weights: unknown[] }> {
  completeSave(dir);
  const config = (JSON.parse(readFileSync(join(dir, 'config.json'), 'utf8')) as { n: unknown }).n;
  const file = await SafetensorsFile.open(join(dir, 'model.safetensors'));
  const weights = [...new Set(await file.readFloat32('w'))];
  await file.close();
  return { config, weights };
}

const CODE = `
const { writeFiles } = require(${
  JSON.stringify(join(__dirname, '../../lib/files/model-files.ts'))
});
const { safetensorsParts } = require(${
  JSON.stringify(join(__dirname, '../../lib/files/safetensors.ts'))
});
const dir = process.argv[1];
const [from, size, rounds] = process.argv.slice(2).map(Number);
(async () => {
  for (let n = from; n < from + (rounds ?? Infinity); n++) {
    const values = new Float32Array(size).fill(n);
    const weights = safetensorsParts([['w', { shape: [size], values }]]);
    const config = [JSON.stringify({ n })];
    await writeFiles(dir, { 'model.safetensors': weights, 'config.json': config });
    process.stdout.write('.');
  }
})().catch((error) => console.log(error.message));`;
const NODE = ['-r', 'tsx/cjs', '-e', CODE];

describe('the files of a model', () => {
  it('replace those of another one, without its generation_config.json', async () => {
    await save(1);
    writeFileSync(join(dir, 'generation_config.json'), '{}');
    writeFileSync(join(dir, 'notes.md'), 'mine');
    await save(2);
    expect(await stored()).toEqual({ config: 2, weights: [2] });
    expect(readdirSync(dir).sort()).toEqual(['config.json', 'model.safetensors', 'notes.md']);
  });

  it('can be written by two calls at once: one model is there in the end', async () => {
    await Promise.all([save(1), save(2), save(3)].map((saving) => saving.catch(() => undefined)));
    const { config, weights } = await stored();
    expect(weights).toEqual([config]);
    expect(readdirSync(dir).sort()).toEqual(['config.json', 'model.safetensors']);
  });

  it('stay those of the old model on a full disk, and the error says so', async () => {
    await save(1);
    const { stdout } = spawnSync('bash', [
      '-c',
      'ulimit -f 64; exec "$0" "$@"',
      process.execPath,
      ...NODE,
      dir,
      '2',
      '100000',
    ], { encoding: 'utf8', env: { ...process.env, TSX_DISABLE_CACHE: '1' } });
    expect(stdout).toContain('could not be written: the file would be too large (EFBIG)');
    expect(await stored()).toEqual({ config: 1, weights: [1] });
    expect(readdirSync(dir).sort()).toEqual(['config.json', 'model.safetensors']);
  });

  it.each(['before', 'after the weights', 'at the end'])(
    'are those of the new model if its process was killed %s of moving them',
    async (moment) => {
      await save(2);
      mkdirSync(join(dir, '.saved'));
      for (const name of ['config.json', 'model.safetensors'])
        renameSync(join(dir, name), join(dir, '.saved', name));
      if (moment === 'before') {
        writeFileSync(join(dir, 'config.json'), '{"n":1}');
        writeFileSync(join(dir, 'model.safetensors'), 'old');
        writeFileSync(join(dir, 'generation_config.json'), '{}');
      } else {
        renameSync(join(dir, '.saved', 'model.safetensors'), join(dir, 'model.safetensors'));
      }
      if (moment === 'at the end')
        renameSync(join(dir, '.saved', 'config.json'), join(dir, 'config.json'));
      expect(await stored()).toEqual({ config: 2, weights: [2] });
      expect(readdirSync(dir).sort()).toEqual(['config.json', 'model.safetensors']);
    },
  );

  it('are never mixed by a writer that is killed at random moments', async () => {
    await save(0, 50_000);
    for (let round = 1; round <= 8; round++) {
      const child = spawn(process.execPath, [...NODE, dir, String(100 * round), '50000'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await new Promise((first) => child.stdout.once('data', first));
      await new Promise((later) => setTimeout(later, 30 * Math.random()));
      const gone = new Promise((exit) => child.once('exit', exit));
      child.kill('SIGKILL');
      await gone;
      // other programs read the folder as it is
      const names = ['config.json', 'model.safetensors'];
      const whole = names.every((name) => existsSync(join(dir, name)));
      expect(whole || existsSync(join(dir, '.saved'))).toBe(true);
      const { config, weights } = await stored();
      expect(weights).toEqual([config]);
      expect(Number(config)).toBeGreaterThanOrEqual(100 * round);
    }
    await save(1);
    expect(readdirSync(dir).sort()).toEqual(['config.json', 'model.safetensors']);
  });

  it('are those of one model, whichever, where four processes save at once', async () => {
    const children = [1, 2, 3, 4].map((i) =>
      spawn(process.execPath, [...NODE, dir, String(100 * i), '1000', '40'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
    );
    const said = children.map(({ stdout }) => {
      let text = '';
      stdout.on('data', (part) => text += String(part));
      return () => text;
    });
    await Promise.all(children.map((child) => new Promise((exit) => child.once('close', exit))));
    expect(said.map((text) => text())).toEqual(new Array(4).fill('.'.repeat(40)));
    const { config, weights } = await stored();
    expect(weights).toEqual([config]);
    expect(Number(config) % 100).toBe(39);
    expect(readdirSync(dir).sort()).toEqual(['config.json', 'model.safetensors']);
  });
});
