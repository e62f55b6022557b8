/**
 * `npm run train -- --text FILE`, as a reader runs it: stopped, killed, on a full disk, and going
 * on.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync,
  writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../lib/course/setup/paths.mjs';
import { valuesOf } from '../../lib/course/training/settings';
import { generate, GPT, loadTokenizer, loadTraining } from '../../lib/index';

const TEXT = join(root, 'data', 'corpus', 'tide-pool.txt');
const MAIN = ['--import', 'tsx', 'lib/course/training/main.ts'];
const SETTINGS = '--steps 300 --save-steps 5 --eval-steps 10 --patience 4 --warmup-steps 5 '
  + '--n-layer 1 --n-embd 32 --n-positions 16 --batch-size 4 --learning-rate 0.03';

/** How often a training is killed; more rounds find more moments. */
const ROUNDS = Number(process.env['COURSE_ROUNDS'] ?? 3);

let temporary: string;
let whole: string;
beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), 'own-text-'));
  whole = join(temporary, 'whole');
  const { status, output } = run(whole);
  expect(output).toContain(`saved in ${whole}: the weights after step`);
  expect(status).toBe(0);
});
afterAll(() => rmSync(temporary, { recursive: true }));

const environment = { ...process.env };
delete environment['VITEST'];

const argumentsFor = (
  folder: string,
  more = '',
): string[] => ['--text', TEXT, '--out', folder, ...`${SETTINGS} ${more}`.trim().split(' ')];

interface Ran {
  status: number | null;
  output: string;
}

/** Runs the command to its end; `shell` stands before it. */
function run(folder: string, more = '', shell = ''): Ran {
  const command = [process.execPath, ...MAIN, ...argumentsFor(folder, more)];
  const { status, stdout, stderr } = shell === ''
    ? spawnSync(command[0]!, command.slice(1), { cwd: root, encoding: 'utf8', env: environment })
    : spawnSync('bash', ['-c', `${shell}; exec "$@"`, 'bash', ...command], { cwd: root,
      encoding: 'utf8', env: environment });
  return { status, output: stdout + stderr };
}

const start = (folder: string): ChildProcess =>
  spawn(process.execPath, [...MAIN, ...argumentsFor(folder)], { cwd: root, env: environment,
    stdio: ['ignore', 'pipe', 'pipe'] });

const endOf = async (child: ChildProcess): Promise<Ran> => {
  let output = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (part: Buffer) => output += part.toString());
  const status = await new Promise<number | null>((done) => child.once('close', done));
  return { status, output };
};

const stateOf = (folder: string): string => {
  const file = join(folder, 'training', 'training.json');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

/** Waits until a training has saved something new, or has ended, and then so many milliseconds. */
async function afterNextSave(
  child: ChildProcess,
  folder: string,
  milliseconds: number,
): Promise<void> {
  const before = stateOf(folder);
  while (child.exitCode === null && stateOf(folder) === before) await pause(5);
  await pause(milliseconds);
}

const pause = (milliseconds: number): Promise<unknown> =>
  new Promise((later) => setTimeout(later, milliseconds));

/** Every file of a folder and its folders, by its path there. */
function filesOf(folder: string): Map<string, Buffer> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  return new Map(
    names.filter((each) => each.isFile()).map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(folder.length), readFileSync(path)];
    }),
  );
}

function expectSame(folder: string): void {
  const [found, wanted] = [filesOf(folder), filesOf(whole)];
  expect([...found.keys()].sort()).toEqual([...wanted.keys()].sort());
  for (const [name, bytes] of wanted) expect(found.get(name)!.equals(bytes), name).toBe(true);
}

