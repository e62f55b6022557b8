/**
 * `npm run bench`: times the tensor core on this machine against unmodified TensorFlow.js and, with
 * a Python that has torch, against PyTorch eager; also the kernel, the notebooks, a sweep,
 * assignments and the explainer.
 */
import { mkdirSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { writeWholeSync } from '../../base/write-file';
import { commandLine, runProgram, Trouble } from '../setup/program.mjs';
import { type Contender, startContender, startProgram } from './contender';
import { type Curve, curveFigure, measureCurves } from './curves';
import { explainerRows } from './explainer-rows';
import { batchRows, type BenchRow, decodeRows, largeRows, layerRows, MODES,
  stepRows } from './rows';
import { sweepRows } from './sweep-rows';
import { submissionRows } from './submissions';
import { courseRows, kernelRows } from './waiting-times';

const known = [...MODES, 'curves'];

const USAGE = `npm run bench -- [MODE ...]     times these modes, or all: ${known.join(', ')}
  --rounds N          timings of each (9)
  --python PATH       a Python that has torch, to compare with
  --json              prints JSON
  --figures FOLDER    saves the curves there`;

async function main(): Promise<void> {
  const { values, positionals } = commandLine(
    {
      allowPositionals: true,
      options: { rounds: { type: 'string', default: '9' }, json: { type: 'boolean' },
        python: { type: 'string' }, figures: { type: 'string' } },
    },
    USAGE,
    known,
  );
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Trouble(
      `--rounds must be an integer of at least 1, got ${values.rounds}.`,
      `Use it like this:\n${USAGE}`,
    );
  }
  const modes = positionals.length > 0 ? positionals : known;
  const rows: BenchRow[] = [];
  const note = (more: BenchRow[]): void => {
    rows.push(...more);
    if (!values.json) more.forEach(print);
  };
  if (!values.json)
    console.log(
      `${
        cpus()[0]?.model ?? 'unknown processor'
      }, ${availableParallelism()} processors, Node ${process.versions.node}\n`,
    );

  const torch = values.python
    ? startContender(values.python, [join(__dirname, 'torch_rows.py')])
    : undefined;
  const ours = startProgram(join(__dirname, 'ours.ts'));
  const stock = startProgram(join(__dirname, 'stock.ts'));
  let curves: Curve[] = [];
  try {
    if (modes.includes('step')) note(await stepRows({ ours, stock, torch }, rounds));
    if (modes.includes('decode')) note(await decodeRows({ ours, stock, torch }, rounds));
    if (modes.includes('batch')) note(await batchRows({ ours }, rounds));
    if (modes.includes('layers'))
      await withLayers(async (layers) => note(await layerRows(stock, layers, rounds)));
    if (modes.includes('curves')) curves = await measureCurves(ours, Math.min(rounds, 5));
    if (modes.includes('kernel')) note(await kernelRows());
    if (modes.includes('course')) note(await courseRows());
    if (modes.includes('sweep')) note(await sweepRows());
    if (modes.includes('explainer')) note(await explainerRows());
    if (modes.includes('submissions')) note(submissionRows());
    if (modes.includes('large'))
      await withFresh(async (fresh) => note(await largeRows({ ours: fresh, torch }, rounds)));
  } finally {
    [ours, stock, torch].forEach((contender) => contender?.end());
  }
  if (values.json)
    console.log(
      JSON.stringify(
        { node: process.versions.node, processors: availableParallelism(), rows, curves },
        null,
        2,
      ),
    );
  else curves.forEach(printCurve);
  if (values.figures) {
    mkdirSync(values.figures, { recursive: true });
    for (const curve of curves)
      writeWholeSync(
        join(values.figures, `${curve.name.replaceAll(' ', '-')}.json`),
        JSON.stringify(curveFigure(curve)),
      );
  }
}

/** The library with one more layer of optimization each time. Each runs in a process of its own. */
const LAYERS: readonly { name: string; env: Record<string, string> }[] = [
  { name: 'gradients by hand, stock kernels', env: { COURSE_KERNELS: 'stock' } },
  { name: 'own kernels, one thread', env: { COURSE_THREADS: '1' } },
  { name: 'and a second thread (the default)', env: { COURSE_THREADS: '2' } },
  { name: 'and fused multiply-add (on request)', env: { COURSE_THREADS: '2', COURSE_FMA: '1' } },
];

async function withLayers(
  use: (layers: { name: string; who: Contender }[]) => Promise<void>,
): Promise<void> {
  const layers = LAYERS.map(({ name, env }) => ({ name,
    who: startProgram(join(__dirname, 'ours.ts'), env) })
  );
  try {
    await use(layers);
  } finally {
    layers.forEach(({ who }) => who.end());
  }
}

/** A process of its own, so that its peak memory is that of one model. */
async function withFresh(use: (fresh: Contender) => Promise<void>): Promise<void> {
  const fresh = startProgram(join(__dirname, 'ours.ts'));
  try {
    await use(fresh);
  } finally {
    fresh.end();
  }
}

function print({ name, median, best, unit, compared }: BenchRow): void {
  const value = compared
    && (compared.with.startsWith('of ')
      ? `${(100 * compared.value).toFixed(0)} %`
      : compared.value.toFixed(compared.value < 3 ? 2 : 1));
  const marks = compared && compared.bar > 0 ? ` (bar ${compared.bar}, goal ${compared.goal})` : '';
  console.log(
    `${name.padEnd(44)} ${median.toPrecision(3).padStart(7)} ${unit.padEnd(5)} best ${
      best.toPrecision(3).padStart(7)
    }${value ? `   ${value} ${compared.with}${marks}` : ''}`,
  );
}

function printCurve({ name, xTitle, unit, x, y }: Curve): void {
  console.log(`\n${name} (${xTitle}: ${unit})`);
  const most = Math.max(...y);
  x.forEach((size, i) =>
    console.log(
      `${String(size).padStart(6)} ${y[i]!.toPrecision(3).padStart(8)} ${
        '#'.repeat(Math.max(1, Math.round((50 * y[i]!) / most)))
      }`,
    )
  );
}

void runProgram(main);
