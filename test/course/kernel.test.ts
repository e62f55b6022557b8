import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errors, printed, Session, trace } from './kernel-session';

let kernel: Session;
beforeAll(async () => {
  kernel = await Session.start();
});
afterAll(async () => {
  await kernel.stop();
});

describe('a cell that fails', () => {
  it('names the exception, the function and the TypeScript line, also in the reply', async () => {
    const ran = await kernel.run([
      'interface Unused { a: number }',
      '',
      'function tooBig(n: number): number {',
      '  const limit: number = 2;',
      '  if (n > limit) throw new RangeError(`got ${n}`);',
      '  return n;',
      '}',
      'tooBig(3)',
    ].join('\n'));
    expect(ran.reply).toMatchObject({ status: 'error', ename: 'RangeError', evalue: 'got 3' });
    expect(errors(ran)).toHaveLength(1);
    expect(errors(ran)[0]).toMatchObject({ ename: 'RangeError', evalue: 'got 3',
      traceback: ran.reply!.traceback });
    expect(trace(ran)).toMatch(/at tooBig \(cell \[\d+\], line 5,/);
    expect(trace(ran)).toMatch(/at cell \[\d+\], line 8,/);
    expect(trace(ran)).not.toMatch(/node:|node_modules|lib\/course|exports/);
    expect(ran.outputs.filter(({ name }) => name === 'stderr')).toEqual([]);
  });

  it.each([
    ['throw "boom"', 'boom', 1],
    ['\nthrow { code: 7 }', '{ code: 7 }', 2],
    ['await null;\n\nthrow undefined', 'undefined', 3],
  ])('shows what is not an Error as a value: %j', async (code, evalue, line) => {
    const ran = await kernel.run(code);
    expect(ran.reply).toMatchObject({ status: 'error', ename: 'Thrown', evalue });
    expect(trace(ran)).toMatch(new RegExp(`cell \\[\\d+\\], line ${line},`));
  });

  it('reports a type error with line, column and code, and runs nothing', async () => {
    const ran = await kernel.run('console.log("ran");\nconst n: number = "3";');
    expect(ran.reply).toMatchObject({ status: 'error', ename: 'TypeScriptError' });
    expect(trace(ran)).toMatch(/cell \[\d+\], line 2, column 7: .*not assignable.*TS2322/);
    expect(printed(ran)).toBe('');
  });

  it('is as strict as the project', async () => {
    const ran = await kernel.run('const found = [1].find((n) => n > 1);\nfound.toFixed()');
    expect(trace(ran)).toMatch(/line 2, column 1: 'found' is possibly 'undefined'/);
  });

  it('reports a rejection that it awaits', async () => {
    const ran = await kernel.run('await null;\nawait Promise.reject(new TypeError("no"))');
    expect(ran.reply).toMatchObject({ status: 'error', ename: 'TypeError', evalue: 'no' });
    expect(trace(ran)).toMatch(/cell \[\d+\], line 2,/);
  });

  it('shows every error of an AggregateError, with its line', async () => {
    const ran = await kernel.run(
      'const no = async (n: number) => { throw new Error(`no ${n}`); };\n'
        + 'await Promise.any([no(1), no(2)])',
    );
    expect(ran.reply).toMatchObject({ status: 'error', ename: 'AggregateError' });
    expect(trace(ran)).toMatch(/One of its errors: Error: no 1\n {4}at no \(cell \[\d+\], line 1,/);
    expect(trace(ran)).toContain('One of its errors: Error: no 2');
  });

  it.each([
    ['const e = new Error("own cause"); e.cause = e; throw e', 'own cause'],
    [
      'const inner = new Error("in"); const out = new Error("out", { cause: inner }); '
      + 'inner.cause = out; throw out',
      'out',
    ],
    [
      'class Evil extends Error { override get message(): string { throw this; } }\n'
      + 'throw new Evil()',
      'an error that cannot be shown, because reading its name, message or stack fails',
    ],
  ])('survives an error that cannot be shown normally: %j', async (code, evalue) => {
    expect((await kernel.run(code)).reply).toMatchObject({ status: 'error', evalue });
    expect((await kernel.run('1')).reply!.status).toBe('ok');
  });

  it('reports a rejection that no code awaits, and fails', async () => {
    const ran = await kernel.run(
      'async function late() { await null; throw new Error("unseen"); }\nvoid late();',
    );
    expect(ran.reply).toMatchObject({ status: 'error', evalue: 'unseen' });
    expect(trace(ran)).toMatch(/at (async )?late \(cell/);
  });

  it('reports every uncaught error, also beside its own, and none twice', async () => {
    const two = await kernel.run(
      'void Promise.reject(new Error("one"));\nvoid Promise.reject(new Error("two"));',
    );
    expect(two.reply).toMatchObject({ status: 'error', evalue: 'one' });
    expect(trace(two)).toMatch(/Also uncaught: Error: two\n {4}at cell \[\d+\], line 2,/);
    const beside = await kernel.run(
      'void Promise.reject(new Error("unseen")); throw new Error("own")',
    );
    expect(beside.reply).toMatchObject({ status: 'error', evalue: 'own' });
    expect(trace(beside)).toContain('Also uncaught: Error: unseen');
    const same = await kernel.run(
      'const error = new Error("same"); void Promise.reject(error); throw error',
    );
    expect(trace(same).match(/same/g)).toHaveLength(1);
    const many = await kernel.run(
      'for (let i = 0; i < 20; i++) void Promise.reject(new Error(`${i}`));',
    );
    expect(trace(many)).toMatch(/Also uncaught: 14 more$/);
  });

  it('reports a rejection after its end in the next cell, with its own name', async () => {
    const [first, second] = await kernel.runAll([
      { code: 'setTimeout(() => { void Promise.reject(new Error("afterwards")); }, 30);' },
      { code: 'await new Promise((resolve) => setTimeout(resolve, 100));' },
    ]);
    expect(first!.reply!.status).toBe('ok');
    expect(errors(second!)[0]!.evalue).toBe(`not awaited in cell [${first!.input}]: afterwards`);
    expect(trace(second!)).toContain(`cell [${first!.input}], line 1`);
  });

  it('keeps the names that had their value, and old values of names it did not reach', async () => {
    await kernel.run('const kept = "old"; const lost = "old";');
    const failed = await kernel.run(
      'const kept = 1; function f() { return kept; }\nthrow new Error("x");\nconst lost = 2;',
    );
    expect(failed.reply!.status).toBe('error');
    const after = await kernel.run('const n: number = kept; const s: string = lost; [n, s, f()]');
    expect(printed(after)).toBe("[ 1, 'old', 1 ]\n");
  });
});

describe('the queue', () => {
  it('runs all queued cells when the client sets stop_on_error to false', async () => {
    const go = { stop_on_error: false };
    const ran = await kernel.runAll([
      { code: 'throw new Error("1")', ...go },
      { code: '2', ...go },
      { code: '3', ...go },
    ]);
    expect(ran.map(({ reply }) => reply!.status)).toEqual(['error', 'ok', 'ok']);
  });

  it('aborts all queued cells after a failure, and runs the next one at once', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'kernel-'));
    const file = path.join(folder, 'all-are-queued');
    const waiting = `import { existsSync } from 'node:fs';
      while (!existsSync(${
      JSON.stringify(file)
    })) await new Promise((resolve) => setTimeout(resolve, 5));
      throw new Error('first');`;
    const ran = await kernel.runAll(
      [{ code: waiting }, { code: '"second"' }, { code: '"third"' }],
      { path: file },
    );
    rmSync(folder, { recursive: true });
    expect(ran.map(({ reply }) => reply!.status)).toEqual(['error', 'aborted', 'aborted']);
    expect(ran.every(({ idle }) => idle)).toBe(true);
    expect(printed(await kernel.run('"afterwards"'))).toBe('afterwards\n');
  });

  it('runs every cell that is sent after a failure was reported', async () => {
    for (let round = 0; round < 8; round++) {
      expect((await kernel.run('throw new Error("x")')).reply!.status).toBe('error');
      expect((await kernel.run('1')).reply!.status).toBe('ok');
    }
  });

  it('aborts what came while a failing cell blocked the event loop', async () => {
    const ran = await kernel.runAll([
      {
        code: 'const until = Date.now() + 300; while (Date.now() < until); throw new Error("slow")',
      },
      { code: '1' },
    ]);
    expect(ran.map(({ reply }) => reply!.status)).toEqual(['error', 'aborted']);
  });

  it('counts cells by one, and silent ones not at all', async () => {
    const ran = await kernel.runAll([{ code: '1' }, { code: '2', silent: true }, { code: '3' }]);
    expect(ran[0]!.reply!.execution_count).toBe(ran[0]!.input);
    expect(ran[1]!.input).toBeNull();
    expect(ran[2]!.input).toBe(ran[0]!.input! + 1);
  });
});

