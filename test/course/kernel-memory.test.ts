/** What a kernel holds in memory, and what is right after it had none left. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { errors, printed, Session, trace } from './kernel-session';
import { writeSparseCheckpoint } from './sparse-checkpoint';

const GB = 1e9;
const WIDTH = { nHead: 16, nEmbd: 1024, nPositions: 64, vocabSize: 20_000 };

let kernel: Session;
let folder: string;
const at = (name: string): string => path.join(folder, name);
const literal = (text: string): string => JSON.stringify(text);

const SMALL = `import { generate, GPT } from '../lib/index';
  const small = (await GPT.create(
    { nLayer: 2, nHead: 2, nEmbd: 16, nPositions: 8, vocabSize: 11 }, 1)).eval();`;
/** Prints what a small model computes: always the same, {@link answer}. */
const ANSWER = `const { sequences } = await generate(small, [[1, 2]], {
    maxNewTokens: 5, eosTokenId: null });
  const row = small.forward([[1, 2, 3]]);
  console.log(JSON.stringify([sequences, [...row.dataSync()]]));
  row.dispose();`;
let answer: string;

/** Bytes of the kernel's process that are in real memory now. */
const resident = async (): Promise<number> =>
  Number(printed(await kernel.run('process.memoryUsage.rss()')));
const expectRight = async (): Promise<void> =>
  expect(printed(await kernel.run(ANSWER))).toBe(answer);

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'kernel-memory-'));
  kernel = await Session.start();
  await kernel.run(SMALL);
  answer = printed(await kernel.run(ANSWER));
  expect(JSON.parse(answer)).toMatchObject([[{ length: 7 }], { length: 33 }]);
});
afterAll(async () => {
  await kernel.stop();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

it('frees models of half a gigabyte that a cell loads again and again', async () => {
  const bytes = writeSparseCheckpoint(at('large'), WIDTH, { layers: 8, last: 0.75 });
  expect(bytes / GB).toBeGreaterThan(0.48);
  const before = await resident();
  const held: number[] = [];
  for (let i = 0; i < 9; i++) {
    const ran = await kernel.run(
      `const model = await GPT.load(${literal(at('large'))});
      model.parameters.get('ln_f.bias')!.dataSync().at(-1)`,
      { limit: 60 },
    );
    expect(trace(ran)).toBe('');
    expect(printed(ran)).toBe('0.75\n');
    held.push((await resident() - before) / GB);
  }
  await expectRight();
  // two or three models: the newest one, and those that the collector has not come to yet
  expect(Math.max(...held), `GB after each run: ${held.join(', ')}`).toBeLessThan(1.6);
}, 300_000);

it('refuses a model that cannot fit before it takes memory for it', async () => {
  const layers = 90;
  const bytes = writeSparseCheckpoint(at('huge'), WIDTH, { layers, last: 1 });
  const before = await resident();
  const config = JSON.stringify({ ...WIDTH, nLayer: layers });
  for (const make of [`GPT.load(${literal(at('huge'))})`, `GPT.create(${config}, 1)`]) {
    const ran = await kernel.run(`const unfit = await ${make};`);
    expect(errors(ran)[0]).toMatchObject({ ename: 'RangeError' });
    expect(errors(ran)[0]!.evalue).toMatch(
      new RegExp(
        `no memory left for weights of ${bytes.toLocaleString('en')} bytes: `
          + '[\\d,]+ bytes of 4,294,901,760 bytes are in use',
      ),
    );
    await expectRight();
  }
  expect(await resident() - before).toBeLessThan(0.2 * GB);
}, 120_000);

// V8 ends the process when its heap is full; no code can prevent that. The heap here is small, so
// that it is full soon.
const FILL = `const lists: number[][] = [];
  for (;;) lists.push(new Array<number>(100_000).fill(0.5));`;
it("ends when a list fills JavaScript's heap, and is right after Jupyter's restart", async () => {
  const other = await Session.start(undefined, { NODE_OPTIONS: '--max-old-space-size=512' });
  const ran = await other.run(FILL, { limit: 120 });
  expect(ran.reply).toBeNull();
  expect(await other.revive()).toBe(true);
  await other.run(SMALL);
  expect(printed(await other.run(ANSWER))).toBe(answer);
  expect(await other.stop()).toBe(false);
}, 300_000);
