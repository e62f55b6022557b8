/** `npm run train` without a text: trains the GPT of the little language. */
import { join } from 'node:path';
import { foreignSettings } from '../../lib/base/environment';
import { cache } from '../../lib/course/setup/paths.mjs';
import { commandLine, runProgram, Trouble } from '../../lib/course/setup/program.mjs';
import { type Batch, entropyFloor, exactLoss, GPT, language, languageCorpus, meanLoss,
  packedBatches, Random, train, type TrainOptions, wordTokenizer } from '../../lib/index';

const CHECKPOINT = join(__dirname, 'pull-requests');
export const SEED = 16;
export const CONFIG = {
  nLayer: 2,
  nHead: 4,
  nEmbd: 64,
  nPositions: 64,
  vocabSize: wordTokenizer.vocabSize,
  eosTokenId: wordTokenizer.eosTokenId,
  // no dropout: nearly every sentence is read only once, so there is nothing to overfit
  embdPdrop: 0,
  attnPdrop: 0,
  residPdrop: 0,
};
const SENTENCES = 750_000;
const TRAINING = { steps: 4000, warmupSteps: 100, learningRate: 4e-3, weightDecay: 0.01 };

export const USAGE =
  `npm run train                        trains the course's checkpoint again, to the same bits
npm run train -- --steps 500         trains that many steps; saves into .cache/checkpoints
npm run train -- --out FOLDER        saves there; data/checkpoints is then left as it is`;

/** Steps and folder; only a whole training may replace the course's checkpoint. */
function options(): { steps: number; folder: string } {
  const { values } = commandLine({
    options: { steps: { type: 'string' }, out: { type: 'string' } },
  }, USAGE);
  const steps = Number(values.steps ?? TRAINING.steps);
  if (!Number.isInteger(steps) || steps < 1) {
    throw new Trouble(
      `--steps must be an integer of at least 1, got ${values.steps}.`,
      `Use it like this:\n${USAGE}`,
    );
  }
  const usual = steps === TRAINING.steps
    ? CHECKPOINT
    : join(cache, 'checkpoints', `pull-requests-${steps}-steps`);
  return { steps, folder: folderFrom(values.out, usual, CHECKPOINT) };
}

/**
 * The folder `out`, or the usual one.
 * @throws {Trouble} if that is the folder of the course, and settings would change its bits
 */
export function folderFrom(out: string | undefined, usual: string, ofCourse: string): string {
  const folder = out ?? usual;
  const foreign = foreignSettings().join(', ');
  if (foreign && folder === ofCourse) {
    throw new Trouble(
      `${foreign} is set, so the checkpoint would not be that of the course.`,
      'Unset it, or give another folder by --out.',
    );
  }
  return folder;
}

/** A GPT of {@link CONFIG}, trained on so many sentences of the language; in inference mode. */
export async function trainOnLanguage(count: number, options: TrainOptions): Promise<GPT> {
  const random = new Random(SEED);
  const sentences = Array.from(
    { length: count },
    () => language.sample(random).map((word) => wordTokenizer.id(word)),
  );
  const model = await GPT.create(CONFIG, SEED);
  const shape = { batchSize: 32, blockSize: CONFIG.nPositions };
  await train(model, packedBatches(sentences, { ...shape, random }), {
    ...options,
    onStep: ({ step, steps, loss, secondsLeft }) => {
      if (step % 100 === 0)
        console.log(
          `step ${step} of ${steps}: loss ${loss.toFixed(4)}, ${secondsLeft.toFixed(0)} s left`,
        );
    },
  });
  return model.eval();
}

/** Sentences that no model of the course was trained on, in one batch. */
export const heldOutBatch = (): Batch =>
  packedBatches(languageCorpus().validation, { batchSize: 128, blockSize: CONFIG.nPositions,
    random: new Random(SEED + 1) })();

export async function main(): Promise<void> {
  const { steps: wanted, folder } = options();
  const model = await trainOnLanguage(SENTENCES, { ...TRAINING, steps: wanted,
    warmupSteps: Math.min(TRAINING.warmupSteps, wanted) });
  await model.save(folder);
  console.log(`saved in ${folder}`);
  const heldOut = heldOutBatch();
  const loss = meanLoss(model, heldOut).dataSync()[0]!;
  console.log(
    `held-out loss ${loss.toFixed(4)}, that of the exact language `
      + `${exactLoss(heldOut).toFixed(4)}, entropy floor ${entropyFloor(heldOut).toFixed(4)}`,
  );
}

if (require.main === module) void runProgram(main);