describe('output', () => {
  it('has all of 20,000 lines of one tick', async () => {
    const ran = await kernel.run('for (let i = 0; i < 20_000; i++) console.log(`line ${i}`);');
    expect(ran.idle).toBe(true);
    expect(printed(ran)).toBe(Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join(''));
  });

  it('may be a line of 4 MB, or text without a newline', async () => {
    expect(printed(await kernel.run('console.log("x".repeat(4 << 20));'))).toHaveLength(
      (4 << 20) + 1,
    );
    expect(printed(await kernel.run('void process.stdout.write("no newline");'))).toBe(
      'no newline',
    );
  });

  it('never has half of a character, with which a notebook could not be saved', async () => {
    expect(printed(await kernel.run('console.log("\\ud83d \\\\ud83d \\ud83d\\ude00");'))).toBe(
      '\ufffd \\ud83d 😀\n',
    );
    expect((await kernel.run('throw new Error("half \\ud83d")')).reply!.evalue).toBe('half \ufffd');
  });

  it('joins the bytes of a character that come one by one, as from a pipe', async () => {
    const ran = await kernel.run(
      'for (const byte of Buffer.from("€ 😀")) void process.stdout.write(Buffer.from([byte]));',
    );
    expect(printed(ran)).toBe('€ 😀');
  });

  it('shows a display in all its forms, and updates it by its id', async () => {
    const ran = await kernel.run(`
      const screen = Reflect.get(process, Symbol.for('course.display'));
      screen.display({ 'text/plain': 'a', 'application/json': { a: 1 } }, 'picture');
      screen.update({ 'text/plain': 'b' }, 'picture');`);
    const transient = { display_id: 'picture' };
    expect(ran.outputs).toMatchObject([
      { type: 'display_data', data: { 'text/plain': 'a', 'application/json': { a: 1 } },
        transient },
      { type: 'update_display_data', data: { 'text/plain': 'b' }, transient },
    ]);
  });

  it('shows what tslab displays', async () => {
    const ran = await kernel.run(
      'import * as tslab from "tslab";\ntslab.display.html("<b>bold</b>");',
    );
    expect(ran.outputs).toMatchObject([{ type: 'display_data',
      data: { 'text/html': '<b>bold</b>' } }]);
  });

  it('shows a promise without the properties that the kernel ties to it', async () => {
    expect(printed(await kernel.run('Promise.resolve(3)'))).toBe('Promise { 3 }\n');
  });
});

