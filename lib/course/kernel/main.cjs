'use strict';
/**
 * What Jupyter starts: `node main.cjs CONNECTION_FILE`. Plain JavaScript, so that a bare Node can
 * run it; everything else of the kernel is TypeScript and is loaded through the same hook that
 * later loads the library for the cells.
 *
 * What the kernel is made of, in the order in which a cell meets it: wire.ts the sockets and the
 * signed messages of the Jupyter protocol server.ts the queue of requests, their counts and replies
 * cells.ts compiles a cell, runs it, says how it ended converter.ts tslab's converter with its few
 * mended places; typecheck.ts: the library's type errors context.ts the running cell: its
 * AbortSignal, its timers, what stops it listener.ts the thread that hears interrupts (sigint.cjs)
 * and looks for the kernel's starter (starter.cjs) output.ts stdout, stderr and displays, sent to
 * the cell that wrote them stack.ts stack traces that name cells and TypeScript lines; failure.ts:
 * errors as Jupyter shows them declarations.ts which names of a failed cell stay; hook.cjs: loads
 * `.ts`, notices edits
 *
 * What it leaves on `process` for the library: process[Symbol.for('course.cell')] AsyncLocalStorage
 * of `{ signal }`, see lib/base/interrupt.ts process[Symbol.for('course.display')]
 * `{ display(data, metadata?, displayId?), update(data, displayId) }`;
 *                                          `display(data, displayId)` is understood too. Present only in this kernel.
 */
const path = require('node:path');

const connectionFile = process.argv[2];
if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(
    `the course's kernel needs Node 20 or newer, and this is ${process.version}: install a newer Node`,
  );
  process.exit(1);
}
if (!connectionFile) {
  console.error(
    "the course's kernel is started by Jupyter, with a connection file: open a notebook with `npm start`",
  );
  process.exit(1);
}

// Jupyter holds the other end of our stdin and never writes: whoever reads it would wait for ever.
const { closeSync, openSync } = require('node:fs');
closeSync(0);
openSync(require('node:os').devNull); // gets the lowest free number, 0

process.title = 'course kernel';
require('./hook.cjs').install(path.resolve(__dirname, '..', '..', '..'));
require('./start').start(connectionFile).catch((error) => {
  require('node:fs').writeSync(2, `the course's kernel cannot start: ${error.message}\n`);
  process.exit(1);
});