describe("a training on a text of one's own", () => {
  it('leaves the best model with its tokenizer, and prints a sample', async () => {
    const { losses, evaluation } = await loadTraining(join(whole, 'training'));
    const history = evaluation!.history;
    expect(losses.length).toBeLessThan(300); // so little text: stopped early
    expect(history.at(-1)!.step).toBe(losses.length);
    const model = await GPT.load(whole);
    for (const [name, weight] of evaluation!.best!)
      expect([...model.parameters.get(name)!.dataSync()]).toEqual([
        ...Array.from(weight.dataSync()),
      ]);
    const tokenizer = await loadTokenizer(whole);
    const { sequences } = await generate(model, [tokenizer.encode('The tide')], {
      maxNewTokens: 5,
    });
    expect(tokenizer.decode(sequences[0]!)).toMatch(/^The tide/);
  });

  it('that is stopped with Ctrl-C is saved, and goes on to the same files', async () => {
    const folder = join(temporary, 'stopped');
    const child = start(folder);
    const end = endOf(child);
    await afterNextSave(child, folder, 30);
    child.kill('SIGINT');
    const { status, output } = await end;
    expect(output).toMatch(/Stopped and saved after step \d+; the same command goes on from there/);
    expect(status).toBe(130);
    const step = Number(/after step (\d+)/.exec(output)![1]);
    expect((await loadTraining(join(folder, 'training'))).losses).toHaveLength(step);
    const again = run(folder);
    expect(again.output).toContain(`goes on after step ${step}`);
    expect(again.status).toBe(0);
    expectSame(folder);
  });

  it('that is killed at any moment is whole there, and goes on to the same files', async () => {
    const folder = join(temporary, 'killed');
    for (let round = 0; round < ROUNDS; round++) {
      const child = start(folder);
      const end = endOf(child);
      await afterNextSave(child, folder, 60 * Math.random());
      child.kill('SIGKILL');
      await end;
      const { losses, optimizer } = await loadTraining(join(folder, 'training'));
      expect(losses).toHaveLength(optimizer.steps);
    }
    expect(run(folder).status).toBe(0);
    expectSame(folder);
  }, 30_000 * (ROUNDS + 1));

  it('on a full disk says so, keeps what was saved, and goes on to the same files', async () => {
    const folder = join(temporary, 'full');
    const child = start(folder);
    const end = endOf(child);
    await afterNextSave(child, folder, 0);
    child.kill('SIGKILL');
    await end;
    const before = filesOf(join(folder, 'training'));
    // a file of more than 32 KiB cannot be written, as at the end of a disk
    const { status, output } = run(folder, '', 'ulimit -f 32');
    expect(output).toMatch(/could not be written: the file would be too large .EFBIG./);
    expect(output).toContain('the same command goes on after step');
    expect(status).toBe(1);
    const after = filesOf(join(folder, 'training'));
    expect(after).toEqual(before);
    expect(run(folder).status).toBe(0);
    expectSame(folder);
  });

  it('that has ended takes no further step', () => {
    const folder = join(temporary, 'ended');
    cpSync(whole, folder, { recursive: true });
    rmSync(join(folder, 'model.safetensors'));
    const { status, output } = run(folder);
    expect(output).toContain('stopped early');
    expect(status).toBe(0);
    expectSame(folder);
  });
});

describe('a training is refused', () => {
  it.each<[string, (folder: string) => void, string, string]>([
    [
      'with other settings than before',
      (folder) => cpSync(whole, folder, { recursive: true }),
      '--n-embd 64 --decay linear',
      'holds a training with --n-embd 32, --decay "cosine"',
    ],
    [
      'in a folder that holds other files',
      (folder) => cpSync(join(root, 'data', 'corpus'), folder, { recursive: true }),
      '',
      'holds other files, and no training that could go on',
    ],
    [
      'on a different text',
      (folder) => {
        cpSync(whole, folder, { recursive: true });
        writeFileSync(`${folder}.txt`, readFileSync(TEXT, 'utf8').replace('tide', 'edit'));
      },
      '--text FOLDER.txt',
      'holds a training with a different text',
    ],
    [
      'with rows longer than the text',
      () => undefined,
      '--n-positions 5000',
      'a window takes 5001 tokens but the text has',
    ],
    [
      'with a prompt of unknown characters',
      () => undefined,
      '--prompt %%',
      'is not among the 41 tokens',
    ],
    ['without its text', () => undefined, '--text nowhere.txt', 'nowhere.txt: there is no such'],
    [
      'with a width that its heads do not divide',
      () => undefined,
      '--n-embd 30 --n-head 4',
      '--n-embd must be divisible by --n-head, 4, got 30',
    ],
    [
      'that diverges',
      () => undefined,
      '--learning-rate 1e9 --warmup-steps 0 --max-grad-norm 0',
      'Give a lower --learning-rate',
    ],
  ])('%s', (name, prepare, more, message) => {
    const folder = join(temporary, name.replaceAll(' ', '-'));
    prepare(folder);
    const { status, output } = run(folder, more.replace('FOLDER', folder));
    expect(output).toContain(message);
    expect(output).toContain('Next step: ');
    expect(status).toBe(1);
  });

  it.each([
    ['dropout', '1', '--dropout must be a number from 0 to below 1, got 1'],
    ['validation-share', '0', '--validation-share must be a number above 0 to below 1, got 0'],
    ['seed', 'x', '--seed must be an integer of at least 0, got "x"'],
    ['steps', '', '--steps must be an integer of at least 1, got ""'],
    ['tokenizer', 'bytes', '--tokenizer must be characters, words, gpt2, got "bytes"'],
    ['decay', 'sine', '--decay must be cosine, linear, none, got "sine"'],
  ])('with --%s "%s"', (name, text, message) => {
    expect(() => valuesOf({ [name]: text })).toThrow(message);
  });
});
