import { afterAll, beforeAll, expect, it } from 'vitest';
import { errors, type Meanwhile, printed, Session } from './kernel-session';

let kernel: Session;
beforeAll(async () => {
  kernel = await Session.start();
});
afterAll(async () => {
  await kernel.stop();
});

/** Runs a cell that would never end, interrupts it, and expects an answer soon. */
async function interrupted(
  code: string,
  meanwhile: Meanwhile = { interrupts: [1] },
): Promise<void> {
  const ran = await kernel.run(code, meanwhile);
  expect(ran.reply).toMatchObject({ status: 'error', ename: 'Interrupted' });
  expect(errors(ran)).toHaveLength(1);
}

it('interrupts a training loop of the library, and none of it goes on', async () => {
  await kernel.run(`import { adamW, GPT, Random, train } from '../lib/index';
    const config = { nLayer: 1, nHead: 2, nEmbd: 16, nPositions: 8, vocabSize: 11 };
    const model = await GPT.create(config, 1);
    const state = { steps: 0 };
    const batch = () => ({ inputIds: [[1, 2, 3]], targets: [[2, 3, 4]] });`);
  await interrupted(
    `await train(model, batch, { steps: 1_000_000, learningRate: 1e-3,
      onStep: () => { if (++state.steps === 1) console.log('a step'); } });`,
    { interrupts: [0.3], after_output: true },
  );
  const after = Number(printed(await kernel.run('state.steps')));
  expect(after).toBeGreaterThan(0);
  expect(
    Number(printed(await kernel.run('await new Promise((r) => setTimeout(r, 300)); state.steps'))),
  ).toBe(after);
});

it('interrupts a generating cell, and the model still works afterwards', async () => {
  await kernel.run(`import { generate } from '../lib/index';
    const writer = (await GPT.create(config, 1)).eval();
    const heard = { tokens: 0 };`);
  await interrupted(
    `await generate(writer, [[1]], { maxNewTokens: 10_000_000, eosTokenId: null,
      onToken: () => { if (++heard.tokens === 1) console.log('a token'); } });`,
    { interrupts: [0.3], after_output: true },
  );
  const after = Number(printed(await kernel.run('heard.tokens')));
  expect(after).toBeGreaterThan(0);
  expect(
    Number(printed(await kernel.run('await new Promise((r) => setTimeout(r, 300)); heard.tokens'))),
  ).toBe(after);
  const again = await kernel.run(
    `const { sequences } = await generate(writer, [[1]], { maxNewTokens: 3, eosTokenId: null });
    sequences[0].length`,
  );
  expect(printed(again)).toBe('4\n');
});

it('interrupts a synchronous endless loop, also after an await', async () => {
  await interrupted('for (;;);');
  await interrupted('let rounds = 0; await null; while (true) rounds++;');
  expect(Number(printed(await kernel.run('rounds')))).toBeGreaterThan(1000);
});

it('interrupts synchronous code that has no loop of the cell in it', async () => {
  await interrupted('new Array(1e7).fill(0).forEach(() => { new Array(1e5).fill(0).sort(); });');
});

it('leaves no open gradient behind when it ends one that never checks for interrupts', async () => {
  await kernel.run(
    "import { ready, tf } from '../lib/index'; await ready(); const x = tf.scalar(3);",
  );
  const state = 'const { gradientDepth, kernelDepth, scopeStack } = (tf.engine() as any).state;\n'
    + '[tf.memory().numTensors, gradientDepth, kernelDepth, scopeStack.length]';
  const before = printed(await kernel.run(state));
  await interrupted(
    `tf.grad((value: any) => {
      value = value.square();
      console.log('in the gradient');
      /^(a+)+$/.test('a'.repeat(50) + 'b'); // takes years
      return value;
    })(x);`,
    { interrupts: [0.1], after_output: true },
  );
  expect(printed(await kernel.run(state))).toBe(before);
  expect(printed(await kernel.run('tf.grad((value: any) => value.square())(x).dataSync()[0]')))
    .toBe('6\n');
});

it('interrupts functions that call each other endlessly, also after an await', async () => {
  await interrupted(
    'await null; const fib = (n: number): number => n < 2 ? n : fib(n - 1) + fib(n - 2); fib(90);',
  );
  await interrupted(
    'await null; new Array(1e7).fill(0).forEach(() => { new Array(1e5).fill(0).sort(); });',
  );
  await interrupted(
    'function next(): void { process.nextTick(next); }\nnext(); await new Promise(() => {});',
  );
  await interrupted(
    'const turn = (): Promise<void> => Promise.resolve().then(turn); await turn();',
  );
});

it('interrupts a loop that awaits only resolved promises', async () => {
  await interrupted('let turns = 0; for (;;) { await null; turns++; }');
  await interrupted('async function spin() { for (;;) await Promise.resolve(1); }\nawait spin();');
});

it('ends every loop, timer and print of the interrupted cell', async () => {
  await interrupted(`const seen = { count: 0 };
    setInterval(() => { seen.count++; console.log('interval'); }, 10);
    setTimeout(() => { seen.count = 1e9; }, 1500);
    (async () => { for (;;) { await new Promise((r) => setTimeout(r, 10)); seen.count++; } })();
    await new Promise(() => {});`);
  const count = printed(await kernel.run('seen.count'));
  const later = await kernel.run('await new Promise((r) => setTimeout(r, 800)); seen.count');
  expect(printed(later)).toBe(count);
});

it('aborts what is queued after the interrupted cell, and runs what is sent later', async () => {
  const ran = await kernel.runAll([{ code: 'for (;;) await null;' }, { code: '"behind"' }], {
    interrupts: [0.5],
  });
  expect(ran.map(({ reply }) => reply!.status)).toEqual(['error', 'aborted']);
  expect(printed(await kernel.run('"afterwards"'))).toBe('afterwards\n');
});

it('survives interrupts that come when no cell runs, or in quick succession', async () => {
  await kernel.run('await new Promise((r) => setTimeout(r, 10));', {
    interrupts: [0.3, 0.32, 0.34],
  });
  await kernel.ask('kernel_info_request', {});
  expect((await kernel.run('1')).reply!.status).toBe('ok');
  await kernel.run('for (;;);', { interrupts: [0.3, 0.31, 0.32] });
  await kernel.ask('kernel_info_request', {});
  expect((await kernel.run('await new Promise((r) => setTimeout(r, 50)); 2')).reply!.status).toBe(
    'ok',
  );
});

it('still receives interrupts after a hundred in quick succession', async () => {
  const many = Array.from({ length: 100 }, (_, i) => 0.2 + i * 0.0005);
  await interrupted('for (;;);', { interrupts: many });
  await kernel.ask('kernel_info_request', {});
  expect((await kernel.run('1')).reply!.status).toBe('ok');
  await interrupted('for (;;) await null;', { interrupts: [0.2] });
});
