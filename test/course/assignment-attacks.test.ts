/**
 * Answers that attack the grader. Each puts its attack before a right or a wrong answer: the points
 * show whether it got what the answer deserves. Some take minutes of processor time, so that they
 * run on request: COURSE_ATTACKS=all npm test -- assignment-attacks
 */
import { createServer } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { Course, DAMAGES, RIGHT, rowsComputed } from './assignment-course';

const { solution: good, stub } = rowsComputed;
const WRONG = stub.replace('leave: 0', 'leave: -1');
const [NONE, ALL] = [7, 9];
const PORT = 47113;

/** Throws, so that its points are lost, if it finds what it must not see or reach. */
const spy = (source: string): string =>
  `import * as fs from 'node:fs';
import * as net from 'node:net';
const found: unknown[] = [];
${source}
if (found.length > 0) throw new Error(String(found));
${good}`;

/** By name: the source of the answer to the first exercise, and the points of the submission. */
const ATTACKS: Readonly<Record<string, readonly [source: string, points: number]>> = {
  'an endless loop': [good.replace('{\n', '{\n  for (;;);\n'), NONE],
  'an endless loop in its cell': [`for (;;);\n${good}`, NONE],
  'a promise that never settles': [
    'const rowsComputed: any = async () => { await new Promise(() => undefined); };',
    NONE,
  ],
  'a thread that waits for ever': [
    'const rowsComputed: any = () => '
    + '{ Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); };',
    NONE,
  ],
  '10 GB': [
    `const hoard: any[] = [];
try { for (;;) hoard.push(Buffer.alloc(2 ** 28, 1)); } catch { hoard.length = 0; }
${good}`,
    ALL,
  ],
  'an exhausted heap': [
    good.replace('{\n', '{\n  const all: any[] = []; for (;;) all.push({ n: [1, 2] });\n'),
    NONE,
  ],
  'a flood of output': [
    `for (let i = 0; i < 5000; i++) console.log('x'.repeat(10000));\n${good}`,
    ALL,
  ],
  'process.exit': [`process.exit(0);\n${good}`, NONE],
  'reallyExit': [`(process as any).reallyExit(0);\n${good}`, NONE],
  'kill': [`process.kill(process.pid, 'SIGKILL');\n${good}`, NONE],
  'abort': [`process.abort();\n${good}`, NONE],
  'a fork bomb': [
    `import { spawn } from 'node:child_process';
for (let i = 0; i < 500; i++)
  spawn('/bin/sh', ['-c', 'sleep 1000 & sleep 1000']).on('error', () => undefined);
${good}`,
    ALL,
  ],
  'a bomb of threads': [
    `import { Worker } from 'node:worker_threads';
for (let i = 0; i < 200; i++)
  new Worker('for (;;);', { eval: true, execArgv: [] }).on('error', () => undefined);
${good}`,
    NONE,
  ],
  'deleting files': [
    `import * as fs from 'node:fs';
for (const path of ['/course', '/sockets', '/usr', '/'])
  try { fs.rmSync(path, { recursive: true, force: true }); } catch { continue; }
${good}`,
    ALL,
  ],
  'filling the disk': [
    `import * as fs from 'node:fs';
for (let i = 0; i < 3000; i++)
  for (const path of ['/tmp', '/dev/shm', '/course', '/sockets'])
    try { fs.writeFileSync(path + '/f' + i, Buffer.alloc(1e7)); } catch { continue; }
${good}`,
    NONE,
  ],
  'reading solutions, submissions and the gradebook': [
    spy(`const look = (folder: string, depth: number): void => {
  if (/^\\/(proc|usr|dev)|node_modules/.test(folder) || depth > 6) return;
  let names: string[] = [];
  try { names = fs.readdirSync(folder); } catch { return; }
  for (const name of names) {
    const path = folder + '/' + name;
    if (/gradebook|submitted|verdicts|batch-of|batches-of|\\.ipynb|seed\\.json|\\.git$/.test(path))
      found.push(path);
    look(path, depth + 1);
  }
};
look('', 0);
for (const path of ['/root', '/home', '/work'])
  if (fs.existsSync(path)) found.push(path);
for (const file of fs.readdirSync('/course/.cache/typescript'))
  if (fs.readFileSync('/course/.cache/typescript/' + file, 'utf8').includes('planted'))
    found.push(file);`),
    ALL,
  ],
  'reading other processes': [
    spy(`for (const name of fs.readdirSync('/proc'))
  if (/^\\d+$/.test(name) && Number(name) > 20) found.push(name);`),
    ALL,
  ],
  'the network': [
    spy(`for (const [host, port] of [['1.1.1.1', 53], ['127.0.0.1', ${PORT}]] as const)
  await new Promise<void>((go) => {
    const socket = net.connect(port, host);
    socket.on('connect', () => { found.push(host); go(); }).on('error', () => go());
  });`),
    ALL,
  ],
  'leaving by a thread without execArgv': [
    spy(`import { Worker } from 'node:worker_threads';
const code = "const fs = require('fs'); require('worker_threads').parentPort.postMessage("
  + "['/root', '/home', '/work'].filter((path) => fs.existsSync(path)))";
const seen = await new Promise<string[]>((go) =>
  new Worker(code, { eval: true, execArgv: [] }).on('message', go).on('error', () => go([])));
found.push(...seen);`),
    ALL,
  ],
  'replacing check, Math.random and the exports': [
    `import * as library from '../lib/index';
try { (library as any).check = () => console.log('right'); } catch { 0; }
Math.random = () => 0.5;
const modules: any = (process as any).mainModule.constructor._cache;
for (const name of Object.keys(modules)) if (/exercises/.test(name))
  for (const each of Object.keys(modules[name].exports))
    try { modules[name].exports[each] = () => ({ state: 'right', points: 9 }); } catch { 0; }
${WRONG}`,
    NONE,
  ],
  'replacing JSON.stringify': [
    `const old = JSON.stringify;
JSON.stringify = ((value: any, ...rest: any[]) =>
  old(value, ...rest)?.replace(/"ended":"[a-z]+"/g, '"ended":"returned"')) as any;
${WRONG}`,
    NONE,
  ],
  'prototypes': [
    `const all = Object.prototype as any;
all.points = 9; all.state = 'right'; all.ended = 'returned';
all.toJSON = () => ({ ended: 'returned', value: { carried: 15, leave: 9 } });
(Array.prototype as any).every = () => true;
${WRONG}`,
    NONE,
  ],
  'a result that agrees with everything': [
    `const rowsComputed: any = () => new Proxy({}, { get: () => 15, has: () => true,
  ownKeys: () => ['carried', 'leave'],
  getOwnPropertyDescriptor: () => ({ value: 15, enumerable: true, configurable: true }) });`,
    NONE,
  ],
  'a huge result': [
    'const rowsComputed: any = () => Array.from({ length: 3e6 }, (_, i) => i);',
    NONE,
  ],
  'a deep result': [
    'const rowsComputed: any = () => '
    + '{ let a: any = []; for (let i = 0; i < 1e5; i++) a = [a]; return a; };',
    NONE,
  ],
};

