'use strict';
/**
 * A thread that receives SIGINT while the main thread is busy, and notices when the program that
 * started the kernel has ended.
 *
 * Node reports a signal only in the main thread's event loop, and a cell in an endless loop never
 * returns to it. `breakOnSigint` works in a thread too: this one sleeps inside such a script, is
 * woken by the signal, sets the flag that the running cell checks, and sleeps again. A signal that
 * comes while it is awake ends the enclosing script. So several scripts are nested: each one
 * restarts the one inside it, and Node's handler stays in place.
 */
const { parentPort, workerData: flag } = require('node:worker_threads');
const vm = require('node:vm');

/** Indices in the array that is shared with the main thread. 1 at RAISED: an interrupt has come. */
const RAISED = 0;
/** 1 at MAY_LISTEN: the thread may listen. */
const MAY_LISTEN = 1;
/** At QUESTION: how often the main thread has asked whether all interrupts were received. */
const QUESTION = 2;
/** The length of the array. */
const SIZE = 3;

const LEVELS = 16;

/**
 * How often the thread checks the parent process, and how many times it reports to the main thread
 * that the parent has ended before it kills the kernel.
 */
const LOOK_MILLISECONDS = 1000;
const PATIENCE = 10;

/**
 * The id of the process that started the kernel. Jupyter writes it into JPY_PARENT_PID; on Windows
 * that is a handle and not a process id, but there our parent does not change.
 * @param {Kernel} kernel
 */
function parentId({ platform, ppid, env }) {
  const given = platform === 'win32' ? 0 : Number(env['JPY_PARENT_PID']);
  return given > 1 ? given : ppid;
}

/**
 * A function that returns whether the parent process has ended, also if it ended before this call.
 * @typedef {Pick<NodeJS.Process, 'platform' | 'ppid' | 'env'>
 *   & { kill: (id: number, signal: 0) => true }} Kernel
 * @param {Kernel} kernel the kernel's process
 * @returns {() => boolean}
 */
function watchParent(kernel) {
  const [ppid, parent] = [kernel.ppid, parentId(kernel)];
  return () => {
    try {
      // signal 0 only tests whether the process exists
      return kernel.ppid !== ppid || (parent > 1 && !kernel.kill(parent, 0));
    } catch (error) {
      return error.code === 'ESRCH';
    }
  };
}

/** What the thread does until the kernel ends. */
function listen() {
  const parentHasEnded = watchParent(process);
  let [answered, asked] = [0, 0];
  /** Sleeps until the main thread asks a question, and answers it with its number. */
  const sleep = () => {
    for (;;) {
      Atomics.wait(flag, QUESTION, answered, LOOK_MILLISECONDS);
      const question = Atomics.load(flag, QUESTION);
      if (question !== answered) {
        parentPort.postMessage(question);
        answered = question;
      }
      if (!parentHasEnded()) continue;
      // a cell in an endless loop blocks the main thread
      if (asked++ === PATIENCE) process.kill(process.pid, 'SIGKILL');
      parentPort.postMessage('orphaned');
    }
  };

  /** Calls levels[`level`] for ever; if a signal ends it, sets the flag. */
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

  // The main thread now removes its own handler, which would disable this one, and sets
  // flag[MAY_LISTEN].
  parentPort.postMessage('ready');
  Atomics.wait(flag, MAY_LISTEN, 0);
  globalThis.levels[LEVELS]();
}

module.exports = { RAISED, MAY_LISTEN, QUESTION, SIZE, watchParent };

// Only as the kernel's thread: the main thread requires the file for its constants.
if (flag instanceof Int32Array) listen();
