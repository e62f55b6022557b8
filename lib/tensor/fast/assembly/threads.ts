/**
 * One job at a time, cut into numbered tiles; each thread that is free takes the next one. What a
 * tile computes does not depend on the thread, so the results are the same for any number of
 * threads.
 *
 * The control block is in the shared memory. Each word that several threads write has a cache line
 * of its own.
 */
import { runTile } from './tiles';

/**
 * Sleeps until the word at `at` is notified, or for so long; not at all if it is not `value`. It is
 * JavaScript's `Atomics.wait`: after the instruction `memory.atomic.wait32`, the code that V8's
 * first compiler makes in Node 20 has lost the function's last local variable.
 */
declare function sleep(at: usize, value: i32, milliseconds: f64): void;

/** Throws the error of a job that a worker has failed in. */
declare function fail(): void;

const EPOCH: usize = 0; //    counts jobs; sleeping workers wait for it to change
const OPEN: usize = 64; //    1 while a job has tiles to give away
const NEXT: usize = 128; //   the next tile
const WORKERS: usize = 192; // how many workers have started
const WAITING: usize = 256; // 1 while the main thread sleeps until the last worker has left
const WANTED: usize = 320; //  1 once a job was large enough for more threads to pay off
const FAILED: usize = 324; //  1 once a worker failed inside the job
const TOTAL: usize = 384; //  tiles of the job
const OP: usize = 388; //     which kernel
const ARGS: usize = 392; //   its arguments
const SHARED: usize = 640; // pointer to the scratch memory that all threads share
const OWN: usize = 644; //    pointers to the scratch memory of each thread
/**
 * One cache line for each thread: whether it is inside a job, and, ASLEEP bytes on, whether it
 * sleeps.
 */
const LINES: usize = 1024;
const ASLEEP: usize = 4;

/**
 * How often a worker looks for the next job before it sleeps: about a quarter of a millisecond,
 * longer than the pause between two decoding steps.
 */
const SPINS: i32 = 100000;
/** The most threads, the main one included. */
const MOST: usize = 16;
const CONTROL_BYTES: usize = 4096;

let control: usize = 0;
let thread: usize = 0;

/** Bytes of the control block. */
export function controlBytes(): i32 {
  return <i32> CONTROL_BYTES;
}

/** The most threads, the main one included. */
export function mostThreads(): i32 {
  return <i32> MOST;
}

/** Attaches the main thread, number 0, to a control block, which it clears. */
export function attachMain(block: usize): void {
  memory.fill(block, 0, CONTROL_BYTES);
  attach(block, 0);
}

/** Attaches this instance to the control block, as thread number `index`. */
export function attach(block: usize, index: i32): void {
  control = block;
  thread = <usize> index;
}

/** Hands over the scratch memory that all threads share. */
export function giveShared(at: usize): void {
  store<u32>(control + SHARED, <u32> at);
}

/** Hands over the scratch memory of thread number `index`. */
export function giveOwn(index: i32, at: usize): void {
  store<u32>(control + OWN + (<usize> index << 2), <u32> at);
}

// @ts-ignore: decorator
@inline
export function own(): usize {
  return load<u32>(control + OWN + (thread << 2));
}

// @ts-ignore: decorator
@inline
export function shared(): usize {
  return load<u32>(control + SHARED);
}

// @ts-ignore: decorator
@inline
export function arg(index: usize): i32 {
  return load<i32>(control + ARGS + (index << 2));
}

// @ts-ignore: decorator
@inline
export function pointer(index: usize): usize {
  return load<u32>(control + ARGS + (index << 2));
}

// @ts-ignore: decorator
@inline
export function argF(index: usize): f32 {
  return load<f32>(control + ARGS + (index << 2));
}

// @ts-ignore: decorator
@inline
export function setArg(index: usize, value: i32): void {
  store<i32>(control + ARGS + (index << 2), value);
}

// @ts-ignore: decorator
@inline
export function setArgF(index: usize, value: f32): void {
  store<f32>(control + ARGS + (index << 2), value);
}

/** How many workers are ready. */
export function workers(): i32 {
  return atomic.load<i32>(control + WORKERS);
}

/** Whether some job so far was large enough for more threads to pay off. */
export function wantsWorkers(): bool {
  return load<i32>(control + WANTED) != 0;
}

