/**
 * The course's kernels beside TensorFlow.js's: a second, small WebAssembly module that works in
 * place on the same memory.
 *
 * Four private fields of the backend are used (its module's memory, its allocator and both tables
 * of tensors). If one is missing, or the version is different, the machine does not start.
 */
import { dependencies } from '../../../package.json';
import { wantedThreads, wantsFusedMultiplyAdd, wantsStockKernels } from '../../base/environment';
import { platform } from '../../base/platform';
import { tf } from '../tf';
import { shareClones } from './free-clones';
import type { Kernels } from './kernels';
import { beforeHeapChanges, type Heap } from './memory';
import { withMemory } from './module-memory';
import { kernelImports, startWorkers, type WorkerPool } from './workers';

/** The version of TensorFlow.js whose private fields are known: the one that the course pins. */
const KNOWN_VERSION = dependencies['@tensorflow/tfjs'];
/**
 * The bytes of a cache line. Each block begins on a new line, so that no two threads write to the
 * same one.
 */
const LINE = 64;

const FOLDER = platform.join(platform.root, 'lib', 'tensor', 'fast');
const [PLAIN, FUSED] = ['kernels.wasm', 'kernels-fma.wasm'].map((name) =>
  platform.join(FOLDER, name)
) as [string, string];

/** Loads the kernels, so that a machine can start at once. Where that fails, its start says why. */
export const loadKernels = (): Promise<void> =>
  platform.loadFiles(wantsFusedMultiplyAdd() ? [PLAIN, FUSED] : [PLAIN]).catch(() => undefined);

/** The parts of the backend that are used. */
export interface TensorBackend {
  readonly wasm: Heap & {
    readonly asm: { readonly memory: WebAssembly.Memory };
    readonly tfjs: {
      readonly registerTensor: (id: number, size: number, memoryOffset: number) => void;
      readonly disposeData: (id: number) => void;
    };
  };
  readonly dataIdMap: {
    get(id: object): {
      readonly id: number;
      readonly memoryOffset: number | null;
      readonly refCount: number;
    };
  };
  makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo;
}

type EngineBackend = Parameters<ReturnType<typeof tf.engine>['makeTensorFromTensorInfo']>[1];

export class Machine {
  readonly kernels: Kernels;
  readonly threads: number;
  /** Whether {@link release} was called. */
  isReleased = false;
  private readonly memory: WebAssembly.Memory;
  private readonly module: WebAssembly.Module;
  private readonly block: number;
  private scratch: number[] = [];
  private ownBytes = 0;
  private sharedBytes = 0;
  private workers: WorkerPool | undefined;

  /** @throws Error saying what is missing */
  constructor(readonly backend: TensorBackend) {
    checkBackend(backend);
    this.memory = backend.wasm.asm.memory;
    const shared = typeof SharedArrayBuffer === 'function'
      && this.memory.buffer instanceof SharedArrayBuffer;
    this.module = new WebAssembly.Module(withMemory(kernelBytes(), shared) as BufferSource);
    this.kernels = new WebAssembly.Instance(this.module, kernelImports(this.memory))
      .exports as unknown as Kernels;
    const most = Math.min(this.kernels.mostThreads(), wantedThreads() ?? platform.defaultThreads());
    this.threads = shared ? most : 1;
    this.block = this.allocate(this.kernels.controlBytes() + LINE);
    this.kernels.attachMain(aligned(this.block));
    beforeHeapChanges(() => this.isReleased || this.kernels.settle());
    shareClones();
  }

  /** The byte offset of a tensor's numbers in memory. */
  pointer(tensor: tf.Tensor): number {
    const { memoryOffset } = this.backend.dataIdMap.get(tensor.dataId);
    if (memoryOffset) return memoryOffset >>> 0;
    throw new Error(`tensor [${tensor.shape.join(', ')}] has no memory: was it disposed?`);
  }

  /**
   * Whether another tensor shares `tensor`'s numbers, so that they must not be changed in place.
   */
  isShared(tensor: tf.Tensor): boolean {
    return this.backend.dataIdMap.get(tensor.dataId).refCount > 1;
  }

  /**
   * Tells TensorFlow.js that a tensor's numbers were changed in place. Its matrix product keeps a
   * packed copy of the second matrix until that is disposed, and would go on with the old numbers.
   */
  changed(tensor: tf.Tensor): void {
    const { id } = this.backend.dataIdMap.get(tensor.dataId);
    const { tfjs } = this.backend.wasm;
    tfjs.disposeData(id); // only the entry and the copies: the memory is freed elsewhere
    tfjs.registerTensor(id, tensor.size, this.pointer(tensor));
  }

