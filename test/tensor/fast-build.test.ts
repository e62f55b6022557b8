/** The compiled kernels are what their source compiles to, and hold what they may. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { BUILDS, compile } from '../../lib/tensor/fast/build';
import { withMemory } from '../../lib/tensor/fast/module-memory';

vi.setConfig({ testTimeout: 240_000 }); // the compiler is slow on a busy computer

const FAST = join(__dirname, '..', '..', 'lib', 'tensor', 'fast');

const SECTION = { code: 10, data: 11 };

/** The numbers of a WebAssembly module's sections, in their order. */
function sections(bytes: Uint8Array): number[] {
  const found: number[] = [];
  for (let at = 8; at < bytes.length;) {
    found.push(bytes[at++]!);
    let [size, shift] = [0, 0]; // LEB128: seven bits a byte, low ones first
    for (let more = true; more; shift += 7) {
      const byte = bytes[at++]!;
      size += (byte & 0x7f) << shift;
      more = byte >= 0x80;
    }
    at += size;
  }
  return found;
}

describe('the compiled kernels', () => {
  it.each(Object.keys(BUILDS) as (keyof typeof BUILDS)[])(
    '%s is what its source compiles to, byte for byte',
    async (name) => {
      expect((await compile(name)).equals(readFileSync(join(FAST, name)))).toBe(true);
    },
  );

  it('use no relaxed SIMD without a request', () => {
    // The relaxed instructions are 0xfd, 0x80 to 0x92, 0x02: from number 0x100 on, in LEB128.
    const relaxed = (name: string): boolean => {
      const bytes = readFileSync(join(FAST, name));
      return bytes.some((byte, i) =>
        byte === 0xfd && bytes[i + 1]! >= 0x80 && bytes[i + 1]! <= 0x92 && bytes[i + 2] === 2
      );
    };
    expect(relaxed('kernels.wasm')).toBe(false);
    expect(relaxed('kernels-fma.wasm')).toBe(true);
  });

  it.each(Object.keys(BUILDS))('%s holds no data, since its memory is not its own', (name) => {
    const bytes = readFileSync(join(FAST, name));
    const { data } = SECTION;
    expect(sections(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, data, 1, 0))).toEqual([data]);
    expect(sections(bytes)).toContain(SECTION.code);
    expect(sections(bytes)).not.toContain(data);
  });

  it.each(Object.keys(BUILDS))('%s waits in JavaScript (see threads.ts), not itself', (name) => {
    const wait = Buffer.of(0xfe, 1, 2, 0); // memory.atomic.wait32, at a multiple of 2² bytes
    const notify = Buffer.of(0xfe, 0, 2, 0);
    const bytes = readFileSync(join(FAST, name));
    expect(bytes.includes(notify)).toBe(true);
    expect(bytes.includes(wait)).toBe(false);
  });

  it('import their memory, which may be shared or not', () => {
    const bytes = readFileSync(join(FAST, 'kernels.wasm'));
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(bytes));
    expect(imports.map(({ name, kind }) => `${kind} ${name}`).sort()).toEqual([
      'function fail',
      'function sleep',
      'memory memory',
    ]);
    expect(withMemory(withMemory(bytes, false), true)).toEqual(Uint8Array.from(bytes));
    expect(() => withMemory(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0), true)).toThrow(
      /one memory that has an upper limit, found none/,
    );
  });
});
