/**
 * The settings of `npm run train -- --text FILE`, declared once: for its help, for their checks,
 * and for the folder of a training, which goes on only with those that it was started with.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkInteger, integer, number, only, type OptionCheck, shown } from '../../base/checks';
import { readText } from '../../base/text-file';
import { writeWholeSync } from '../../base/write-file';
import { readObject } from '../../files/json';
import { holdsTraining } from '../../files/training-files';
import { Trouble } from '../setup/program.mjs';

interface Setting {
  readonly default?: number | string;
  readonly check: OptionCheck;
  readonly about: string;
}

const TOKENIZERS = ['characters', 'words', 'gpt2'];
const DECAYS = ['cosine', 'linear', 'none'];

const whole = (value: number, about: string): Setting => ({ default: value,
  check: integer({ from: 1 }), about });
const share = (value: number, about: string): Setting => ({ default: value,
  check: number({ from: 0, below: 1 }), about });
const choice = (values: readonly string[], about: string): Setting => ({ default: values[0],
  check: only(values.join(', '), (value) => values.includes(value as string)), about });

/** All settings but the text and the folder. What has no default is off. */
export const RUN_SETTINGS = {
  tokenizer: choice(TOKENIZERS, `how the text is cut: ${TOKENIZERS.join(', ')} (GPT-2's BPE)`),
  'validation-share': { default: 0.1, check: number({ above: 0, below: 1 }),
    about: 'share of the text, at its end, that is held out' },
  'n-layer': whole(2, 'blocks of the model'),
  'n-head': whole(4, 'heads of a block'),
  'n-embd': whole(64, 'width of the model, a multiple of its heads'),
  'n-positions': whole(64, 'tokens in a row, and in the context'),
  dropout: share(0.1, 'dropout, of all three kinds'),
  'batch-size': whole(16, 'rows in a step'),
  steps: whole(1000, 'steps in all'),
  'learning-rate': { default: 0.003, check: number({ from: 0 }), about: 'its highest value' },
  'warmup-steps': { default: 50, check: integer({ from: 0 }),
    about: 'steps in which it rises from 0' },
  decay: choice(DECAYS, `how it falls then: ${DECAYS.join(', ')}`),
  'weight-decay': { default: 0.1, check: number({ from: 0 }), about: 'as in AdamW' },
  'max-grad-norm': { default: 1, check: number({ from: 0 }),
    about: 'clips the gradient; 0 does not' },
  'eval-steps': whole(100, 'steps between two evaluations on the held-out part'),
  patience: { check: integer({ from: 1 }),
    about: 'evaluations without a better one, after which it stops; the best weights are kept' },
  'save-steps': whole(100, 'steps between two saves'),
  seed: { default: 16, check: integer({ from: 0 }), about: 'of weights, batches and dropout' },
} as const satisfies Record<string, Setting>;

type Name = keyof typeof RUN_SETTINGS;
type Words = 'tokenizer' | 'decay';

/** The values of {@link RUN_SETTINGS}. */
export type Values =
  & { [N in Exclude<Name, Words | 'patience'>]: number }
  & { tokenizer: string; decay: 'cosine' | 'linear' | 'none'; patience?: number };

/** Settings that a training may change when it goes on. */
const MAY_CHANGE: readonly string[] = ['steps', 'eval-steps', 'patience', 'save-steps'];

/** One line of help for each setting. */
export const settingsHelp = (): string =>
  Object.entries(RUN_SETTINGS as Record<string, Setting>).map(
    ([name, { default: value, about }]) => {
      const usual = value === undefined ? '' : ` (${value})`;
      return `  --${name.padEnd(18)}${about}${usual}`;
    },
  ).join('\n');

/**
 * The values of the texts of a command line.
 * @throws RangeError on one that is not allowed
 */
export function valuesOf(texts: Readonly<Record<string, unknown>>): Values {
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(RUN_SETTINGS as Record<string, Setting>)) {
    const text = texts[name] as string | undefined;
    const isText = typeof setting.default === 'string';
    const value = text === undefined ? setting.default : isText ? text : asNumber(text);
    if (value !== undefined) setting.check(`--${name}`, value);
    if (value !== undefined) values[name] = value;
  }
  const { steps, 'warmup-steps': warmup } = values as unknown as Values;
  if (texts['warmup-steps'] === undefined) values['warmup-steps'] = Math.min(warmup, steps);
  else checkInteger('--warmup-steps', warmup, { from: 0, to: steps });
  return values as unknown as Values;
}

/** What is no number stays a text, so that its check names it; '' does, too. */
const asNumber = (text: string): unknown =>
  text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);

const RUN_FILE = 'run.json';

/** The folder, inside that of the model, from which a training goes on. */
export const TRAINING_FOLDER = 'training';

/** What a training was started with. */
interface Run {
  /** SHA-256 of the text. */
  text: string;
  values: Values;
}

/**
 * Checks that `folder` may hold a training on `text` with `values`: it is new, or was started with
 * the same text and settings.
 * @throws Trouble if it holds a different training, or other files
 */
export async function checkFolder(folder: string, text: string, values: Values): Promise<void> {
  const file = join(folder, RUN_FILE);
  if (!existsSync(file)) {
    if (!existsSync(folder) || readdirSync(folder).length === 0) return;
    throw new Trouble(
      `${folder} holds other files, and no training that could go on.`,
      'Name a new folder with --out.',
    );
  }
  if (!holdsTraining(join(folder, TRAINING_FOLDER))) return; // ended before its first save
  const { text: earlier, values: before } = (await readObject(file)) as unknown as Run;
  const changed = Object.keys(RUN_SETTINGS).filter((name) =>
    !MAY_CHANGE.includes(name) && before[name as Name] !== values[name as Name]
  ).map((name) => `--${name} ${shown(before[name as Name])}`);
  const other = [...(earlier === sumOf(text) ? [] : ['a different text']), ...changed];
  if (other.length > 0) {
    throw new Trouble(
      `${folder} holds a training with ${other.join(', ')}.`,
      'Use its text and settings to go on with it, or another folder for a new one.',
    );
  }
}

/** Notes what a training in `folder` is started with. */
export function claimFolder(folder: string, text: string, values: Values): void {
  mkdirSync(folder, { recursive: true });
  const run: Run = { text: sumOf(text), values };
  writeWholeSync(join(folder, RUN_FILE), `${JSON.stringify(run, null, 2)}\n`);
}

const sumOf = (text: string): string => createHash('sha256').update(readText(text)).digest('hex');
