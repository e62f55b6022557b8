/**
 * `npm run train -- --text FILE --out FOLDER`: trains a GPT on a text of the reader's. Without
 * `--text` it trains the course's checkpoint.
 */
import { resolve } from 'node:path';
import { main as trainCheckpoint, USAGE as CHECKPOINT_USAGE } from '../../../data/checkpoints/make';
import { check } from '../../base/checks';
import { commandLine, runProgram, Trouble } from '../setup/program.mjs';
import { goOn, openTraining, type OwnTraining, sample } from './own-text';
import { showProgress } from './progress-bar';
import { checkFolder, claimFolder, RUN_SETTINGS, settingsHelp, type Values,
  valuesOf } from './settings';

const USAGE = `${CHECKPOINT_USAGE}
npm run train -- --text FILE --out FOLDER ...   trains a model on a text of your own
  The model and its tokenizer come into FOLDER, what a training goes on from into FOLDER/training.
  Stop it with Ctrl-C: the same command goes on.
  --prompt            what the sample at the end begins with (the first held-out words)
${settingsHelp()}`;

/** Ctrl-C, and what a batch system sends before it kills. */
const STOPS = ['SIGINT', 'SIGTERM'] as const;

async function main(): Promise<number> {
  if (!process.argv.some((each) => /^--(text|help)(=|$)/.test(each))) {
    await trainCheckpoint();
    return 0;
  }
  const names = Object.keys(RUN_SETTINGS).map((name) => [name, { type: 'string' }] as const);
  const { values: texts } = commandLine({
    options: { text: { type: 'string' }, out: { type: 'string' }, prompt: { type: 'string' },
      ...Object.fromEntries(names) },
  }, USAGE);
  const { text, out, prompt } = texts as Record<string, string | undefined>;
  if (text === undefined || out === undefined) {
    throw new Trouble(
      `${text === undefined ? '--text FILE' : '--out FOLDER'} is missing.`,
      `Use it like this:\n${USAGE}`,
    );
  }
  const folder = resolve(out);
  const values = await allowed(() => valuesOf(texts));
  await allowed(() => checkFolder(folder, text, values));
  const training = await allowed(() => openTraining(folder, text, values));
  await allowed(() => checkPrompt(training, prompt));
  claimFolder(folder, text, values);
  const before = training.losses.length;
  console.log(describe(training) + (before > 0 ? `; goes on after step ${before}` : ''));
  if (!await run(folder, training, values)) return 130;
  report(folder, training, values);
  console.log(`A sample: ${await sample(training, { prompt, seed: values.seed })}`);
  return 0;
}

/** Says what the reader can change, where a setting, the text or the folder is refused. */
async function allowed<T>(read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const isRefusal = error instanceof RangeError || (error as Error).constructor === Error;
    if (!isRefusal) throw error;
    throw new Trouble(
      `${asOptions((error as Error).message)}.`,
      'Name another text, setting or folder; "npm run train -- --help" lists them.',
    );
  }
}

/**
 * A message of the library with the options of this program in place of the model's settings,
 * except in paths.
 */
const asOptions = (message: string): string =>
  Object.keys(RUN_SETTINGS).reduce((text, name) => {
    const setting = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    const alone = new RegExp(`(?<![-\\w./\\\\])${setting}(?![-\\w/\\\\]|\\.\\w)`, 'g');
    return text.replace(alone, `--${name}`);
  }, message);

/** @throws RangeError for a prompt that could not be continued, before the training begins */
function checkPrompt({ corpus }: OwnTraining, prompt?: string): void {
  if (prompt === undefined) return;
  check(corpus.tokenizer.encode(prompt).length > 0, '--prompt', 'at least one token', prompt);
}

function describe({ corpus, model }: OwnTraining): string {
  const count = (numbers: readonly number[][]): string => numbers[0]!.length.toLocaleString('en');
  const weights = [...model.parameters.values()].reduce((sum, { size }) => sum + size, 0);
  return `${count(corpus.train)} tokens to train on, ${count(corpus.validation)} held out, `
    + `a vocabulary of ${corpus.tokenizer.vocabSize}; ${weights.toLocaleString('en')} weights`;
}

/** Trains; false if it was interrupted. */
async function run(folder: string, training: OwnTraining, values: Values): Promise<boolean> {
  const interruption = new AbortController();
  const stop = (): void => interruption.abort();
  for (const signal of STOPS) process.on(signal, stop);
  const progress = showProgress(training.losses.length, values.steps);
  let saved = training.losses.length;
  try {
    const isDone = await goOn(folder, training, values, {
      signal: interruption.signal,
      onStep: (each) => progress.show(each, training.evaluation.history),
      onSave: (step) => {
        saved = step;
      },
    });
    progress.end();
    if (!isDone)
      console.log(`Stopped and saved after step ${saved}; the same command goes on from there.`);
    return isDone;
  } catch (error) {
    progress.end();
    const { message, cause } = error as Error;
    if (error instanceof RangeError && cause === undefined) // it diverges
      throw new Trouble(`${message}.`, 'Give a lower --learning-rate, and a new folder by --out.');
    if (cause === undefined) throw error; // not of a file
    throw new Trouble(
      message,
      `Make it writable, or free some space; then the same command goes on after step ${saved}.`,
    );
  } finally {
    for (const signal of STOPS) process.off(signal, stop);
  }
}

function report(folder: string, { losses, evaluation }: OwnTraining, values: Values): void {
  const { history } = evaluation;
  const best = history.reduce((least, each) => (each.loss < least.loss ? each : least));
  const last = history.at(-1)!;
  if (losses.length < values.steps)
    console.log(`stopped early after step ${losses.length} of ${values.steps}`);
  console.log(
    `held-out loss ${best.loss.toFixed(4)} nats a token after step ${best.step}, the lowest; `
      + `${last.loss.toFixed(4)} after step ${last.step}`,
  );
  const which = values.patience === undefined ? last : best;
  console.log(`saved in ${folder}: the weights after step ${which.step}`);
}

void runProgram(main);
