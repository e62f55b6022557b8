/**
 * Trains the GPT of the little language without its causal mask, so that it cheats (16.2.3):
 * npx tsx data/checkpoints/make-without-mask.ts
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../../lib/base/write-file';
import { commandLine, runProgram } from '../../lib/course/setup/program.mjs';
import { entropyFloor, GPT, lossPerPosition, meanLoss } from '../../lib/index';
import { folderFrom, heldOutBatch, trainOnLanguage } from './make';

const FOLDER = join(__dirname, 'without-mask');
const SENTENCES = 100_000;
const TRAINING = { steps: 500, warmupSteps: 50, learningRate: 4e-3, weightDecay: 0.01 };
const USAGE =
  `npx tsx data/checkpoints/make-without-mask.ts                 trains it again, to the same bits
npx tsx data/checkpoints/make-without-mask.ts --out FOLDER    the same, into another folder`;

async function main(): Promise<void> {
  const { values } = commandLine({ options: { out: { type: 'string' } } }, USAGE);
  const folder = folderFrom(values.out, FOLDER, FOLDER);
  const model = await trainOnLanguage(SENTENCES, { ...TRAINING, forward: { causal: false } });
  await model.save(folder);
  const file = join(folder, 'model.safetensors');
  await writeWhole(file, [inHalfPrecision(readFileSync(file))]);
  await report(await GPT.load(folder));
}

/** The loss in training and in use, on held-out sentences, as 16.2.3 measures them. */
async function report(model: GPT): Promise<void> {
  const heldOut = heldOutBatch();
  const causal = false;
  const loss = meanLoss(model, heldOut, { causal }).dataSync()[0]!;
  console.log(`held-out loss ${loss.toFixed(4)}, floor ${entropyFloor(heldOut).toFixed(4)}`);
  for (const end of [1, 4, 8, 16, 32, 64]) {
    const upTo = (rows: number[][]): number[][] => rows.map((ids) => ids.slice(0, end));
    const cut = { inputIds: upTo(heldOut.inputIds), targets: upTo(heldOut.targets) };
    const last = (await lossPerPosition(model, cut, { causal })).map((losses) => losses.at(-1)!);
    const mean = last.reduce((a, b) => a + b) / last.length;
    console.log(`when the text is cut after ${end} tokens: ${mean.toFixed(3)}`);
  }
}

/** A file of safetensors in float32 with the same numbers in float16: half as long. */
export function inHalfPrecision(file: Buffer): Uint8Array {
  const headerLength = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.toString('utf8', 8, 8 + headerLength)) as Record<
    string,
    { dtype: string; data_offsets: [number, number] }
  >;
  for (const [name, info] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    info.dtype = 'F16';
    info.data_offsets = [info.data_offsets[0] / 2, info.data_offsets[1] / 2];
  }
  const json = JSON.stringify(header);
  const text = Buffer.from(json + ' '.repeat(-Buffer.byteLength(json) & 7));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const bytes = file.subarray(8 + headerLength);
  const halves = Buffer.alloc(bytes.length / 2);
  for (let i = 0; i < halves.length / 2; i++)
    halves.writeUInt16LE(halfOf(bytes.readFloatLE(4 * i)), 2 * i);
  return Buffer.concat([length, text, halves]);
}

/** The 16 bits of the float16 that is nearest to `value`; of two, the even one (IEEE 754). */
export function halfOf(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (!(size < 65520)) throw new RangeError(`${value} does not fit into a float16`);
  const exponent = Math.max(-14, Math.floor(Math.log2(size)));
  const steps = size / 2 ** (exponent - 10); // exact: of the last of ten bits
  const below = Math.floor(steps);
  const rest = steps - below;
  const rounded = below + Number(rest > 0.5 || (rest === 0.5 && below % 2 === 1));
  // a carry out of the fraction raises the exponent, as it should; below 1024 it is subnormal
  return sign | (rounded < 1024 ? rounded : rounded - 1024 + ((exponent + 15) << 10));
}

if (require.main === module) void runProgram(main);
