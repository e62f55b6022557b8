import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync,
  writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../lib/course/setup/paths.mjs';
import { errors, printed, Session, trace } from './kernel-session';

describe('the library of the course', () => {
  let kernel: Session;
  beforeAll(async () => {
    kernel = await Session.start();
  });
  afterAll(async () => {
    await kernel.stop();
  });

  it('is imported from a notebook, and writes nothing to stderr', async () => {
    const ran = await kernel.run(`import { GPT, ready, tf } from '../lib/index';
      await ready();
      tf.scalar(2).square().print();`);
    expect(ran.reply!.status).toBe('ok');
    expect(ran.outputs.filter(({ name }) => name === 'stderr')).toEqual([]);
    expect(printed(ran)).toContain('4');
  });

  it('is not needed for TensorFlow.js itself, which writes nothing to stderr either', async () => {
    const other = await Session.start();
    const ran = await other.run(
      "import * as tfjs from '@tensorflow/tfjs';\ntfjs.tensor([1, 2]).sum().dataSync()[0]",
    );
    await other.stop();
    expect(ran.outputs.filter(({ name }) => name === 'stderr')).toEqual([]);
    expect(printed(ran)).toBe('3\n');
  });

  it('has parameters that a later cell may set to another value of their type', async () => {
    await kernel.run(
      "import { params } from '../lib/index';\n"
        + "const p = params({ causal: false, steps: 100, text: 'a', list: [1, 2] });",
    );
    const ran = await kernel.run("p.causal = true; p.steps = 50; p.text = 'b'; p.list = [3]; p");
    expect(trace(ran)).toBe('');
    expect(printed(ran)).toBe("{ causal: true, steps: 50, text: 'b', list: [ 3 ] }\n");
    expect(trace(await kernel.run('p.steps = "a"'))).toMatch(/not assignable to type 'number'/);
  });

  it('keeps the curves of a run, and draws those of a later one beside them', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'runs-'));
    await kernel.run("import { compare, lines, show } from '../lib/index';");
    const run = (name: string, steps: number) =>
      kernel.run(`p.steps = ${steps};
        const loss = { name: 'loss', y: [2, ${1 / steps}] };
        show(lines([loss], { title: 'Loss', xTitle: 'step', yTitle: 'nats' }));
        compare('${name}', ${JSON.stringify(folder)});`);
    expect(printed(await run('short', 10))).toContain('It is the first.');
    const ran = await run('long', 50);
    rmSync(folder, { recursive: true });
    expect(trace(ran)).toBe('');
    const figures = ran.outputs.flatMap(({ data }) =>
      data?.['application/vnd.plotly.v1+json'] ?? []
    );
    expect(figures[1]).toMatchObject({ data: [{ name: 'long (steps 50)', y: [2, 0.02] }, {
      name: 'short (steps 10)',
      y: [2, 0.1],
    }] });
  });

  it('has parameters whose declarations completion and inspection show', async () => {
    await kernel.run(`const q = params({
      temperature: { default: 0.5, range: [0.05, 5], about: 'Above 1 it flattens.' },
      topK: { default: 5, range: [1, 100], unit: 'words', about: 'A larger k keeps more.' },
    });
    const other = { topK: 1 };`);
    const code = '"🙂"; q.to + 1;'; // one code point, two UTF-16 units
    const completed = await kernel.ask('complete_request', { code, cursor_pos: 9 });
    expect(completed).toMatchObject({ matches: ['topK'], cursor_start: 7, cursor_end: 9, metadata: {
      _jupyter_types_experimental: [{ text: 'topK', type: 'parameter',
        signature: '5, from 1 to 100 words\nA larger k keeps more.', start: 7, end: 9 }],
    } });
    const all = await kernel.ask('complete_request', { code: 'q.', cursor_pos: 2 });
    expect(all!.metadata).toMatchObject({
      _jupyter_types_experimental: [{ text: 'temperature' }, { text: 'topK' }],
    });
    const inspect = async (text: string): Promise<string> => {
      const asked = { code: text, cursor_pos: text.length - 3, detail_level: 0 };
      return (await kernel.ask('inspect_request', asked))!.data!['text/plain']!;
    };
    expect(await inspect('q.temperature')).toBe(
      '(property) temperature: number\n\n0.5, from 0.05 to 5\nAbove 1 it flattens.',
    );
    expect(await inspect('other.topK')).toBe('(property) topK: number');
    expect(await kernel.ask('complete_request', { code: 'other.t', cursor_pos: 7 }))
      .toMatchObject({ matches: ['topK'], metadata: {} });
  });

  it('throws errors that name its files and their TypeScript lines', async () => {
    const ran = await kernel.run(
      `const config = { nLayer: 1, nHead: 3, nEmbd: 8, nPositions: 4, vocabSize: 5 };
      const run = () => GPT.create(config, 1);
      await run();`,
    );
    expect(ran.reply!.status).toBe('error');
    expect(trace(ran)).toMatch(/at .*\(lib\/model\/\w+\.ts:\d+:\d+\)/);
    expect(trace(ran)).toMatch(/cell \[\d+\], line 3,/);
    expect(trace(ran)).not.toMatch(/node_modules|lib\/course/);
  });

  it('is completed, and shown with its docstring', async () => {
    expect(await kernel.ask('complete_request', { code: 'GPT.cre', cursor_pos: 7 }))
      .toMatchObject({ matches: ['create'] });
    const emoji = 'const s = "🙂"; GPT.cre'; // one code point, two UTF-16 units
    expect(
      await kernel.ask('complete_request', { code: emoji, cursor_pos: Array.from(emoji).length }),
    )
      .toMatchObject({ matches: ['create'], cursor_end: Array.from(emoji).length });
    const shown = await kernel.ask('inspect_request', { code: 'GPT.create', cursor_pos: 6,
      detail_level: 0 });
    expect(shown!.found).toBe(true);
    expect(shown!.data!['text/plain']).toMatch(/create\(/);
    expect(shown!.data!['text/plain']!.split('\n').length).toBeGreaterThan(1);
  });
});

