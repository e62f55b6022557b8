/**
 * Compiles the kernels: `npx tsx lib/tensor/fast/build.ts`. The results are committed, so that the
 * compiler is needed only to change a kernel; a test compiles them again and compares the bytes.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/**
 * The two builds of one source: `kernels` gives the same bits on every machine; `kernels-fma` is
 * used only on request.
 */
export const BUILDS = { 'kernels.wasm': [],
  'kernels-fma.wasm': ['--enable', 'relaxed-simd'] } as const;

// No data section and no stack in memory: the memory is TensorFlow.js's, which manages every byte
// of it.
const OPTIONS = [
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--use',
  'abort=',
  '--importMemory',
  '--sharedMemory',
  '--zeroFilledMemory',
  '--initialMemory',
  '1',
  '--maximumMemory',
  '65536',
  '--enable',
  'simd',
  '--enable',
  'threads',
  '--enable',
  'bulk-memory',
];

/**
 * The bytes of one build, compiled from source. Throws an error with the compiler's output if that
 * fails.
 */
export async function compile(name: keyof typeof BUILDS): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'kernels-'));
  try {
    const compiler = join(require.resolve('assemblyscript/package.json'), '..', 'bin', 'asc.js');
    const out = join(folder, name);
    await promisify(execFile)(process.execPath, [
      compiler,
      'assembly/index.ts',
      '-o',
      out,
      ...OPTIONS,
      ...BUILDS[name],
    ], { cwd: __dirname });
    return readFileSync(out);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function main(): Promise<void> {
  for (const name of Object.keys(BUILDS) as (keyof typeof BUILDS)[]) {
    const bytes = await compile(name);
    writeFileSync(join(__dirname, name), bytes);
    console.log(`${name}: ${bytes.length} bytes`);
  }
}

if (require.main === module) void main();
