/**
 * Our kernels beside TensorFlow.js's: a second, small WebAssembly module that works on the same
 * memory, in place.
 *
 * Three private fields of the backend are used (its module's memory, allocator and the table of
 * tensors). Where one is missing, or the version is another, that is said once and everything runs
 * on TensorFlow.js's own kernels.
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { tf } from '../tf';
import { withMemory } from './heap';
import { shareClones } from './free-clones';
import { startWorkers, type Workers } from './workers';
import type { Kernels } from './kernels';

/** The version of TensorFlow.js whose private fields we know. */
const KNOWN_VERSION = '4.22.0';
const CONTROL_BYTES = 4096;
/**
 * Where the control block holds the pointers to scratch memory (see assembly/threads.ts), in words.
 */
const [SHARED_WORD, OWN_WORD] = [160, 161];
const MOST_THREADS = 16;

/** What we use of the backend. */
interface Backend {
  readonly wasm: {
    readonly asm: { readonly memory: WebAssembly.Memory };
    _malloc(bytes: number): number;
    _free(at: number): void;
  };
  readonly dataIdMap: {
    get(id: object): { readonly memoryOffset: number | null; readonly refCount: number };
  };
  makeOutput(
    shape: number[],
    dtype: 'float32' | 'int32',
  ): { dataId: object; shape: number[]; dtype: 'float32' | 'int32' };
}

let current: Machine | undefined;
let refused = false;

/**
 * The kernels, started at the first call; undefined where they cannot run or another backend is in
 * use.
 */
export function machine(): Machine | undefined {
  if (refused || tf.engine().backendName !== 'wasm') return undefined;
  const backend = tf.backend() as unknown as Backend;
  if (current?.backend === backend) return current;
  current?.release();
  try {
    current = new Machine(backend);
  } catch (error) {
    refused = true;
    say(
      `The fast kernels are off (${
        error instanceof Error ? error.message : String(error)
      }); TensorFlow.js's own are used.`,
    );
    return undefined;
  }
  return current;
}

/**
 * Whether the fast kernels may be used at all from here on; for tests and for the benchmark's stock
 * rows.
 */
export function allowMachine(allowed: boolean): void {
  refused = !allowed;
}

/** On stdout: graders read any text on stderr as a failure. */
function say(text: string): void {
  console.log(text);
}

export class Machine {
  readonly kernels: Kernels;
  readonly threads: number;
  private readonly memory: WebAssembly.Memory;
  private readonly module: WebAssembly.Module;
  private readonly block: number;
  private readonly control: number;
  private scratch: number[] = [];
  private ownBytes = 0;
  private sharedBytes = 0;
  private workers: Workers | undefined;

  /** @throws Error saying what is missing */
  constructor(readonly backend: Backend) {
    checkBackend(backend);
    this.memory = backend.wasm.asm.memory;
    const shared = this.memory.buffer instanceof SharedArrayBuffer;
    this.threads = shared ? threadsWanted() : 1;
    this.module = new WebAssembly.Module(withMemory(kernelBytes(), shared) as BufferSource);
    this.kernels = new WebAssembly.Instance(this.module, { env: { memory: this.memory } })
      .exports as unknown as Kernels;
    this.block = this.allocate(CONTROL_BYTES + 64);
    this.control = aligned(this.block);
    this.words().fill(0);
    this.kernels.attach(this.control, 0);
    shareClones();
  }

  /** Where the numbers of a tensor lie. */
  pointer(tensor: tf.Tensor): number {
    const { memoryOffset } = this.backend.dataIdMap.get(tensor.dataId);
    if (!memoryOffset)
      throw new Error(
        `tensor [${tensor.shape.join(', ')}] has no memory: was it disposed, or is memory full?`,
      );
    return memoryOffset >>> 0;
  }

  /** Whether two tensors share `tensor`'s numbers, so that they must not be changed in place. */
  isShared(tensor: tf.Tensor): boolean {
    return this.backend.dataIdMap.get(tensor.dataId).refCount > 1;
  }

  /** A new tensor whose numbers are whatever the memory held. */
  output(shape: number[]): tf.Tensor {
    const info = this.backend.makeOutput(shape, 'float32');
    return tf.engine().makeTensorFromTensorInfo(
      info,
      this.backend as unknown as Parameters<
        ReturnType<typeof tf.engine>['makeTensorFromTensorInfo']
      >[1],
    );
  }

