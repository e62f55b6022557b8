/**
 * The end of memory. TensorFlow.js's heap grows to 4 GiB and no further. Then its allocator returns
 * address 0, and TensorFlow.js writes there, over its own data. Or it returns a free block near the
 * end that is too short, because it compares `start + size` modulo 2^32 with the block's end. Here
 * a full heap is an error that leaves everything as it was, and weights that no name holds are
 * freed.
 */
import { platform } from '../../base/platform';
import { tf } from '../tf';

const { sizeFromShape } = tf.util;

/** The allocator of the backend's module. */
export interface Heap {
  _malloc: (bytes: number) => number;
  _free: (at: number) => void;
}

/** Bytes that the heap can grow to: TensorFlow.js's module stops one page below 4 GiB. */
const MOST_BYTES = 2 ** 32 - 2 ** 16;

/** Smaller blocks are not counted: there are many, and together they take little. */
const COUNTED = 2 ** 16;

/** Bytes of each block in use. TensorFlow.js's own sum counts what two tensors share twice. */
const blocks = new Map<number, number>();
let inUse = 0;

let settle: (() => void) | undefined;

/**
 * Sets what has to be done before memory is given or freed, for threads that may still write to it.
 */
export function beforeHeapChanges(action: () => void): void {
  settle = action;
}

/**
 * Makes the allocator throw a RangeError where it has no memory left, after it has tried to free
 * what no name holds, and where a negative number of bytes is asked for: TensorFlow.js lets a slice
 * begin beyond the end. A block that is too short is whole in itself, so it can be given back.
 */
export function guardHeap(heap: Heap): void {
  heap._free(heap._malloc(1)); // the module replaces both functions at their first call
  const [take, free] = [heap._malloc, heap._free];
  const tryToTake = (bytes: number): number => {
    if (bytes > MOST_BYTES) return 0; // the allocator would take it modulo 2^32
    let at = take(bytes);
    const short: number[] = [];
    for (; (at >>> 0) + bytes > MOST_BYTES; at = take(bytes)) short.push(at);
    short.forEach(free);
    return at;
  };
  heap._malloc = (bytes) => {
    settle?.();
    if (bytes < 0) {
      throw new RangeError(
        'a tensor cannot have a negative dimension: does a slice begin beyond the end?',
      );
    }
    let at = tryToTake(bytes);
    if (at === 0 && freeUnheld()) at = tryToTake(bytes);
    if (at === 0) throw new RangeError(`no memory left for ${inBytes(bytes)} more${state()}`);
    if (bytes >= COUNTED) count(at, bytes);
    return at;
  };
  heap._free = (at) => {
    settle?.();
    count(at, 0);
    free(at);
  };
}

function count(at: number, bytes: number): void {
  const block = at >>> 0; // the same address may come with a sign
  inUse += bytes - (blocks.get(block) ?? 0);
  if (bytes > 0) blocks.set(block, bytes);
  else blocks.delete(block);
}

/**
 * Checks that all weights of a model fit into what is left of memory, before any of them is made.
 * `shapesWith` gives the shapes of a model with so many layers; it is called with 1 and 2, so that
 * a huge number of layers costs nothing.
 * @throws RangeError with the bytes wanted, the bytes in use and the limit
 */
export function checkLayersFit(layers: number,
  shapesWith: (layers: number) => ReadonlyMap<string, number[]>): void
{
  const bytesWith = (count: number): number =>
    [...shapesWith(count).values()].reduce((sum, shape) => sum + 4 * sizeFromShape(shape), 0);
  const bytes = bytesWith(1) + (layers - 1) * (bytesWith(2) - bytesWith(1));
  const fits = (): boolean => bytes + inUse <= MOST_BYTES;
  if (fits() || (bytes <= MOST_BYTES && freeUnheld() && fits())) return;
  throw new RangeError(`no memory left for weights of ${inBytes(bytes)}${state()}`);
}

function state(): string {
  return `: ${inBytes(inUse)} of ${inBytes(MOST_BYTES)} are in use, and WebAssembly can address no `
    + 'more. Dispose models, optimizers, caches and tensors that you no longer need';
}

const inBytes = (bytes: number): string => `${bytes.toLocaleString('en')} bytes`;

/** What the engine needs to free a variable's numbers when the variable itself is gone. */
interface Numbers {
  readonly name: string;
  readonly size: number;
  readonly dtype: tf.DataType;
  dataId: tf.Tensor['dataId'];
}

const owned = new Map<string, { made: WeakRef<tf.Variable>; numbers: Numbers }>();
const unheld = new FinalizationRegistry<string>(freeNumbers);
/** Takes the place of a variable that is gone, until its numbers are freed. */
const GONE = { trainable: false, dispose: () => undefined };

/**
 * A variable whose memory is freed once nothing refers to it any more, such as the weights of a
 * model whose name a cell has given to another. TensorFlow.js itself refers to each variable from a
 * list, so here that list holds it weakly. `trainable` says whether TensorFlow.js's functions that
 * take every variable of that list take it, too.
 */
export function variable(value: () => tf.Tensor, trainable = false): tf.Variable {
  const made = tf.tidy(() => tf.variable(value(), trainable));
  own(made);
  return made;
}

/** Apart from {@link variable}, so that no closure here holds what the variable was made from. */
function own(made: tf.Variable): void {
  const { name, size, dtype, dataId } = made;
  const numbers: Numbers = { name, size, dtype, dataId };
  const weak = new WeakRef(made);
  const list = tf.engine().state.registeredVariables;
  const get = (): unknown => weak.deref() ?? GONE;
  Object.defineProperty(list, name, { get, enumerable: true, configurable: true });
  made.assign = function assign(this: tf.Variable, newValue) {
    tf.Variable.prototype.assign.call(this, newValue);
    numbers.dataId = this.dataId;
  };
  owned.set(name, { made: weak, numbers });
  unheld.register(made, name);
}

/** Frees the numbers of a variable that is gone, unless it was disposed before. */
function freeNumbers(name: string): void {
  const { state } = tf.engine();
  const entry = owned.get(name);
  owned.delete(name);
  if (entry && name in state.registeredVariables)
    tf.engine().disposeVariable(entry.numbers as Partial<tf.Variable> as tf.Variable);
}

/**
 * Collects garbage, and frees at once the numbers of all variables that are gone. Returns whether
 * there were any.
 */
function freeUnheld(): boolean {
  // JavaScript's own collector does not know that a small object keeps a large block of the heap.
  platform.collectGarbage();
  const gone = [...owned].filter(([, { made }]) => !made.deref()).map(([name]) => name);
  gone.forEach(freeNumbers);
  return gone.length > 0;
}
