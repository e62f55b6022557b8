'use strict';
/**
 * The program that Jupyter starts: `node main.cjs CONNECTION_FILE`. It is plain JavaScript, so that
 * Node alone can run it; the rest of the kernel is TypeScript and is loaded through the hook that
 * later loads the library for the cells.
 *
 * The kernel's files, in the order in which a cell goes through them:
 *
 * - kernel.ts: puts the parts together
 * - wire.ts: the sockets and the signed messages of the Jupyter protocol
 * - server.ts: the queue of requests, their counts and replies
 * - cells.ts: compiles a cell, runs it, returns how it failed
 * - source.ts: legal code that TypeScript or tslab refuses in a cell
 * - compiled-cells.ts: cells that were compiled before
 * - converter.ts: tslab's converter with its patches; compiler-options.ts: TypeScript's options for
 *   cells; transform.ts: the calls that make a cell interruptible; typecheck.ts: type errors of
 *   the library, and names that only browsers have
 * - parameter-help.ts: what completion and inspection say of a notebook's parameters
 * - scope.ts: the variables of all cells; declarations.ts: which names of a failed cell stay
 * - running-cell.ts: the running cell and its AbortSignal; timers.ts: its timers
 * - interrupts.ts, interrupt-thread.cjs: the thread that receives Ctrl-C and notices the end of the
 *   parent process; engine.ts: TensorFlow.js after a cell was ended by force
 * - output.ts: stdout and stderr, sent to the cell that wrote them; display.ts: rich outputs
 * - failure.ts: errors as Jupyter shows them; stack.ts: stack traces that name cells and TypeScript
 *   lines; function-text.ts: functions as they were written
 * - typescript-hook.cjs: lets `require` load `.ts`, and notices edits
 *
 * lib/base/kernel-symbols.ts describes what the kernel puts on `process` for the library.
 */
const path = require('node:path');
const { nodeTrouble } = require('../setup/node-version.cjs');

const connectionFile = process.argv[2];
const byHand = 'is started by Jupyter: open a notebook with `npm start`';
const trouble = nodeTrouble || (connectionFile ? undefined : byHand);
if (trouble) {
  console.error(`the course's kernel ${trouble}`);
  process.exit(1);
}

// Jupyter holds the other end of our stdin and never writes: reading it would block for ever.
const { closeSync, openSync } = require('node:fs');
closeSync(0);
openSync(require('node:os').devNull); // gets the lowest free number, 0

process.title = 'course kernel';
require('./typescript-hook.cjs').install(path.resolve(__dirname, '..', '..', '..'));
require('./kernel').startKernel(connectionFile).catch((error) => {
  require('node:fs').writeSync(2, `the course's kernel cannot start: ${error.message}\n`);
  process.exit(1);
});
