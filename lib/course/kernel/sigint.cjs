'use strict';
/**
 * A thread that hears SIGINT while the main thread is busy.
 *
 * Node tells only the main thread's event loop of a signal, and a cell that spins never lets it turn. `breakOnSigint`
 * works in a thread too: this one sleeps inside such a script, is woken by the signal, raises the flag that the
 * running cell looks at, and sleeps again. The outer script keeps Node's signal handler in place in between.
 */
const { parentPort, workerData: flag } = require('node:worker_threads');
const vm = require('node:vm');

const sleeping = new Int32Array(new SharedArrayBuffer(4));
globalThis.sleep = () => Atomics.wait(sleeping, 0, 0);
const nap = new vm.Script('sleep()');

globalThis.listen = () => {
  for (;;) {
    try {
      nap.runInThisContext({ breakOnSigint: true });
    } catch {
      Atomics.store(flag, 0, 1);
      parentPort.postMessage('interrupt');
    }
  }
};

// The main thread now takes back its own handler, which would undo this one's, and raises flag[1].
parentPort.postMessage('ready');
Atomics.wait(flag, 1, 0);
new vm.Script('listen()').runInThisContext({ breakOnSigint: true });