describe('names of earlier cells', () => {
  it('are right in shorthand properties and destructuring assignments', async () => {
    await kernel.run('let a = 1, b = 2, c = 3; const y = { a, b };');
    expect(printed(await kernel.run('[{ y, a }]'))).toBe('[ { y: { a: 1, b: 2 }, a: 1 } ]\n');
    await kernel.run(
      '({ a, b = 8, c = 9 } = { a: 5, b: 6 } as { a: number; b: number; c?: number });',
    );
    await kernel.run('[a, b] = [b, a];');
    expect(printed(await kernel.run('[a, b, c]'))).toBe('[ 6, 5, 9 ]\n');
  });

  it('are not meant where a pattern or an object names a property', async () => {
    await kernel.run(
      'const words = ["a"]; const list: { words: string[] }[] = [{ words: ["b"] }];',
    );
    expect(printed(await kernel.run('for (const { words: own } of list) console.log(own, words);')))
      .toBe("[ 'b' ] [ 'a' ]\n");
    await kernel.run('let taken: string[]; ({ words: taken } = list[0]);');
    expect(printed(await kernel.run('taken'))).toBe("[ 'b' ]\n");
  });

  it('can be used with a lone `for await` and with await in functions', async () => {
    expect(
      printed(await kernel.run('for await (const n of [1, Promise.resolve(2)]) console.log(n);')),
    ).toBe('1\n2\n');
    expect(
      printed(
        await kernel.run('const twice = async (n: number) => (await n) * 2; await twice(a);'),
      ),
    ).toBe('12\n');
  });
});