describe('a library file that is edited', () => {
  let folder: string;
  let kernel: Session;
  const write = (name: string, text: string): void =>
    writeFileSync(path.join(folder, 'lib', `${name}.ts`), text);
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'kernel-')));
    for (const name of ['lib', 'notebooks']) mkdirSync(path.join(folder, name));
    for (const name of ['package.json', 'tsconfig.json'])
      cpSync(path.join(root, name), path.join(folder, name));
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
    // A file where a folder would be: the result of a type check cannot be stored.
    writeFileSync(path.join(folder, '.cache'), '');
    write('inner', 'export const version: string = "old";\n');
    write(
      'outer',
      'import { version } from "./inner";\nexport const report = () => `outer says ${version}`;\n',
    );
    write('late', 'import { version } from "./inner";\nexport const late = version;\n');
  });
  afterEach(async () => {
    await kernel.stop();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const start = async (): Promise<void> => {
    kernel = await Session.start(path.join(folder, 'notebooks'));
  };

  it(
    'is never mixed with loaded files: the next cell warns and the next import fails',
    async () => {
      await start();
      expect(printed(await kernel.run('import { report } from "../lib/outer";\nreport()'))).toBe(
        'outer says old\n',
      );
      write('inner', 'export const version: string = "new";\n');
      const old = await kernel.run('report()');
      const warning = old.outputs.find(({ name }) => name === 'stderr')?.text;
      expect(warning).toMatch(/^lib\/inner\.ts changed .*restart the kernel/);
      const ran = await kernel.run('import { late } from "../lib/late";\nlate');
      expect(ran.reply).toMatchObject({ status: 'error', ename: 'StaleLibrary' });
      expect(ran.reply!.evalue).toMatch(/^lib\/inner\.ts changed .*restart the kernel/);
    },
    60_000,
  );

  it('is read again by every file that imports it after a restart', async () => {
    await start();
    const ran = await kernel.run(
      'import { report } from "../lib/outer";\nimport { late } from "../lib/late";\n'
        + '[report(), late]',
    );
    expect(printed(ran)).toBe("[ 'outer says new', 'new' ]\n");
  });

  it('may be dotted, a folder, JSON, part of a circle, or named with .js', async () => {
    write('dotted.name', 'export const dotted = 1;\n');
    mkdirSync(path.join(folder, 'lib', 'room'));
    write(
      'room/index',
      'import data from "./data.json";\nexport const inRoom: number = data.value;\n',
    );
    writeFileSync(path.join(folder, 'lib', 'room', 'data.json'), '{ "value": 2 }');
    const circle = (name: string, other: string, end: number): void =>
      write(
        name,
        `import { ${other} } from './${other}';\n`
          + `export const ${name} = (n: number): number => n ? ${other}(n - 1) : ${end};\n`,
      );
    circle('chicken', 'egg', 3);
    circle('egg', 'chicken', 4);
    await start();
    const ran = await kernel.run(`import { dotted } from '../lib/dotted.name';
      import { inRoom } from '../lib/room';
      import { chicken } from '../lib/chicken';
      import { egg } from '../lib/egg.js';
      [dotted, inRoom, chicken(2), egg(2)]`);
    expect(printed(ran)).toBe('[ 1, 2, 3, 4 ]\n');
  });

  it(
    'with a type error is reported at import with its file and line, and does not run',
    async () => {
      write('inner', 'console.log("ran");\n\nexport const version: string = 3;\n');
      await start();
      const ran = await kernel.run('import { report } from "../lib/outer";\nreport()');
      expect(ran.reply).toMatchObject({ status: 'error', ename: 'TypeScriptError' });
      expect(errors(ran)[0]!.evalue).toMatch(/^lib\/inner\.ts:3:14: .*not assignable/);
      expect(printed(ran)).toBe('');
      write('inner', 'export const version: string = "repaired";\n');
      expect(printed(await kernel.run('import { report } from "../lib/outer";\nreport()'))).toBe(
        'outer says repaired\n',
      );
    },
    60_000,
  );
});

it('leaves no process behind when it is shut down', async () => {
  const kernel = await Session.start();
  expect(await kernel.stop()).toBe(false);
});
