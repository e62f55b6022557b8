/** `npm run notebooks`: runs notebooks in a new kernel and saves their outputs and pictures. */
import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { cache } from '../setup/paths.mjs';
import { commandLine, runProgram, Trouble } from '../setup/program.mjs';
import { compare, report } from './compare';
import { execute, type Progress } from './execute';
import { findNotebooks, readNotebook, writeNotebook } from './notebook';
import { addPictures, Photographer } from './pictures';

const USAGE = `npm run notebooks -- [NAME ...]   runs all notebooks, or those that begin with a NAME
  --check             saves nothing; exit code 1 if an output is not the committed one
  -p, --param A=1     another value for a parameter; notebooks/ is then left as it is
  --out FOLDER        where the notebooks are saved; with -p by default .cache/notebooks`;

async function main(): Promise<number> {
  const { values, positionals } = commandLine({
    allowPositionals: true,
    options: {
      check: { type: 'boolean', default: false },
      param: { type: 'string', short: 'p', multiple: true, default: [] as string[] },
      out: { type: 'string' },
    },
  }, USAGE);
  const params = parseParams(values.param);
  if (values.check && params) {
    throw new Trouble(
      '--check compares with the committed outputs, so it takes no -p.',
      `Use it like this:\n${USAGE}`,
    );
  }
  const out = values.out ?? (params ? join(cache, 'notebooks') : undefined);

  const photo = new Photographer();
  let good = true;
  try {
    for (const file of findNotebooks(positionals)) {
      const committed = readNotebook(file);
      const [now] = await execute([file], { ...(params && { params }), onProgress: showProgress });
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
  return good ? 0 : 1;
}

/**
 * `['steps=40', 'prompt=The agent']` → `{ steps: 40, prompt: 'The agent' }`: JSON, or else text.
 */
function parseParams(texts: readonly string[]): Record<string, unknown> | undefined {
  if (texts.length === 0) return undefined;
  return Object.fromEntries(texts.map((text) => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined || value === undefined) {
      throw new Trouble(
        `-p must be followed by NAME=VALUE, got "${text}".`,
        `Use it like this:\n${USAGE}`,
      );
    }
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

void runProgram(main);