const works = spawnSync('bwrap', ['--unshare-all', '--ro-bind', '/', '/', 'true']).status === 0;
const wanted = (process.env['COURSE_ATTACKS'] ?? '').split(',').filter((name) => name !== '');

it.skipIf(wanted.length === 0 || !works)(
  'give each submission what its answers deserve, and reach nothing',
  async () => {
    const secret = join(tmpdir(), `gradebook-${process.pid}`);
    writeFileSync(secret, 'secret');
    const reached: string[] = [];
    const server = createServer((socket) => {
      reached.push('loopback');
      socket.destroy();
    });
    await new Promise<void>((go) => server.listen(PORT, '127.0.0.1', go));
    const course = new Course();
    try {
      expect((await course.run('release')).code).toBe(0);
      const scores: Record<string, number> = {};
      const isWanted = (name: string): boolean =>
        wanted.includes('all') || wanted.some((part) => name.includes(part));
      for (const [name, [source, points]] of Object.entries(ATTACKS).filter(([n]) => isWanted(n))) {
        const student = name.replaceAll(/\W+/g, '-');
        course.submit(student, course.answered({ ...RIGHT, 'rows-computed': source }));
        scores[student] = points;
      }
      for (const [name, damage] of Object.entries(DAMAGES).filter(([n]) => isWanted(n))) {
        const student = name.replaceAll(/\W+/g, '-');
        damage(course, student);
        scores[student] = ALL;
      }
      const { code, output } = await course.run('grade');
      expect(await course.scores(), output).toEqual(scores);
      expect(code, output).toBe(0);
      expect(reached).toEqual([]);
      expect(readFileSync(secret, 'utf8')).toBe('secret');
    } finally {
      server.close();
      course.remove();
    }
  },
  6 * 3600_000,
);
