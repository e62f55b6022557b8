'use strict';
/**
 * A thread that receives SIGINT while the main thread is busy, and notices when the program that
 * started the kernel has ended.
 *
 * Node reports a signal only in the main thread's event loop, and a cell in an endless loop never
 * returns to it. `breakOnSigint` works in a thread too: this one sleeps inside such a script, is
 * woken by the signal, raises the flag that the running cell checks, and sleeps again. A signal
 * that comes while it is awake ends the script around the sleep, so several scripts are nested:
 * each starts the one inside it again, and Node's handler stays in place.
 *
 * The synchronous part of a cell runs in a `breakOnSigint` script of the main thread. Ending that
 * script is the last resort, because no `finally` block runs then: an import or a tensor operation
 * would stop halfway, and its module or the engine of TensorFlow.js would be broken. Of several
 * such scripts a signal ends the one that began last, so the thread begins a second nest of
 * scripts after the main thread's. It raises the flag first, at which the code of the cell, the
 * library and the import hook throw an ordinary error; only if the main thread's script has not
 * ended some time later, the thread leaves its nest and sends the signal again.
 */
const { parentPort, workerData: flag } = require('node:worker_threads');
const vm = require('node:vm');

/** Places in the array that is shared with the main thread: an interrupt has come, */
const RAISED = 0;
/** the thread may listen, */
const MAY_LISTEN = 1;
/** the number of the last question, by which the main thread asks whether all were received, */
const QUESTION = 2;
/** the number of the main thread's script that a signal can end, 0 where it is in none, */
const REGION = 3;
/** the number of the last such script after which the thread has begun its own, */
const SHIELDED = 4;
/** how many modules are being loaded, each inside the one before, */
const LOADING = 5;
/** and a number that changes with every event that the thread has to notice. */
const BELL = 6;
/** How many places there are. */
const SIZE = 7;

const LEVELS = 16;

/**
 * How long after an interrupt the main thread's script may go on before it is ended; while a module
 * is loaded, which would stay half loaded, longer.
 */
const SOFT_MILLISECONDS = 400;
const LOADING_MILLISECONDS = 10_000;

/**
 * How often the thread looks for the parent process, and how often it asks the main thread to end
 * before it kills the kernel.
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
      // signal 0 only asks whether the process is there
      return kernel.ppid !== ppid || (parent > 1 && !kernel.kill(parent, 0));
    } catch (error) {
      return error.code === 'ESRCH';
    }
  };
}

/** What the thread does until the kernel ends. */
function listen() {
  const parentHasEnded = watchParent(process);
  let [answered, asked, looked] = [0, 0, Date.now()];
  // The main thread's script after which the inner scripts began; when the flag was raised in it.
  let [entered, raised] = [0, 0];
  let striking = false;

  const look = () => {
    looked = Date.now();
    if (!parentHasEnded()) return;
    // a cell in an endless loop keeps the main thread
    if (asked++ === PATIENCE) process.kill(process.pid, 'SIGKILL');
    parentPort.postMessage('orphaned');
  };
  const strikeIsDue = () =>
    raised > 0 && entered > 0 && Atomics.load(flag, REGION) === entered
    // on Windows `kill` would end the process
    && process.platform !== 'win32'
    && Date.now() - raised
      > (Atomics.load(flag, LOADING) > 0 ? LOADING_MILLISECONDS : SOFT_MILLISECONDS);

  /** Sleeps and answers questions until the inner scripts have to begin again or to be left. */
  const sleep = () => {
    for (;;) {
      const bell = Atomics.load(flag, BELL);
      const region = Atomics.load(flag, REGION);
      if (region !== 0 && region !== entered) return;
      Atomics.store(flag, SHIELDED, entered);
      Atomics.notify(flag, SHIELDED);
      const question = Atomics.load(flag, QUESTION);
      if (question !== answered) {
        parentPort.postMessage(question);
        answered = question;
      }
      if (strikeIsDue()) return;
      Atomics.wait(flag, BELL, bell, raised > 0 && region !== 0 ? 50 : LOOK_MILLISECONDS);
      if (Date.now() - looked >= LOOK_MILLISECONDS) look();
    }
  };

  /** Ends the main thread's script by a signal, which no script of this thread receives. */
  const strike = () => {
    striking = true;
    process.kill(process.pid, 'SIGINT');
    const until = Date.now() + LOOK_MILLISECONDS;
    while (Atomics.load(flag, REGION) === entered && Date.now() < until)
      Atomics.wait(flag, REGION, entered, 50);
    striking = false;
  };

  const serve = () => {
    for (;;) {
      const region = Atomics.load(flag, REGION);
      if (region !== entered) raised = 0;
      entered = region;
      globalThis.levels[2 * LEVELS + 1](); // ends by `sleep`
      if (strikeIsDue()) strike();
    }
  };

  /** A function that calls levels[`level`]; after a signal that ends it, again. */
  const again = (level) => {
    const script = new vm.Script(`levels[${level}]()`);
    return () => {
      for (;;) {
        try {
          script.runInThisContext({ breakOnSigint: true });
          return;
        } catch {
          if (striking) continue; // the main thread's script ended before its signal came
          raised ||= Date.now();
          Atomics.store(flag, RAISED, 1);
          parentPort.postMessage('interrupt');
        }
      }
    };
  };

  globalThis.levels = [serve];
  for (let level = 0; level < LEVELS; level++) globalThis.levels.push(again(level));
  globalThis.levels.push(sleep);
  for (let level = 1; level <= LEVELS; level++) globalThis.levels.push(again(LEVELS + level));

  // The main thread now removes its own handler, which would undo this one's, and raises
  // flag[MAY_LISTEN].
  parentPort.postMessage('ready');
  Atomics.wait(flag, MAY_LISTEN, 0);
  globalThis.levels[LEVELS]();
}

module.exports = {
  RAISED,
  MAY_LISTEN,
  QUESTION,
  REGION,
  SHIELDED,
  LOADING,
  BELL,
  SIZE,
  watchParent,
};

// Only as the kernel's thread: the main thread requires the file for its constants.
if (flag instanceof Int32Array) listen();
