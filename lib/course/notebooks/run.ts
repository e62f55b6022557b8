/**
 * `npm run notebooks [-- NAME …]` runs notebooks from a clean kernel and saves their outputs, with
 * still pictures.
 *
 * --check saves nothing; fails if an output is not the committed one -p NAME=VALUE another value
 * for a parameter; then the notebooks in notebooks/ stay as they are --out FOLDER where the
 * notebooks are saved instead; `.cache/notebooks` if only -p is given
 */
import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compare, report } from './compare';
import { execute, type Progress } from './execute';
import { findNotebooks, readNotebook, root, writeNotebook } from './notebook';
import { Photographer } from './pictures';
import { addPictures } from './save';

/** @returns whether all is well */
async function main(): Promise<boolean> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      check: { type: 'boolean', default: false },
      param: { type: 'string', short: 'p', multiple: true, default: [] },
      out: { type: 'string' },
    },
  });
  const params = parseParams(values.param);
  if (values.check && params)
    throw new Error('--check compares with the committed outputs, so it takes no -p');
  const out = values.out ?? (params ? join(root, '.cache', 'notebooks') : undefined);

  const photo = new Photographer();
  let good = true;
  try {
    for (const file of findNotebooks(positionals)) {
      const committed = readNotebook(file);
      const [now] = await execute([file], { params, onProgress: showProgress });
      if (!now) continue;
      if (values.check) {
        const differences = compare(committed, now);
        good &&= differences.length === 0;
        console.log(
          differences.length > 0
            ? report(basename(file), differences)
            : `${basename(file)}: as committed`,
        );
        continue;
      }
      await addPictures(now, committed, photo);
      const target = out ? join(resolve(out), basename(file)) : file;
      mkdirSync(join(target, '..'), { recursive: true });
      writeNotebook(target, now);
      console.log(`${basename(file)}: saved${out ? ` in ${out}` : ''}`);
    }
  } finally {
    await photo.close();
  }
  return good;
}

/**
 * `['steps=40', 'prompt=The agent']` → `{ steps: 40, prompt: 'The agent' }`: JSON, or else text.
 */
function parseParams(texts: readonly string[]): Record<string, unknown> | undefined {
  if (texts.length === 0) return undefined;
  return Object.fromEntries(texts.map((text) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined)
      throw new Error(`-p wants name=value, got "${text}"`);
    try {
      return [name, JSON.parse(value) as unknown];
    } catch {
      return [name, value];
    }
  }));
}

function showProgress({ notebook, cell, done, cells }: Progress): void {
  if (!process.stdout.isTTY || done === undefined) return;
  process.stdout.write(
    `\r\x1b[K${notebook}: ${done} of ${cells} cells, ${cell}${done === cells ? '\r\x1b[K' : ''}`,
  );
}

main().then(
  (good) => {
    process.exitCode = good ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  },
);
