/**
 * How the course's programs fail: one sentence on what is wrong, one on what to do next, and an
 * exit code.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { logs, root } from './places.mjs';

/** Something that the reader can mend. `message` says what is wrong, `nextStep` what to do. */
export class Trouble extends Error {
  /**
   * @param {string} message
   * @param {string} nextStep
   * @param {string} [details] lines of a log, shown before the message
   */
  constructor(message, nextStep, details = '') {
    super(message);
    this.nextStep = nextStep;
    this.details = details;
  }
}

/**
 * Runs a program of the course. A `Trouble` ends it with two lines, anything else with its message
 * and a log of where.
 * @param {() => Promise<number | void>} main returns the exit code
 */
export async function program(main) {
  // A reader who pipes us into head or less and has seen enough.
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
  console.error(`\nProblem: ${message.split('\n')[0]}`);
  try {
    mkdirSync(logs, { recursive: true });
    writeFileSync(
      join(logs, 'trouble.log'),
      error instanceof Error ? String(error.stack) : message,
    );
    console.error(
      'Next step: npm run doctor; where this came from stands in .cache/logs/trouble.log.',
    );
  } catch {
    console.error(`Next step: make the folder ${root} writable for you, then try again.`);
  }
}
