/**
 * Long steps: each has one line with its seconds, and its output goes to a log, whose last lines
 * are shown when it fails.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logs } from './paths.mjs';
import { Trouble } from './program.mjs';

/** @type {NodeJS.Signals[]} */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Runs `action` and shows how long it takes: with a running clock in a terminal, with a line every
 * 15 s elsewhere.
 * @template T
 * @param {string} title
 * @param {(signal: AbortSignal) => Promise<T>} action its signal is aborted by Ctrl-C
 * @returns {Promise<T>}
 * @throws {Trouble} when it was interrupted
 */
export async function step(title, action) {
  // The handlers stay for the whole step, so that Ctrl-C does not end this process without a
  // message between two programs.
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  signals.forEach((signal) => process.on(signal, interrupt));
  const start = Date.now();
  const seconds = () => `${Math.round((Date.now() - start) / 1000)} s`;
  const terminal = process.stdout.isTTY;
  const tick = () =>
    process.stdout.write(terminal ? `\r${title} ... ${seconds()} ` : `  ... ${seconds()}\n`);
  process.stdout.write(`${title} ...${terminal ? '' : '\n'}`);
  const clock = setInterval(tick, terminal ? 1000 : 15_000);
  try {
    const result = await action(interruption.signal);
    if (interruption.signal.aborted) throw new Error('interrupted');
    process.stdout.write(`${terminal ? '\r' : ''}${title}: done in ${seconds()}\n`);
    return result;
  } catch (error) {
    process.stdout.write(`${terminal ? '\r' : ''}${title}: failed after ${seconds()}\n`);
    if (!interruption.signal.aborted) throw error;
    throw new Trouble(
      'The installation was interrupted.',
      'Run the same command again; it completes the installation.',
    );
  } finally {
    signals.forEach((signal) => process.off(signal, interrupt));
    clearInterval(clock);
  }
}

/** How long an interrupted program, such as npm, may take to end by itself. */
const PATIENCE_MILLISECONDS = 2000;

/** Texts of programs that fail only because there is no network. */
const offline = new RegExp(
  [
    'ENOTFOUND',
    'EAI_AGAIN',
    'ECONNREFUSED',
    'ECONNRESET',
    'ETIMEDOUT',
    'ENETUNREACH',
    'NameResolutionError',
    'NewConnectionError',
    'ConnectTimeout',
    'ProxyError',
    'ENOTCACHED',
    'ERR_SOCKET_TIMEOUT',
    'network timeout',
  ].join('|'),
);

/** The network is missing. */
export class Unreachable extends Trouble {}

/**
 * Runs a program with its output in `.cache/logs/NAME.log`.
 * @param {string} name of the log, and of the program in messages
 * @param {string} command the program
 * @param {readonly string[]} args
 * @param {{ signal: AbortSignal, env?: NodeJS.ProcessEnv, cwd?: string, shell?: boolean }} options
 * @throws {Trouble} when it fails or its signal is aborted; the log's tail is in its details
 */
export async function runLogged(name, command, args, options) {
  mkdirSync(logs, { recursive: true });
  const file = join(logs, `${name}.log`);
  const log = openSync(file, 'w');
  try {
    const child = spawn(command, args, { ...options, stdio: ['ignore', log, log] });
    const end = () => setTimeout(() => child.kill('SIGKILL'), PATIENCE_MILLISECONDS).unref();
    options.signal.addEventListener('abort', end, { once: true });
    const code = await new Promise((settle) => {
      let failed = '';
      child.on('error', (error) => {
        failed = error.message;
        if (child.pid === undefined) settle(failed);
      });
      child.on('close', (status) => settle(failed || status));
    });
    if (code !== 0) throw failure(name, code, readFileSync(file, 'utf8'));
  } finally {
    closeSync(log);
  }
}

/**
 * @param {string} name
 * @param {unknown} code
 * @param {string} output
 */
function failure(name, code, output) {
  const tail = output.trimEnd().split('\n').slice(-15).join('\n');
  if (offline.test(output)) {
    return new Unreachable(
      `${name} could not reach its registry, so what is missing was not installed.`,
      'Connect to the network (behind a proxy, set HTTPS_PROXY) and run it again. Full log: '
        + `.cache/logs/${name}.log`,
      tail,
    );
  }
  return new Trouble(
    `${name} failed (${code}).`,
    `Read the lines above; the full log is .cache/logs/${name}.log. Then run the same command `
      + 'again.',
    tail,
  );
}
