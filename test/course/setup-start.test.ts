import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { root } from '../../lib/course/setup/paths.mjs';
import { finished, printed, Scratch } from './scratch';

// The whole course is installed and no registry can be reached, as when a course is opened on a
// train.
let scratch: Scratch;
beforeEach(() => {
  scratch = new Scratch();
  scratch.borrowEnvironment();
});
afterEach(() => scratch.remove());

const pattern = /(http:\/\/127\.0\.0\.1:(\d+)\/)lab\/tree\/my-notebooks[^?]*\?token=(\w+)/;

/** The address that a program has printed, with its parts. */
async function address(
  child: ChildProcess,
): Promise<Record<'url' | 'server' | 'port' | 'token', string>> {
  const [url, server = '', port = '', token = ''] = await printed(child, pattern);
  return { url, server, port, token };
}

function occupied(): Promise<Server> {
  const server = createServer();
  return new Promise((settle, fail) =>
    server.once('error', fail).listen(0, '127.0.0.1', () => settle(server))
  );
}

/**
 * The command lines of all processes that mention `text`; undefined where the system has no /proc.
 */
function processesWith(text: string): string[] | undefined {
  const ids = process.platform === 'linux'
    ? readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    : undefined;
  return ids?.map(commandLine).filter((line) => line.includes(text));
}

function commandLine(id: string): string {
  try {
    return readFileSync(join('/proc', id, 'cmdline'), 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

test('start opens JupyterLab in an empty home, and Ctrl-C ends it with its kernels', async () => {
  const child = scratch.start('start', ['--no-browser']);
  const end = finished(child);
  const { url, server, token } = await address(child);
  expect((await fetch(url)).status).toBe(200);
  expect((await fetch(`${server}api/status`)).status).toBe(403);
  const headers = { Authorization: `token ${token}` };
  const answer = await fetch(`${server}api/kernelspecs`, { headers });
  const specs = await answer.json() as { default: string; kernelspecs: object };
  expect([specs.default, ...Object.keys(specs.kernelspecs)]).toEqual(['tslab', 'tslab']);
  const body = JSON.stringify({ name: 'tslab' });
  const kernel = await fetch(`${server}api/kernels`, { method: 'POST', headers, body });
  expect(kernel.status).toBe(201);
  child.kill('SIGINT');
  const { code, output } = await end;
  expect(code).toBe(0);
  expect(output).toContain('The course is closed.');
  expect(processesWith(scratch.folder) ?? []).toEqual([]);
  expect(readdirSync(scratch.home)).toEqual([]);
});

/** Starts the course with what the explainer is built from, which listens on `port`. */
function startWithExplainer(port: number): ChildProcess {
  for (const data of ['checkpoints', 'eight-tokens'])
    cpSync(join(root, 'data', data), scratch.path('data', data), { recursive: true });
  return scratch.start('start', ['--no-browser'], { COURSE_EXPLAINER_PORT: String(port) });
}

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const server = await occupied();
  const { port } = server.address() as AddressInfo;
  await new Promise((settle) => server.close(settle));
  return port;
}

test('start serves the explainer at the port of the links, and ends it', async () => {
  const port = await freePort();
  const { pid: dead } = spawnSync(process.execPath, ['--version']);
  mkdirSync(scratch.path('.cache', `explainer-${dead}-killed`), { recursive: true });
  const child = startWithExplainer(port);
  const end = finished(child);
  const [, url = ''] = await printed(child, /to which the links of the notebooks lead:\s+(\S+)/);
  expect(url).toBe(`http://127.0.0.1:${port}/`);
  expect(await (await fetch(url)).text()).toContain('<div id="page"></div>');
  child.kill('SIGINT');
  expect((await end).code).toBe(0);
  expect(processesWith(scratch.folder) ?? []).toEqual([]);
  await expect(fetch(url)).rejects.toThrow();
  expect(readdirSync(scratch.path('.cache')).filter((name) => name.startsWith('explainer-')))
    .toEqual([]);
});

test('start says that the port of the links is taken', async () => {
  const other = await occupied();
  const { port } = other.address() as AddressInfo;
  const child = startWithExplainer(port);
  const end = finished(child);
  await printed(child, new RegExp(`Port ${port} is taken: the links of the notebooks lead to`));
  child.kill('SIGINT');
  expect((await end).code).toBe(0);
  other.close();
});

test('start calls the port taken only if it is', async () => {
  const child = startWithExplainer(65_536);
  const end = finished(child);
  await printed(child, /The explainer is not there: npm run explainer says why/);
  child.kill('SIGINT');
  expect((await end).output).not.toContain('65536 is taken');
  expect(readFileSync(scratch.path('.cache', 'logs', 'explainer.log'), 'utf8')).toContain('65536');
});

test('start goes on with JupyterLab alone if the explainer cannot be started', async () => {
  mkdirSync(scratch.path('.cache', 'logs', 'explainer.log'), { recursive: true }); // no file
  const child = scratch.start('start', ['--no-browser']);
  const end = finished(child);
  const { url } = await address(child);
  await printed(child, /The explainer is not there: EISDIR.*explainer\.log/);
  expect((await fetch(url)).status).toBe(200);
  child.kill('SIGINT');
  expect((await end).code).toBe(0);
  expect(processesWith(scratch.folder) ?? []).toEqual([]);
});

test('start takes the next free port and says so', async () => {
  const other = await occupied();
  const { port } = other.address() as AddressInfo;
  const child = scratch.start('start', ['--no-browser', '--port', String(port)]);
  const end = finished(child);
  const { url, port: chosen } = await address(child);
  expect(Number(chosen)).toBeGreaterThan(port);
  expect((await fetch(url)).status).toBe(200);
  await printed(child, /The explainer is not there: npm run explainer says why/); // it has no data
  child.kill('SIGTERM');
  expect((await end).output).toContain(`port ${port} is taken`);
  other.close();
});

// Windows has no SIGTERM to hand on.
test.skipIf(process.platform === 'win32')(
  'a start that is terminated through npm leaves no process',
  async () => {
    const npm = spawn('npm', ['start', '--', '--no-browser'], { cwd: scratch.folder,
      env: scratch.environment() });
    const { server } = await address(npm);
    npm.kill('SIGTERM');
    await expect.poll(() => fetch(server).then(() => 'open', () => 'closed'))
      .toBe('closed');
    await expect.poll(() => processesWith(scratch.folder) ?? []).toEqual([]);
  },
);

test('start refuses an option that it does not know, in one sentence', async () => {
  const { code, output } = await scratch.run('start', ['--nobrowser']);
  expect(code).toBe(1);
  expect(output).toMatch(/Problem: .*--nobrowser/);
  expect(output).toContain('Next step: Use it like this:\nnpm start');
  expect(output).not.toMatch(/^\s+at /m);
});

test('start shows its options', async () => {
  const { code, output } = await scratch.run('start', ['--help']);
  expect(code).toBe(0);
  expect(output).toContain('--no-browser');
});
