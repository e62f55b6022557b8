/**
 * The safetensors file format: 8 bytes with the length of a JSON header, the header, then the raw
 * numbers (https://github.com/huggingface/safetensors). Tensors are read one by one, so that a
 * large model is never in memory twice.
 */
import { platform } from '../base/platform';
import type { OpenedFile } from '../base/platform/contract';

const { baseName } = platform;

/** One tensor in the header. `data_offsets`: its first byte and the byte after its last one. */
export interface TensorInfo {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

/** Bytes of one number of each type. */
const BYTES: Record<string, number> = {
  F64: 8,
  I64: 8,
  U64: 8,
  F32: 4,
  I32: 4,
  U32: 4,
  F16: 2,
  BF16: 2,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
};
const LONGEST_HEADER = 100_000_000; // the limit of the reference implementation

/** An open file. `tensors`: the entries of the header by the name of the tensor. */
export class SafetensorsFile {
  private constructor(
    private readonly file: OpenedFile,
    private readonly path: string,
    private readonly dataStart: number,
    readonly tensors: Map<string, TensorInfo>,
  ) {}

  /**
   * Opens a file and checks its header against its size.
   * @throws Error if the file is missing, truncated or not a safetensors file
   */
  static async open(path: string): Promise<SafetensorsFile> {
    const file = await platform.openFile(path);
    try {
      const { size } = file;
      const name = baseName(path);
      if (size < 8)
        throw new Error(
          `${name} is truncated: a safetensors file has at least 8 bytes, this one has ${size}`,
        );
      const headerLength = Number(viewOf(await file.read(0, 8)).getBigUint64(0, true));
      if (headerLength > LONGEST_HEADER || headerLength < 2) {
        throw new Error(
          `${name} is not a safetensors file: its first 8 bytes announce a header of `
            + `${headerLength} bytes`,
        );
      }
      if (8 + headerLength > size) {
        throw new Error(
          `${name} is truncated: it announces a header of ${headerLength} bytes `
            + `and has ${size} bytes in all`,
        );
      }
      const header = parseHeader(name, new TextDecoder().decode(await file.read(8, headerLength)));
      checkLayout(name, header, size - 8 - headerLength);
      return new SafetensorsFile(file, path, 8 + headerLength, header);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /**
   * One tensor as float32; float16 and bfloat16 are converted exactly.
   * @throws Error if there is none of that name, or it has a different type
   */
  async readFloat32(name: string): Promise<Float32Array> {
    const info = this.tensors.get(name);
    if (!info) throw new Error(`${baseName(this.path)} has no tensor ${name}`);
    const [start, end] = info.data_offsets;
    const bytes = await this.file.read(this.dataStart + start, end - start);
    const view = viewOf(bytes);
    if (info.dtype === 'F32') {
      if (LITTLE_ENDIAN) return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
      return Float32Array.from(
        { length: bytes.length / 4 },
        (_, i) => view.getFloat32(4 * i, true),
      );
    }
    if (info.dtype === 'BF16') return convert(view, (bits) => bits << 16);
    if (info.dtype === 'F16') return convert(view, float16ToFloat32Bits);
    throw new Error(`${baseName(this.path)}: ${name} must be F32, F16 or BF16, got ${info.dtype}`);
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}

/** A tensor to be written. */
export interface StoredTensor {
  shape: readonly number[];
  values: Float32Array;
}

/**
 * A file of float32 tensors in the given order, piece after piece, as the reference implementation
 * writes it: the header is padded with spaces to a multiple of 8 bytes.
 */
export function safetensorsParts(
  tensors: Iterable<readonly [string, StoredTensor]>,
): Uint8Array[] {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { shape, values }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] };
    parts.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    offset += values.byteLength;
  }
  const json = JSON.stringify(header);
  const encoder = new TextEncoder();
  const bytes = encoder.encode(json).length;
  const text = encoder.encode(json + ' '.repeat(-bytes & 7));
  const length = new Uint8Array(8);
  viewOf(length).setBigUint64(0, BigInt(text.length), true);
  return [length, text, ...parts];
}

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);

function parseHeader(file: string, text: string): Map<string, TensorInfo> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error(`${file} is not a safetensors file: its header is not JSON`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new Error(`${file}: its header must be a JSON object`);
  const entries = Object.entries(json).filter(([name]) => name !== '__metadata__');
  const tensors = new Map<string, TensorInfo>();
  for (const [name, value] of entries) {
    if (!isTensorInfo(value)) {
      throw new Error(
        `${file}: the entry of ${name} must have dtype, shape and two data_offsets, `
          + `got ${JSON.stringify(value)}`,
      );
    }
    if (!(value.dtype in BYTES))
      throw new Error(`${file}: ${name} has the unknown type ${value.dtype}`);
    tensors.set(name, value);
  }
  return tensors;
}

function isTensorInfo(value: unknown): value is TensorInfo {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  return typeof dtype === 'string' && isSizes(shape) && isSizes(offsets) && offsets.length === 2;
}

function isSizes(list: unknown): list is number[] {
  return Array.isArray(list)
    && list.every((n: unknown) => Number.isSafeInteger(n) && Number(n) >= 0);
}

/**
 * Checks that the tensors fill the rest of the file, one after another, each with as many bytes as
 * its shape needs.
 */
function checkLayout(file: string, tensors: Map<string, TensorInfo>, dataLength: number): void {
  let at = 0;
  for (
    const [name, { dtype, shape, data_offsets: [start, end] }] of [...tensors].sort((a, b) =>
      a[1].data_offsets[0] - b[1].data_offsets[0]
    )
  ) {
    const wanted = shape.reduce((a, b) => a * b, 1) * BYTES[dtype]!;
    if (start !== at || end - start !== wanted) {
      throw new Error(
        `${file} is mislabelled: ${name}, ${dtype} [${shape.join(', ')}], `
          + `must take ${wanted} bytes from ${at}, but its offsets are ${start} to ${end}`,
      );
    }
    at = end;
  }
  if (at !== dataLength) {
    const fault = dataLength < at ? 'truncated' : 'too long';
    throw new Error(
      `${file} is ${fault}: its tensors need ${at} bytes, there are ${dataLength}`,
    );
  }
}

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function convert(view: DataView, toFloat32Bits: (bits: number) => number): Float32Array {
  const bits = new Int32Array(view.byteLength / 2);
  for (let i = 0; i < bits.length; i++) bits[i] = toFloat32Bits(view.getUint16(2 * i, true));
  return new Float32Array(bits.buffer);
}

/**
 * The 32 bits of the float32 that equals the float16 with the bits `half`; every float16 has one.
 */
function float16ToFloat32Bits(half: number): number {
  const sign = (half & 0x8000) << 16;
  let exponent = (half >> 10) & 0x1f;
  let fraction = half & 0x3ff;
  if (exponent === 31) return sign | 0x7f800000 | (fraction << 13); // infinity or NaN
  if (exponent === 0) {
    if (fraction === 0) return sign;
    // subnormal in float16, normal in float32
    for (exponent = 1; (fraction & 0x400) === 0; exponent--) fraction <<= 1;
    fraction &= 0x3ff;
  }
  return sign | ((exponent + 112) << 23) | (fraction << 13);
}
