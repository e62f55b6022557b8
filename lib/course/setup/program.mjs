/**
 * How the course's programs begin and end: their options, how they report a failure (one sentence
 * on what is wrong, one on what to do next), and their exit code.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { logs, root } from './paths.mjs';

/** Whether the tests run in continuous integration. */
export const inCI = !['', 'false'].includes(process.env['CI'] ?? '');

/** A problem that the reader can repair. */
export class Trouble extends Error {
  /**
   * @param {string} message what is wrong
   * @param {string} nextStep what to do
   * @param {string} [details] lines of a log, shown before the message
   */
  constructor(message, nextStep, details = '') {
    super(message);
    this.nextStep = nextStep;
    this.details = details;
  }
}

/**
 * Parses the command line. `--help` prints `usage` and ends the program.
 * @template {import('node:util').ParseArgsConfig} T
 * @param {T} config as for Node's parseArgs
 * @param {string} usage shown by `--help`, and as the next step after a mistake
 * @param {readonly string[]} [names] the arguments that are allowed; all, if it is left out
 * @returns {ReturnType<typeof parseArgs<T>>}
 * @throws {Trouble} for an unknown option, or an argument that is not one of `names`
 */
export function commandLine(config, usage, names) {
  const options = { ...config.options, help: { type: /** @type {const} */ ('boolean') } };
  let parsed;
  try {
    parsed = parseArgs({ ...config, options });
    const wrong = parsed.positionals.find((name) => names && !names.includes(name));
    if (wrong !== undefined) throw new Error(`Unknown argument '${wrong}'`);
  } catch (error) {
    const [sentence = ''] = /** @type {Error} */ (error).message.split('. ');
    throw new Trouble(`${sentence}.`, `Use it like this:\n${usage}`);
  }
  if ('help' in parsed.values && parsed.values.help) {
    console.log(usage);
    process.exit();
  }
  return /** @type {ReturnType<typeof parseArgs<T>>} */ (/** @type {unknown} */ (parsed));
}

/**
 * The port of a command line.
 * @param {string | undefined} text
 * @param {number} usual what holds without one
 * @param {string} usage shown as the next step after a mistake
 * @throws {Trouble} unless it is an integer from 1 to 65535
 */
export function portFrom(text, usual, usage) {
  const port = Number(text ?? usual);
  if (Number.isInteger(port) && port >= 1 && port <= 65535) return port;
  throw new Trouble(
    `The port must be an integer from 1 to 65535, got ${text}.`,
    `Use it like this:\n${usage}`,
  );
}

/**
 * Runs a program of the course. A `Trouble` ends it with two lines; anything else ends it with the
 * message of the error, and its stack goes to a log.
 * @param {() => Promise<number | void> | number | void} main returns the exit code
 */
export async function runProgram(main) {
  // The output may be piped into head or less, which close the pipe early.
  process.stdout.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
  try {
    process.exitCode = (await main()) || 0;
  } catch (error) {
    report(error);
    process.exitCode = 1;
  }
}

/** @param {unknown} error */
function report(error) {
  if (error instanceof Trouble) {
    if (error.details) console.error(error.details);
    console.error(`\nProblem: ${error.message}\nNext step: ${error.nextStep}`);
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  console.error(`\nProblem: ${message}`);
  try {
    mkdirSync(logs, { recursive: true });
    writeFileSync(
      join(logs, 'trouble.log'),
      error instanceof Error ? String(error.stack) : message,
    );
    console.error('Next step: npm run doctor; the stack trace is in .cache/logs/trouble.log.');
  } catch {
    console.error(`Next step: make the folder ${root} writable, then try again.`);
  }
}