  /** A new tensor, not initialized. Starts the workers once some job was large enough for them. */
  output(shape: number[]): tf.Tensor {
    if (!this.workers && this.threads > 1 && this.kernels.wantsWorkers()) this.startWorkers();
    const info = this.backend.makeOutput(shape, 'float32');
    return tf.engine().makeTensorFromTensorInfo(info, this.backend as unknown as EngineBackend);
  }

  /**
   * Allocates `bytes` of TensorFlow.js's heap, to be freed with {@link free}.
   * @throws RangeError if it is full
   */
  allocate(bytes: number): number {
    return this.backend.wasm._malloc(bytes) >>> 0;
  }

  free(at: number): void {
    this.backend.wasm._free(at);
  }

  /** A live view of the numbers at a pointer. Do not keep it: it is stale once memory has grown. */
  view(at: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, at, length);
  }

  /** The same for int32. */
  integers(at: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, at, length);
  }

  /**
   * Makes sure that each thread has `own` bytes of scratch memory, and all of them share `shared`
   * bytes.
   */
  reserve(own: number, shared: number): void {
    if (own <= this.ownBytes && shared <= this.sharedBytes) return;
    const [ownBytes, sharedBytes] = [
      Math.max(own, this.ownBytes),
      Math.max(shared, this.sharedBytes),
    ];
    this.freeScratch(); // also sets both sizes to 0
    const block = (bytes: number): number => {
      const at = this.allocate(bytes + LINE);
      this.scratch.push(at);
      return aligned(at);
    };
    for (let thread = 0; thread < this.threads; thread++)
      this.kernels.giveOwn(thread, block(ownBytes));
    this.kernels.giveShared(block(sharedBytes));
    [this.ownBytes, this.sharedBytes] = [ownBytes, sharedBytes];
  }

  /** Ends the workers and frees scratch memory. The next operation starts a new machine. */
  async release(): Promise<void> {
    if (this.isReleased) return;
    this.isReleased = true;
    const ended = this.workers?.end();
    this.workers = undefined;
    this.freeScratch();
    await ended;
    this.free(this.block);
  }

  /** Starts the workers. Jobs do not wait for them: every thread that is ready takes tiles. */
  private startWorkers(): void {
    this.workers = startWorkers(this.module, this.memory, aligned(this.block), this.threads - 1);
  }

  private freeScratch(): void {
    for (const at of this.scratch) this.free(at);
    this.scratch = [];
    [this.ownBytes, this.sharedBytes] = [0, 0];
  }
}

/**
 * Checks the version, and the private fields, which may be missing although the types declare them.
 */
function checkBackend(
  backend: { readonly [K in keyof TensorBackend]?: Partial<TensorBackend[K]> },
): void {
  const version = tf.version['tfjs-core'];
  if (version !== KNOWN_VERSION)
    throw new Error(`they are made for TensorFlow.js ${KNOWN_VERSION}, found ${version}`);
  const { wasm, dataIdMap, makeOutput } = backend;
  const tables = [dataIdMap?.get, wasm?.tfjs?.registerTensor, wasm?.tfjs?.disposeData];
  const functions = [wasm?._malloc, wasm?._free, ...tables, makeOutput];
  if (
    !(wasm?.asm?.memory instanceof WebAssembly.Memory)
    || functions.some((field) => typeof field !== 'function')
  ) {
    throw new Error('the backend does not have the fields that they work through');
  }
  if (wantsStockKernels()) throw new Error('COURSE_KERNELS=stock is set');
}

/**
 * The build to run: the one with the same results everywhere, unless COURSE_FMA=1 requests fused
 * multiply-add.
 */
function kernelBytes(): Uint8Array {
  const plain = platform.readFileSync(PLAIN);
  if (!WebAssembly.validate(plain as BufferSource)) throw new Error('WebAssembly has no SIMD here');
  if (!wantsFusedMultiplyAdd()) return plain;
  const fused = platform.readFileSync(FUSED) as BufferSource & Uint8Array;
  if (!WebAssembly.validate(fused)) platform.allowRelaxedSimd();
  const works = WebAssembly.validate(fused);
  const [on, off] = [
    'Fused multiply-add is on (COURSE_FMA=1): faster; digits may differ from other machines.',
    'COURSE_FMA=1 has no effect: there is no relaxed SIMD here.',
  ];
  console.log(works ? on : off);
  return works ? fused : plain;
}

/** The first cache line at or after `at`. */
function aligned(at: number): number {
  return Math.ceil(at / LINE) * LINE;
}