  /**
   * `bytes` of TensorFlow.js's heap, to be given back with {@link free}. Throws if there is no
   * more.
   */
  allocate(bytes: number): number {
    const at = this.backend.wasm._malloc(bytes) >>> 0;
    if (at === 0) throw new Error(`no memory left for ${bytes} more bytes`);
    return at;
  }

  free(at: number): void {
    this.backend.wasm._free(at);
  }

  /** The live numbers at a pointer. Not to be kept: the view is stale once memory has grown. */
  view(at: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, at, length);
  }

  /** The same for int32. */
  integers(at: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, at, length);
  }

  /** Makes sure that each thread has `own` bytes of scratch memory and all together `shared`. */
  reserve(own: number, shared: number): void {
    if (own <= this.ownBytes && shared <= this.sharedBytes) return;
    const [ownBytes, sharedBytes] = [
      Math.max(own, this.ownBytes),
      Math.max(shared, this.sharedBytes),
    ];
    this.freeScratch(); // forgets how much there was
    const words = (): Int32Array => this.words();
    for (let thread = 0; thread < this.threads; thread++) {
      // apart, so that no two threads write to one cache line
      this.scratch.push(this.allocate(ownBytes + 64));
      words()[OWN_WORD + thread] = aligned(this.scratch.at(-1)!);
    }
    this.scratch.push(this.allocate(sharedBytes + 64));
    words()[SHARED_WORD] = aligned(this.scratch.at(-1)!);
    [this.ownBytes, this.sharedBytes] = [ownBytes, sharedBytes];
  }

  /**
   * Starts the other threads, once, where there are to be any. Nobody waits for them: work is done
   * by who is there.
   */
  wake(): void {
    if (this.threads > 1)
      this.workers ??= startWorkers(this.module, this.memory, this.control, this.threads - 1, say);
  }

  /** Ends the threads and gives scratch memory back. The next op starts anew. */
  release(): Promise<void> {
    if (current === this) current = undefined;
    const ended = this.workers?.end() ?? Promise.resolve();
    this.workers = undefined;
    this.freeScratch();
    return ended.then(() => this.free(this.block));
  }

  private freeScratch(): void {
    for (const at of this.scratch) this.free(at);
    this.scratch = [];
    [this.ownBytes, this.sharedBytes] = [0, 0];
  }

  private words(): Int32Array {
    return new Int32Array(this.memory.buffer, this.control, CONTROL_BYTES / 4);
  }
}

function checkBackend(backend: Backend): void {
  const version = tf.version['tfjs-core'];
  if (version !== KNOWN_VERSION)
    throw new Error(`they are made for TensorFlow.js ${KNOWN_VERSION}, found ${version}`);
  const known = backend.wasm?.asm?.memory instanceof WebAssembly.Memory
    && typeof backend.wasm._malloc === 'function'
    && typeof backend.wasm._free === 'function' && typeof backend.dataIdMap?.get === 'function'
    && typeof backend.makeOutput === 'function';
  if (!known) throw new Error('the backend does not have the fields that they work through');
  if (process.env['COURSE_KERNELS'] === 'stock')
    throw new Error('COURSE_KERNELS=stock asks for it');
}

/** One for each processor up to four, or what COURSE_THREADS says. */
function threadsWanted(): number {
  const wanted = Number(process.env['COURSE_THREADS'] ?? Math.min(4, availableParallelism()));
  return Number.isInteger(wanted) && wanted >= 1 ? Math.min(wanted, MOST_THREADS) : 1;
}

/**
 * The build to run: the one that is the same everywhere, unless COURSE_FMA=1 asks for fused
 * multiply-add.
 */
function kernelBytes(): Uint8Array {
  if (process.env['COURSE_FMA'] === '1') {
    // Node 20 asks for the flag, later versions ignore it
    setFlagsFromString('--experimental-wasm-relaxed-simd');
    const bytes = readFileSync(join(__dirname, 'kernels-fma.wasm'));
    const works = WebAssembly.validate(bytes);
    say(
      works
        ? 'Fused multiply-add is on (COURSE_FMA=1): faster, but the last digits may differ from other machines.'
        : 'COURSE_FMA=1 has no effect: this Node has no relaxed SIMD.',
    );
    if (works) return bytes;
  }
  return readFileSync(join(__dirname, 'kernels.wasm'));
}

/** The first cache line at or after `at`. */
function aligned(at: number): number {
  return Math.ceil(at / 64) * 64;
}
