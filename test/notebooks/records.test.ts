/**
 * The numbers that notebooks record for sweeps: parameters must move them, or the table of a sweep
 * has equal rows. Runs one notebook, which the commit chooses; with COURSE_ROUNDS=100, all.
 */
import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { checkParameter } from '../../lib/base/params';
import { execute } from '../../lib/course/notebooks/execute';
import { findNotebooks, hasTag, isCode, type Notebook,
  readNotebook } from '../../lib/course/notebooks/notebook';
import { readParameters } from '../../lib/course/notebooks/read-parameters';
import { root } from '../../lib/course/setup/paths.mjs';
import { NUMBER_MIME, type RecordedNumber } from '../../lib/plots/record';

interface Moving {
  values: Record<string, number | string | string[]>;
  numbers: string[];
}

/** Values of each notebook that move the numbers whose names begin like this. */
const MOVES: Record<string, Moving> = {
  '16.0': { values: { learningRate: 0.01 }, numbers: ['weight after 20 steps'] },
  '16.1': { values: { dropout: 0 }, numbers: ['different answers in training mode'] },
  '16.2': { values: { width: 32 }, numbers: ['nats above the floor, with the mask'] },
  '16.3': { values: { temperature: 3 },
    numbers: ['impossible sentences on its own words', 'on words that never follow'] },
  '16.4': { values: { dropout: 0.9 }, numbers: ['possible texts, training mode'] },
  '16.5': { values: { queue: ['Summarize'] }, numbers: ['share of wasted work'] },
  '16.6': { values: { layers: 2 }, numbers: ['writing with cache', 'writing without cache'] },
  '16.7': { values: { temperature: 2, topK: 50 },
    numbers: ['different texts, top-k', 'possible texts, top-k', 'different texts, top-p'] },
  '16.8': { values: { samples: 64 }, numbers: ['possible samples'] },
  '16.9': { values: { requests: 4 }, numbers: ['tokens of prompts reused'] },
};

const files = findNotebooks();
const named = (all: readonly string[]) => all.map((file) => [basename(file), file] as const);
const sectionOf = (file: string): string => basename(file).slice(0, 4);

/** The numbers by name, without those that are measured times. */
function numbersOf({ cells }: Notebook): Map<string, RecordedNumber['value']> {
  const outputs = cells.filter(isCode).filter((cell) => !hasTag(cell, 'timing'))
    .flatMap((cell) => cell.outputs);
  return new Map(
    outputs.flatMap((output) => ('data' in output ? [output.data[NUMBER_MIME]] : []))
      .filter((number) => number !== undefined)
      .map((number) => {
        const { name, value } = number as RecordedNumber;
        return [name, value];
      }),
  );
}

test.each(named(files))('%s records numbers, and is known to move some', (_, file) => {
  const { values, numbers } = MOVES[sectionOf(file)]!;
  const { all } = readParameters(readNotebook(file));
  for (const [name, value] of Object.entries(values)) checkParameter(name, value, all);
  const recorded = [...numbersOf(readNotebook(file)).keys()];
  for (const name of numbers)
    expect(recorded.filter((each) => each.startsWith(name)), name).toHaveLength(1);
});

const rounds = Number(process.env['COURSE_ROUNDS'] ?? 1);
const git = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
const commit = Number.parseInt((git.stdout || '').slice(0, 8), 16) || 0;
const chosen = rounds > 1 ? files : [files[commit % files.length]!];

test.each(named(chosen))('the parameters of %s move its numbers', async (_, file) => {
  const { values, numbers } = MOVES[sectionOf(file)]!;
  const saved = numbersOf(readNotebook(file));
  const now = await execute(file, { params: values });
  const moved = [...numbersOf(now)].filter(([name, value]) => saved.get(name) !== value);
  for (const name of numbers)
    expect(moved.map(([each]) => each).filter((each) => each.startsWith(name)), name)
      .toHaveLength(1);
}, 300_000);
