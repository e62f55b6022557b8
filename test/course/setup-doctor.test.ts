import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync,
  writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { transformSync } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { installTranslator, packagesOf } from '../../lib/course/setup/papermill-translator.mjs';
import { root } from '../../lib/course/setup/paths.mjs';
import { type Outcome, pathWithPython, Scratch } from './scratch';

let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
  scratch.borrowEnvironment();
  writeKernel([
    process.execPath,
    scratch.path('lib', 'course', 'kernel', 'main.cjs'),
    '{connection_file}',
  ]);
  installTranslator(scratch.folder, scratch.path('.venv'));
});
afterEach(() => scratch.remove());

function writeKernel(argv: readonly string[]): void {
  const folder = scratch.path('.venv', 'share', 'jupyter', 'kernels', 'tslab');
  mkdirSync(folder, { recursive: true });
  const spec = { argv, display_name: 'TypeScript', language: 'typescript' };
  writeFileSync(join(folder, 'kernel.json'), JSON.stringify(spec));
}

/** Then no cell is run, which takes seconds. */
const withoutKernel = (): void =>
  rmSync(scratch.path('.venv', 'share', 'jupyter', 'kernels'), { recursive: true });

function expectTrouble({ code, output }: Outcome, finding: RegExp, remedy: RegExp): void {
  const lines = output.split('\n');
  const at = lines.findIndex((line) => line.startsWith('WRONG') && finding.test(line));
  expect(at, output).toBeGreaterThanOrEqual(0);
  expect(lines[at + 1]).toMatch(remedy);
  expect(code).toBe(1);
}

test('a complete course is well', async () => {
  const { code, output } = await scratch.run('doctor');
  expect(output).not.toContain('WRONG');
  expect(output).toContain('All is well');
  expect(code).toBe(0);
  expect(readdirSync(scratch.home)).toEqual([]);
});

test('every program that npm runs says so when Node is too old', async () => {
  const fake = join(scratch.base, 'old.mjs');
  writeFileSync(
    fake,
    `const value = { ...process.versions, node: '18.19.0' };
    Object.defineProperty(process, 'versions', { value });`,
  );
  const old = { NODE_OPTIONS: `--import ${pathToFileURL(fake).href}` };
  for (const program of ['doctor', 'start', 'setup', 'run-tests']) {
    const { code, output } = await scratch.run(program, [], old);
    expect(output).toMatch(
      /^\nProblem: .*Node 20 or newer; this is Node 18\.19\.0\.\nNext step: .*nodejs\.org.*\n$/,
    );
    expect(code).toBe(1);
  }
});

test('a Node of the last ten years can read what npm runs', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const programs = { doctor: 'doctor', start: 'start', setup: 'setup', test: 'run-tests' };
  expect(scripts).toMatchObject(
    Object.fromEntries(
      Object.entries(programs).map((
        [name, program],
      ) => [name, `node lib/course/setup/run.cjs ${program}`]),
    ),
  );
  for (const file of ['run.cjs', 'node-version.cjs']) {
    const text = readFileSync(join(root, 'lib', 'course', 'setup', file), 'utf8');
    const old = { target: 'node10.0', supported: { 'dynamic-import': true } };
    expect(transformSync(text, old).code).toBe(transformSync(text, { target: 'esnext' }).code);
  }
});

// The stand-ins for Python are shell scripts.
describe.skipIf(process.platform === 'win32')('Python', () => {
  const doctor = (answer: object): Promise<Outcome> => {
    withoutKernel();
    return scratch.run('doctor', [], { COURSE_PYTHON: '', PATH: pathWithPython(scratch, answer) });
  };

  test('too old', async () => {
    const outcome = await doctor({ version: [3, 8, 10], able: true,
      executable: '/usr/bin/python3' });
    expectTrouble(
      outcome,
      /needs Python 3\.10 or newer; the PATH has only Python 3\.8\.10/,
      /python\.org/,
    );
  });

  test('without its venv module', async () => {
    const outcome = await doctor({ version: [3, 12, 1], able: false,
      executable: '/usr/bin/python3' });
    expectTrouble(outcome, /Python 3\.12\.1 .* has no venv module/, /apt install python3-venv/);
  });

  test('absent', async () => {
    withoutKernel();
    const outcome = await scratch.run('doctor', [], { COURSE_PYTHON: '', PATH: scratch.home });
    expectTrouble(outcome, /none was found on the PATH/, /python\.org/);
  });
});

test('packages that are absent, half installed or of another version', async () => {
  const modules = scratch.path('node_modules');
  rmSync(modules);
  expectTrouble(await scratch.run('doctor'), /npm packages are not installed/, /npm start/);
  mkdirSync(modules);
  expectTrouble(await scratch.run('doctor'), /npm packages was interrupted/, /npm start/);
  writeFileSync(join(modules, '.package-lock.json'), '{}');
  mkdirSync(join(modules, 'tslab'));
  writeFileSync(join(modules, 'tslab', 'package.json'), '{ "version": "1.0.21" }');
  const outcome = await scratch.run('doctor');
  expectTrouble(outcome, /node_modules differs from package-lock\.json/, /npm start/);
  expectTrouble(outcome, /npm registry does not answer/, /network/);
  writeFileSync(join(modules, 'tslab', 'package.json'), '');
  expectTrouble(
    await scratch.run('doctor'),
    /node_modules differs from package-lock\.json/,
    /npm start/,
  );
});