function helpersForLargeJob(): i32 {
  store<i32>(control + WANTED, 1);
  return workers();
}

// @ts-ignore: decorator
@inline
function line(who: usize): usize {
  return control + LINES + (who << 6);
}

/**
 * Computes all tiles of `op`, with the workers' help if the job is `heavy` enough for that to pay
 * off.
 */
export function parallel(op: i32, total: i32, heavy: bool): void {
  const helpers = heavy && total > 1 ? helpersForLargeJob() : 0;
  if (helpers == 0) {
    for (let tile = 0; tile < total; tile++) runTile(op, tile);
    return;
  }
  store<i32>(control + TOTAL, total);
  store<i32>(control + OP, op);
  atomic.store<i32>(control + NEXT, 0);
  atomic.store<i32>(control + OPEN, 1);
  atomic.add<i32>(control + EPOCH, 1);
  for (let who: usize = 1; who < MOST; who++) {
    if (atomic.load<i32>(line(who) + ASLEEP) != 0) {
      atomic.notify(control + EPOCH, -1);
      break;
    }
  }
  takeTiles();
  atomic.store<i32>(control + OPEN, 0);
  finishAll();
  if (atomic.load<i32>(control + FAILED) != 0) {
    atomic.store<i32>(control + FAILED, 0);
    fail(); // some of the job was not computed
  }
}

function finishAll(): void {
  for (let who: usize = 1; who < MOST; who++) if (atomic.load<i32>(line(who)) != 0) finish(who);
}

/**
 * Closes the job that the main thread left in a trap, if there is one, and waits until the workers
 * have left it, too: until then they write to its memory.
 */
export function settle(): void {
  if (load<i32>(control + OPEN) == 0) return;
  atomic.store<i32>(control + NEXT, load<i32>(control + TOTAL));
  atomic.store<i32>(control + OPEN, 0);
  finishAll();
  atomic.store<i32>(control + FAILED, 0);
}

/**
 * Waits until a worker has left its last tile: first spinning, then asleep, so that the worker can
 * run on this thread's processor.
 */
function finish(who: usize): void {
  for (let spins = SPINS; spins > 0; spins--) if (atomic.load<i32>(line(who)) == 0) return;
  atomic.store<i32>(control + WAITING, 1);
  while (atomic.load<i32>(line(who)) != 0) sleep(line(who), 1, 1);
  atomic.store<i32>(control + WAITING, 0);
}

function takeTiles(): void {
  const op = load<i32>(control + OP);
  const total = load<i32>(control + TOTAL);
  for (;;) {
    const tile = atomic.add<i32>(control + NEXT, 1);
    if (tile >= total) return;
    runTile(op, tile);
  }
}

/**
 * The loop of a worker: wait for a job, take tiles, repeat. It never returns; the main thread
 * terminates the worker.
 */
export function work(): void {
  let seen = atomic.load<i32>(control + EPOCH);
  atomic.add<i32>(control + WORKERS, 1);
  for (;;) {
    seen = nextJob(seen);
    // This thread first enters, then reads OPEN; the main thread first clears OPEN, then looks who
    // is inside. So at least one of the two notices the other.
    atomic.store<i32>(line(thread), 1);
    if (atomic.load<i32>(control + OPEN) == 1) takeTiles();
    atomic.store<i32>(line(thread), 0);
    if (atomic.load<i32>(control + WAITING) != 0) atomic.notify(line(thread), 1);
  }
}

/** The last act of a worker that failed inside a job: nothing waits for it or counts on it. */
export function leave(): void {
  atomic.sub<i32>(control + WORKERS, 1);
  atomic.store<i32>(control + FAILED, 1);
  atomic.store<i32>(line(thread), 0);
  atomic.notify(line(thread), 1);
}

/**
 * Waits until the number of the job is not `seen`: first spinning, then asleep. Returns the new
 * number.
 */
function nextJob(seen: i32): i32 {
  for (let spins = SPINS; spins > 0; spins--) {
    const now = atomic.load<i32>(control + EPOCH);
    if (now != seen) return now;
  }
  atomic.store<i32>(line(thread) + ASLEEP, 1);
  sleep(control + EPOCH, seen, Infinity);
  atomic.store<i32>(line(thread) + ASLEEP, 0);
  return atomic.load<i32>(control + EPOCH);
}
