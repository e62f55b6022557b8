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
/** At QUESTION: the number of the last question whether all interrupts were received. */
const QUESTION = 2;
/** At REGION: the number of the main thread's script that a signal can end, 0 outside of one. */
const REGION = 3;
/** At SHIELDED: the number of the last such script after which the thread has begun its own. */
const SHIELDED = 4;
/** At LOADING: how many modules are being loaded, each inside the one before. */
const LOADING = 5;
/** At BELL: a number that changes with every event that the thread has to notice. */
const BELL = 6;
/** The length of the array. */
const SIZE = 7;

const LEVELS = 16;

/**
 * How long after an interrupt the main thread's script may go on before it is ended; while a module
 * is loaded, which would stay half loaded, longer.
 */
const SOFT_MILLISECONDS = 400;
const LOADING_MILLISECONDS = 10_000;

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

  // The main thread now removes its own handler, which would disable this one, and sets
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