test('an environment that is absent, interrupted or moved', async () => {
  const moved = join(scratch.base, 'elsewhere');
  renameSync(scratch.folder, moved);
  scratch.folder = moved;
  expectTrouble(await scratch.run('doctor'), /folder was moved/, /npm start/);
  rmSync(scratch.path('.venv', 'pyvenv.cfg'));
  writeFileSync(
    scratch.path('.venv', 'course.json'),
    JSON.stringify({ folder: scratch.path('.venv') }),
  );
  expectTrouble(
    await scratch.run('doctor'),
    /Python that \.venv was made with is gone/,
    /npm start/,
  );
  writeFileSync(scratch.path('.venv', 'course.json'), '{ "folder": "/cut o');
  expectTrouble(await scratch.run('doctor'), /\.venv was interrupted/, /npm start/);
  rmSync(scratch.path('.venv', 'course.json'));
  expectTrouble(await scratch.run('doctor'), /\.venv was interrupted/, /npm start/);
  rmSync(scratch.path('.venv'), { recursive: true });
  expectTrouble(await scratch.run('doctor'), /\.venv is not there/, /npm start/);
});

test.each([
  ['esbuild/lib/main.js', 'starts with'],
  ['@tensorflow/tfjs/dist/tf.node.js', 'computes with'],
])('the file %s is missing, which the kernel %s', async (missing) => {
  const [name = ''] = /^(@[^/]+\/)?[^/]+/.exec(missing) ?? [];
  const modules = scratch.path('node_modules');
  const real = join(root, 'node_modules');
  rmSync(modules);
  mkdirSync(modules);
  for (const entry of readdirSync(real)) {
    if (name.split('/')[0] === entry) mkdirSync(join(modules, entry));
    else symlinkSync(join(real, entry), join(modules, entry));
  }
  const [scope = '', own] = name.split('/');
  for (const entry of readdirSync(join(real, scope)).filter((one) => own && one !== own))
    symlinkSync(join(real, scope, entry), join(modules, scope, entry));
  cpSync(join(real, name), join(modules, name), { recursive: true });
  rmSync(join(modules, missing));
  expectTrouble(
    await scratch.run('doctor'),
    /kernel does not run a cell \(.*/,
    /npm run setup installs the npm packages/,
  );
}, 120_000);

test('folders that may not be written', async () => {
  mkdirSync(scratch.path('.cache'), { recursive: true });
  for (const part of ['.cache', '.venv', '.']) chmodSync(scratch.path(part), 0o555);
  scratch.loseRights();
  expectTrouble(
    await scratch.run('doctor'),
    /The folder .* cannot be written/,
    /Give yourself the right to write there/,
  );
  for (const part of ['.', '.venv', '.cache']) chmodSync(scratch.path(part), 0o755);
});

test('a Python package of another version', async () => {
  const file = scratch.path('lib', 'course', 'setup', 'requirements.txt');
  writeFileSync(file, 'plotly==1.2.3\n');
  expectTrouble(await scratch.run('doctor'), /pinned Python packages have changed/, /npm start/);
});

test('a kernel that is absent, or a stock tslab in its place', async () => {
  writeKernel([
    process.execPath,
    scratch.path('node_modules', 'tslab', 'bin', 'tslab'),
    'kernel',
    '{connection_file}',
  ]);
  expectTrouble(
    await scratch.run('doctor'),
    /not the course's has taken its name tslab/,
    /npm start/,
  );
  withoutKernel();
  expectTrouble(await scratch.run('doctor'), /kernel is not registered/, /npm start/);
});

test("papermill without the course's translator", async () => {
  withoutKernel();
  rmSync(join(packagesOf(scratch.path('.venv')), 'course_papermill.pth'));
  const finding = /papermill does not find the course's translator \(.+\)/i;
  expectTrouble(await scratch.run('doctor'), finding, /npm start/);
  installTranslator(scratch.base, scratch.path('.venv')); // as if the folder had been moved
  expectTrouble(await scratch.run('doctor'), finding, /npm start/);
});

test('a taken port needs no repair', async () => {
  withoutKernel();
  const server = createServer();
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  const { port } = server.address() as AddressInfo;
  const taken = await scratch.run('doctor', ['--port', String(port)]);
  await new Promise((settle) => server.close(settle));
  expect(taken.output).toMatch(
    new RegExp(
      `note +Port ${port} is taken\\.\\n +Nothing to repair: npm start takes the next free one`,
    ),
  );
  expect(taken.output).toContain('1 to repair.'); // the kernel, not the port
  const free = await scratch.run('doctor', ['--port', String(port)]);
  expect(free.output).toContain(`ok    Port ${port} is free.`);
});
