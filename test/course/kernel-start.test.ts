import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, closeSync, cpSync, existsSync, mkdirSync, mkdtempSync, openSync,
  readdirSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync,
  writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchParent } from '../../lib/course/kernel/interrupt-thread.cjs';
import { installKernelSpec } from '../../lib/course/setup/jupyter-kernel.mjs';
import { root } from '../../lib/course/setup/paths.mjs';
import { Session } from './kernel-session';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'kernel-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the kernel with its own copy of tslab; all other packages are linked. */
function copyKernel(): string {
  const parts = [
    'package.json',
    'tsconfig.json',
    'lib/course/kernel',
    'lib/base',
    'lib/course/setup/node-version.cjs',
  ];
  for (const part of parts) {
    cpSync(path.join(root, part), path.join(folder, part), { recursive: true });
  }
  const modules = path.join(root, 'node_modules');
  mkdirSync(path.join(folder, 'node_modules'));
  for (const name of readdirSync(modules)) {
    if (name !== 'tslab')
      symlinkSync(path.join(modules, name), path.join(folder, 'node_modules', name), 'junction');
  }
  cpSync(path.join(modules, 'tslab'), path.join(folder, 'node_modules', 'tslab'), {
    recursive: true,
  });
  return path.join(folder, 'lib', 'course', 'kernel', 'main.cjs');
}

const connection = { transport: 'tcp', ip: '127.0.0.1', key: 'k', shell_port: 1, iopub_port: 1,
  control_port: 1, stdin_port: 1, hb_port: 1 };

it('stops with one clear sentence when the installed tslab is not the pinned one', () => {
  const main = copyKernel();
  appendFileSync(
    path.join(folder, 'node_modules', 'tslab', 'dist', 'converter.js'),
    '\n// another text\n',
  );
  writeFileSync(path.join(folder, 'connection.json'), JSON.stringify(connection));
  const { status, stderr } = spawnSync(process.execPath, [
    main,
    path.join(folder, 'connection.json'),
  ], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 30_000,
  });
  expect(status).toBe(1);
  expect(stderr).toMatch(
    /^the course's kernel cannot start: tslab's converter\.js is not that of tslab 1\.0\.22/,
  );
  expect(stderr).toContain('npm run setup');
  expect(stderr.trim().split('\n')).toHaveLength(1);
});

it('names the program that starts it when it is started by hand', () => {
  const main = path.join(root, 'lib', 'course', 'kernel', 'main.cjs');
  const { status, stderr } = spawnSync(process.execPath, [main], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toMatch(/started by Jupyter.*npm start/);
});

it('ends when the program that started it has ended before its first check', async () => {
  const main = path.join(root, 'lib', 'course', 'kernel', 'main.cjs');
  const gone = spawnSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).stdout
    .trim();
  const ports = Object.fromEntries(
    await Promise.all(
      ['shell_port', 'iopub_port', 'control_port', 'stdin_port', 'hb_port'].map(async (name) => {
        const server = createServer().listen(0, '127.0.0.1');
        await once(server, 'listening');
        const { port } = server.address() as AddressInfo;
        await new Promise((resolve) => server.close(resolve));
        return [name, port] as const;
      }),
    ),
  );
  writeFileSync(path.join(folder, 'connection.json'), JSON.stringify({ ...connection, ...ports }));
  const kernel = spawn(process.execPath, [main, path.join(folder, 'connection.json')], {
    cwd: path.join(root, 'notebooks'),
    env: { ...process.env, JPY_PARENT_PID: gone },
  });
  expect(await once(kernel, 'exit')).toEqual([0, null]);
});

it('ends when the program that started it is killed during an endless loop of a cell', async () => {
  const kernel = await Session.start();
  const endless = kernel.run('console.log("runs"); for (;;);').catch(String);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  kernel.abandon();
  expect(await endless).toBe('Error: the driver ended');
  const alive = (): boolean => {
    try {
      return process.kill(kernel.pid, 0);
    } catch {
      return false;
    }
  };
  expect(alive()).toBe(true);
  await expect.poll(alive, { interval: 500 }).toBe(false);
}, 90_000);

it('reads JPY_PARENT_PID as a process id except on Windows, where it is a handle', () => {
  const ended = spawnSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).stdout
    .trim();
  const { ppid } = process;
  const hasEnded = (platform: NodeJS.Platform): boolean =>
    watchParent({ platform, ppid, env: { JPY_PARENT_PID: ended }, kill: (id, signal) =>
      process.kill(id, signal) })();
  expect([hasEnded('linux'), hasEnded('win32')]).toEqual([true, false]);
});

it('registers its kernel spec inside the given environment, with absolute paths', () => {
  const spec = installKernelSpec(root, folder);
  expect(spec).toBe(path.join(folder, 'share', 'jupyter', 'kernels', 'tslab'));
  const { argv, language } = JSON.parse(readFileSync(path.join(spec, 'kernel.json'), 'utf8')) as {
    argv: string[];
    language: string;
  };
  expect(language).toBe('typescript');
  expect(argv.slice(0, 2).every((part) => path.isAbsolute(part) && existsSync(part))).toBe(true);
  expect(argv[2]).toBe('{connection_file}');
});

it('leaves a right kernel spec as it is, and replaces another one as a whole', () => {
  const spec = installKernelSpec(root, folder);
  const file = path.join(spec, 'kernel.json');
  const [text, { ino, mtimeMs }] = [readFileSync(file, 'utf8'), statSync(file)];
  installKernelSpec(root, folder);
  expect(statSync(file)).toMatchObject({ ino, mtimeMs });
  const reader = openSync(file, 'r'); // a kernel that starts meanwhile
  writeFileSync(file, text.replace('(course)', '(other)'));
  const old = readFileSync(file, 'utf8');
  installKernelSpec(root, folder);
  expect(readFileSync(file, 'utf8')).toBe(text);
  expect(readFileSync(reader, 'utf8')).toBe(old);
  closeSync(reader);
  expect(readdirSync(spec)).toEqual(['kernel.json']);
});

describe('the cache of translated files', () => {
  const run = (): string => {
    const hook = path.join(root, 'lib', 'course', 'kernel', 'typescript-hook.cjs');
    const code = 'require(process.argv[1]).install(process.argv[2]);'
      + 'console.log(require(process.argv[2] + "/answer.ts").answer);';
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', code, hook, folder], {
      encoding: 'utf8',
    });
    return stdout + stderr;
  };
  beforeEach(() => {
    writeFileSync(path.join(folder, 'answer.ts'), 'export const answer: number = 42;\n');
  });

  it('is not needed: where nothing can be written, an import still works', () => {
    writeFileSync(path.join(folder, '.cache'), 'a file');
    expect(run()).toBe('42\n');
  });

  it('is written again where a file in it is empty or cut off', () => {
    expect(run()).toBe('42\n');
    const cache = path.join(folder, '.cache', 'typescript');
    const [name] = readdirSync(cache);
    const file = path.join(cache, name!);
    const whole = readFileSync(file, 'utf8');
    for (const text of ['', whole.slice(0, 30), whole.slice(0, -50)]) {
      writeFileSync(file, text);
      expect(run()).toBe('42\n');
      expect(readFileSync(file, 'utf8')).toBe(whole);
    }
  });
});
