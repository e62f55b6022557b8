'use strict';
/**
 * A thread that hears SIGINT while the main thread is busy, and sees that the kernel's starter is
 * gone.
 *
 * Node tells only the main thread's event loop of a signal, and a cell that spins never lets it
 * turn. `breakOnSigint` works in a thread too: this one sleeps inside such a script, is woken by
 * the signal, raises the flag that the running cell looks at, and sleeps again. A signal that comes
 * while it is awake ends the script around the sleep, so there are several, one in the other: each
 * starts what is inside it anew, and Node's handler stays in place.
 */
const { parentPort, workerData: flag } = require('node:worker_threads');
const vm = require('node:vm');
const { starterOf } = require('./starter.cjs');

const RAISED = 0;
const MAY_LISTEN = 1;
const QUESTION = 2;
const LEVELS = 16;

/**
 * How often the thread looks for the starter, and how often it asks the main thread to leave before
 * it ends all.
 */
const LOOK_MILLISECONDS = 1000;
const PATIENCE = 10;

/**
 * Sleeps until the main thread asks a question, and answers it with its number. Nobody ends a
 * kernel without starter.
 */
const starterIsGone = starterOf(process);
let [answered, asked] = [0, 0];
const sleep = () => {
  for (;;) {
    Atomics.wait(flag, QUESTION, answered, LOOK_MILLISECONDS);
    const question = Atomics.load(flag, QUESTION);
    if (question !== answered) {
      parentPort.postMessage(question);
      answered = question;
    }
    if (!starterIsGone()) continue;
    // a cell without end keeps the main thread
    if (asked++ === PATIENCE) process.kill(process.pid, 'SIGKILL');
    parentPort.postMessage('orphaned');
  }
};

/** Calls levels[`level`] for ever; a signal that ends it raises the flag. */
const again = (level) => {
  const script = new vm.Script(`levels[${level}]()`);
  return () => {
    for (;;) {
      try {
        script.runInThisContext({ breakOnSigint: true });
      } catch {
        Atomics.store(flag, RAISED, 1);
        parentPort.postMessage('interrupt');
      }
    }
  };
};

globalThis.levels = [sleep];
for (let level = 0; level < LEVELS; level++) globalThis.levels.push(again(level));

// The main thread now takes back its own handler, which would undo this one's, and raises
// flag[MAY_LISTEN].
parentPort.postMessage('ready');
Atomics.wait(flag, MAY_LISTEN, 0);
globalThis.levels[LEVELS]();