describe('a `let` or `var` of an earlier cell', () => {
  it.each([
    ['let rate = 0.1; const ofRate = () => rate;', 'rate = 0.01; ofRate()', '0.01'],
    ['var count = 0; function up() { return ++count; }', 'count = 10; [up(), count]', '[ 11, 11 ]'],
    ['let later: number | undefined; const ofLater = () => later;', 'later = 4; ofLater()', '4'],
    [
      'let [first, { second }] = [1, { second: 2 }]; const both = () => [first, second];',
      '({ second } = { second: 3 }); first++; both()',
      '[ 2, 3 ]',
    ],
    [
      'let waited = await Promise.resolve(1); const ofWaited = () => { waited *= 2; };',
      'waited = 5; ofWaited(); waited',
      '10',
    ],
    [
      'for (var turn = 0; turn < 3; turn++); const ofTurn = () => turn;',
      'turn += 4; ofTurn()',
      '7',
    ],
    ['let reached = 1; const ofReached = () => reached; throw 0;', 'reached = 2; ofReached()', '2'],
  ])(
    'is one variable for the cell, its functions and later cells: %s',
    async (first, then, out) => {
      await kernel.run(first);
      expect(printed(await kernel.run(then))).toBe(`${out}\n`);
    },
  );

  it('is another variable once a cell declares it again', async () => {
    await kernel.run('let again = 1; const ofFirst = () => again;');
    await kernel.run('let again = "a"; const ofSecond = () => again;');
    expect(printed(await kernel.run('again = "b"; [ofFirst(), ofSecond()]'))).toBe("[ 1, 'b' ]\n");
  });
});

