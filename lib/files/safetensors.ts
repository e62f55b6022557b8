/**
 * The safetensors file format: 8 bytes with the length of a JSON header, the header, then the raw
 * numbers (https://github.com/huggingface/safetensors). Read tensor by tensor, so that a large
 * model is never in memory twice.
 */
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';

/** One entry of the header. */
export interface TensorInfo {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

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

/** An open file: what it holds, and a way to read one tensor. */
export class SafetensorsFile {
  private constructor(
    private readonly file: FileHandle,
    private readonly path: string,
    private readonly dataStart: number,
    readonly tensors: Map<string, TensorInfo>,
  ) {}

  /**
   * Opens a file and checks its header against its size.
   * @throws Error if the file is missing, truncated or no safetensors file
   */
  static async open(path: string): Promise<SafetensorsFile> {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const name = basename(path);
      if (size < 8)
        throw new Error(
          `${name} is truncated: a safetensors file has at least 8 bytes, this one has ${size}`,
        );
      const headerLength = Number((await readBytes(file, 0, 8)).readBigUInt64LE());
      if (headerLength > LONGEST_HEADER || headerLength < 2) {
        throw new Error(
          `${name} is no safetensors file: its first 8 bytes announce a header of ${headerLength} bytes`,
        );
      }
      if (8 + headerLength > size) {
        throw new Error(
          `${name} is truncated: it announces a header of ${headerLength} bytes and has ${size} bytes in all`,
        );
      }
      const header = parseHeader(name, (await readBytes(file, 8, headerLength)).toString('utf8'));
      checkLayout(name, header, size - 8 - headerLength);
      return new SafetensorsFile(file, path, 8 + headerLength, header);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /**
   * One tensor as float32; float16 and bfloat16 are converted exactly.
   * @throws Error if there is none of that name, or it holds another type
   */
  async readFloat32(name: string): Promise<Float32Array> {
    const info = this.tensors.get(name);
    if (!info) throw new Error(`${basename(this.path)} has no tensor ${name}`);
    const [start, end] = info.data_offsets;
    const bytes = await readBytes(this.file, this.dataStart + start, end - start);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (info.dtype === 'F32') {
      if (LITTLE_ENDIAN && bytes.byteOffset % 4 === 0)
        return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
      return Float32Array.from(
        { length: bytes.length / 4 },
        (_, i) => view.getFloat32(4 * i, true),
      );
    }
    if (info.dtype === 'BF16') return convert(view, (bits) => bits << 16);
    if (info.dtype === 'F16') return convert(view, float16ToFloat32Bits);
    throw new Error(`${basename(this.path)}: ${name} must be F32, F16 or BF16, got ${info.dtype}`);
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
 * Writes float32 tensors in the order given, as safetensors does: header padded with spaces to a
 * multiple of 8 bytes.
 */
export async function writeSafetensors(
  path: string,
  tensors: Iterable<readonly [string, StoredTensor]>,
): Promise<void> {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { shape, values }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + values.byteLength] };
    parts.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    offset += values.byteLength;
  }
  const json = JSON.stringify(header);
  const text = Buffer.from(json.padEnd(Math.ceil(Buffer.byteLength(json) / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const file = await open(path, 'w');
  try {
    for (const part of [length, text, ...parts]) await file.write(part);
  } finally {
    await file.close();
  }
}

async function readBytes(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.from(new ArrayBuffer(length)); // not from Node's pool: aligned
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(
      buffer,
      done,
      Math.min(length - done, 1 << 30),
      position + done,
    );
    if (bytesRead === 0) throw new Error(`the file ended ${length - done} bytes early`);
    done += bytesRead;
  }
  return buffer;
}

function parseHeader(file: string, text: string): Map<string, TensorInfo> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new Error(`${file} is no safetensors file: its header is not JSON`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new Error(`${file}: its header must be a JSON object`);
  const entries = Object.entries(json).filter(([name]) => name !== '__metadata__');
  for (const [name, value] of entries) {
    const info = value as Partial<TensorInfo> | null;
    const wholeNumbers = (list: unknown): boolean =>
      Array.isArray(list) && list.every((n) => Number.isSafeInteger(n) && n >= 0);
    if (
      !info || typeof info.dtype !== 'string' || !wholeNumbers(info.shape)
      || !wholeNumbers(info.data_offsets) || info.data_offsets?.length !== 2
    ) {
      throw new Error(
        `${file}: the entry of ${name} must have dtype, shape and two data_offsets, got ${
          JSON.stringify(value)
        }`,
      );
    }
    if (!(info.dtype in BYTES))
      throw new Error(`${file}: ${name} has the unknown type ${info.dtype}`);
  }
  return new Map(entries as [string, TensorInfo][]);
}

/**
 * The tensors must fill the rest of the file, one after another, and each must have the bytes that
 * its shape asks for.
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
        `${file} is mislabelled: ${name}, ${dtype} [${
          shape.join(', ')
        }], must take ${wanted} bytes from ${at}, its offsets say ${start} to ${end}`,
      );
    }
    at = end;
  }
  if (at !== dataLength) {
    throw new Error(
      `${file} is ${
        dataLength < at ? 'truncated' : 'too long'
      }: its tensors need ${at} bytes, there are ${dataLength}`,
    );
  }
}

const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function convert(view: DataView, toFloat32Bits: (bits: number) => number): Float32Array {
  const bits = new Int32Array(view.byteLength / 2);
  for (let i = 0; i < bits.length; i++) bits[i] = toFloat32Bits(view.getUint16(2 * i, true));
  return new Float32Array(bits.buffer);
}

/** The 32 bits of the float32 equal to a float16 given by its 16 bits. Every float16 has one. */
function float16ToFloat32Bits(half: number): number {
  const sign = (half & 0x8000) << 16;
  let exponent = (half >> 10) & 0x1f;
  let fraction = half & 0x3ff;
  if (exponent === 31) return sign | 0x7f800000 | (fraction << 13); // infinite or not a number
  if (exponent === 0) {
    if (fraction === 0) return sign;
    // subnormal in float16, normal in float32
    for (exponent = 1; (fraction & 0x400) === 0; exponent--) fraction <<= 1;
    fraction &= 0x3ff;
  }
  return sign | ((exponent + 112) << 23) | (fraction << 13);
}
