/** `npm run train` without a text: trains the GPT of the little language. */
import { join } from 'node:path';
import { foreignSettings } from '../../lib/base/environment';
import { cache } from '../../lib/course/setup/paths.mjs';
import { commandLine, runProgram, Trouble } from '../../lib/course/setup/program.mjs';
import { entropyFloor, exactLoss, GPT, language, languageCorpus, meanLoss, packedBatches, Random,
  train, wordTokenizer } from '../../lib/index';

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
  const folder = values.out ?? usual;
  const foreign = foreignSettings().join(', ');
  if (foreign && folder === CHECKPOINT) {
    throw new Trouble(
      `${foreign} is set, so the checkpoint would not be that of the course.`,
      'Unset it, or give another folder by --out.',
    );
  }
  return { steps, folder };
}

export async function main(): Promise<void> {
  const { steps: wanted, folder } = options();
  const random = new Random(SEED);
  const sentences = Array.from(
    { length: SENTENCES },
    () => language.sample(random).map((word) => wordTokenizer.id(word)),
  );
  const { validation } = languageCorpus();
  const shape = { batchSize: 32, blockSize: CONFIG.nPositions };
  const model = await GPT.create(CONFIG, SEED);
  await train(model, packedBatches(sentences, { ...shape, random }), {
    ...TRAINING,
    steps: wanted,
    warmupSteps: Math.min(TRAINING.warmupSteps, wanted),
    onStep: ({ step, steps, loss, secondsLeft }) => {
      if (step % 100 === 0)
        console.log(
          `step ${step} of ${steps}: loss ${loss.toFixed(4)}, ${secondsLeft.toFixed(0)} s left`,
        );
    },
  });
  model.eval();
  await model.save(folder);
  console.log(`saved in ${folder}`);
  const heldOut = packedBatches(validation, { ...shape, batchSize: 128,
    random: new Random(SEED + 1) })();
  const loss = meanLoss(model, heldOut).dataSync()[0]!;
  console.log(
    `held-out loss ${loss.toFixed(4)}, that of the exact language `
      + `${exactLoss(heldOut).toFixed(4)}, entropy floor ${entropyFloor(heldOut).toFixed(4)}`,
  );
}

if (require.main === module) void runProgram(main);
