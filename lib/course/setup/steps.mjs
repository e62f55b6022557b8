/** Long steps: one line each with its seconds, their output in a log, and the log's last lines when they fail. */
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logs } from './places.mjs';
import { Trouble } from './trouble.mjs';

/**
 * Runs `action` and shows how long it takes: a running clock in a terminal, a line every 15 s elsewhere.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function step(title, action) {
  const start = Date.now();
  const seconds = () => `${Math.round((Date.now() - start) / 1000)} s`;
  const terminal = process.stdout.isTTY;
  const tick = () => process.stdout.write(terminal ? `\r${title} ... ${seconds()} ` : `  ... ${seconds()}\n`);
  process.stdout.write(`${title} ...${terminal ? '' : '\n'}`);
  const clock = setInterval(tick, terminal ? 1000 : 15_000);
  try {
    const result = await action();
    process.stdout.write(`${terminal ? '\r' : ''}${title}: done in ${seconds()}\n`);
    return result;
  } catch (error) {
    process.stdout.write(`${terminal ? '\r' : ''}${title}: failed after ${seconds()}\n`);
    throw error;
  } finally {
    clearInterval(clock);
  }
}

/** What programs write when the network, and nothing else, is missing. */
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
  ].join('|'),
);

/**
 * Runs a program with its output in `.cache/logs/NAME.log`.
 * @param {string} name of the log, and of the program in messages
 * @param {readonly string[]} command program and arguments
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, shell?: boolean }} [options]
 * @throws {Trouble} when it fails or is interrupted; the log's tail is in its details
 */
export async function runLogged(name, command, options = {}) {
  mkdirSync(logs, { recursive: true });
  const file = join(logs, `${name}.log`);
  const log = openSync(file, 'w');
  const child = spawn(command[0], command.slice(1), { ...options, stdio: ['ignore', log, log] });
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  let interrupted = false;
  const stop = () => {
    interrupted = true;
    child.kill('SIGTERM');
  };
  signals.forEach((signal) => process.on(signal, stop));
  try {
    const code = await new Promise((settle) => {
      child.on('error', (error) => settle(error.message));
      child.on('close', settle);
    });
    if (interrupted)
      throw new Trouble(`${name} was interrupted.`, 'Run the same command again; it repairs what was left half done.');
    if (code !== 0) throw failure(name, code, readFileSync(file, 'utf8'));
  } finally {
    signals.forEach((signal) => process.off(signal, stop));
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
    return new Trouble(
      `${name} could not reach its registry, so what is missing was not installed.`,
      `Connect to the network (behind a proxy, set HTTPS_PROXY) and run it again. Full log: .cache/logs/${name}.log`,
      tail,
    );
  }
  return new Trouble(
    `${name} failed (${code}).`,
    `Read the lines above; the full log is .cache/logs/${name}.log. Then run the same command again.`,
    tail,
  );
}