describe('legal code', () => {
  it.each([
    ['const Hidden = class { private n = 3; get() { return this.n; } };\nnew Hidden().get()', '3'],
    ['const make = () => { class Inner { x = 1 } return new Inner(); };\nmake().x', '1'],
    [
      'function keyed() { const s: unique symbol = Symbol(); return { [s]: 1 }; }\ntypeof keyed()',
      'object',
    ],
    ['export const shown = 1;\nshown', '1'],
    [
      'export type Id = number; export interface Of { id: Id }\nconst it: Of = { id: 1 }; it.id',
      '1',
    ],
    ['const listed = 5;\nexport { listed };\nexport default listed;', '5'],
    ['export default function named() { return 6; }\nnamed()', '6'],
    ['const __x = 7;\n__x', '7'],
    ['declare global { interface Window { own: 1 } }\n1', '1'],
    ['await (async () => { await null; return 8; })()', '8'],
    ['const inParentheses: number = await (Promise.resolve(9)); inParentheses', '9'],
    ['if (await (Promise.resolve(true))) console.log(10);', '10'],
    ['await [11]', '[ 11 ]'],
    ['"a\u2028b\u2029c".length', '5'],
    ['`\u2028`.length // \u2028', '1'],
  ])('runs: %j', async (code, out) => {
    const ran = await kernel.run(code);
    expect(trace(ran)).toBe('');
    expect(printed(ran)).toBe(`${out}\n`);
  });

  it('has the declared names in the next cell, too', async () => {
    const after = 'const id: Id = __x; [new Hidden().get(), make().x, shown, named(), id]';
    expect(printed(await kernel.run(after))).toBe('[ 3, 1, 1, 6, 7 ]\n');
  });

  it.each([
    ['{ a: 1 }', '{ a: 1 }'],
    ['{ a: 1, b: [2] } // shown', '{ a: 1, b: [ 2 ] }'],
    ['const own = 3\n{ own, ...{ c: 4 } }', '{ own: 3, c: 4 }'],
    ['{}', '{}'],
    ['{ console.log("a block"); }', 'a block'],
    ['{ let inside = 1; inside; }\n"after"', 'after'],
  ])('prints an object literal at its end, and runs a block: %j', async (code, out) => {
    expect(printed(await kernel.run(code))).toBe(`${out}\n`);
  });

  it('names the right column of an error beside an object literal', async () => {
    const ran = await kernel.run('const text = ""\n{ n: text * 2 }');
    expect(trace(ran)).toMatch(/line 2, column 6: .*TS2362/);
  });

  it('shows the text of its functions without what the kernel put in', async () => {
    const ran = await kernel.run(`const outer = 2;`);
    expect(ran.reply!.status).toBe('ok');
    const shown = await kernel.run(
      'function f(n: number) { for (;;) { if (n > 3) throw new Error("x"); else return outer; } }\n'
        + 'class A { async m(x: number) { return (await x) * outer; } }\n'
        + 'for (const each of [f, (n: number) => n * 2, A, new A().m, () => ({ a: outer })]) '
        + 'console.log(`${each}`.replace(/\\s+/g, " "));',
    );
    expect(printed(shown).split('\n')).toEqual([
      'function f(n) { for (;;) { if (n > 3) throw new Error("x"); else return outer; } }',
      '(n) => n * 2',
      'class A { async m(x) { return (await x) * outer; } }',
      'async m(x) { return (await x) * outer; }',
      '() => ({ a: outer })',
      '',
    ]);
  });
});

describe('what only browsers have', () => {
  it.each(['print("hello")', 'alert("x")', 'const shown = { status };', 'globalThis.prompt("x")'])(
    'is an unknown name: %s',
    async (code) => {
      const ran = await kernel.run(code);
      expect(ran.reply).toMatchObject({ ename: 'TypeScriptError' });
      expect(trace(ran)).toMatch(/Cannot find name '\w+': only browsers have it\. \(TS2304\)$/);
      expect(errors(ran)[0]!.traceback).toHaveLength(1);
    },
  );

  it('may be a name of a cell, be asked for by typeof, and be a type', async () => {
    expect((await kernel.run('const name = "a", print = (s: string) => s.length;')).reply!.status)
      .toBe('ok');
    expect(
      printed(
        await kernel.run(
          'const none: HTMLElement | null = null;\n[print(name), typeof window, none]',
        ),
      ),
    ).toBe("[ 1, 'undefined', null ]\n");
  });
});

it('does not wait for input: reading fails or ends at once', async () => {
  const ask = `import { createInterface } from 'node:readline/promises';
    await createInterface({ input: process.stdin, output: process.stdout }).question('Name? ');`;
  const { reply } = await kernel.run(ask);
  expect(reply?.status).toBe('error');
  expect(reply?.evalue).toContain('typed');
  expect(
    printed(await kernel.run("import { readFileSync } from 'node:fs';\nreadFileSync(0).length")),
  ).toBe('0\n');
});

it('answers the small questions of its clients', async () => {
  expect(await kernel.ask('history_request', { hist_access_type: 'tail', n: 1 })).toMatchObject({
    history: [],
  });
  expect(await kernel.ask('is_complete_request', { code: 'function f() {' })).toMatchObject({
    status: 'incomplete',
  });
  expect(await kernel.ask('comm_info_request', {})).toMatchObject({ type: 'comm_info_reply' });
});
