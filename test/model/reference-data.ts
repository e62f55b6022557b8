/**
 * Reads data/fixtures, the numbers that PyTorch and Hugging Face transformers computed (see its
 * README). Files are read through the library's door, since these tests run in browsers, too.
 */
import { platform } from '../../lib/base/platform';

const { join } = platform;
const FIXTURES = join(platform.root, 'data', 'fixtures');

/** The folder of one tiny checkpoint. */
export const checkpointFolder = (name: string): string => join(FIXTURES, 'checkpoints', name);

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** A JSON file of the fixtures, whose form the caller knows. */
// A type parameter for the return value alone is a cast at the call: there it reads best.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function readFixture<T>(...path: string[]): T {
  return JSON.parse(textOf(platform.readFileSync(join(FIXTURES, ...path)))) as T;
}

/**
 * All float32 tensors of a safetensors file, read without the library's reader, which is tested
 * elsewhere.
 */
export function readTensors(...path: string[]): Map<string, Float32Array> {
  const bytes = platform.readFileSync(join(FIXTURES, ...path));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = 8 + Number(view.getBigUint64(0, true));
  const header = JSON.parse(textOf(bytes.subarray(8, start))) as Record<
    string,
    { data_offsets: [number, number] }
  >;
  const tensors = Object.entries(header).filter(([name]) => name !== '__metadata__');
  return new Map(tensors.map(([name, { data_offsets: [from, to] }]) => {
    const values = Float32Array.from(
      { length: (to - from) / 4 },
      (_, i) => view.getFloat32(start + from + 4 * i, true),
    );
    return [name, values];
  }));
}

/** The largest difference between two lists of numbers of the same length; NaN if one holds it. */
export function largestDifference(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length)
    throw new Error(`wanted ${wanted.length} numbers, got ${found.length}`);
  let most = 0;
  for (let i = 0; i < wanted.length; i++) {
    const difference = Math.abs(found[i]! - wanted[i]!);
    if (!(difference <= most)) most = difference; // NaN stays, and fails every comparison
    if (Number.isNaN(most)) return NaN;
  }
  return most;
}
