/** Trains the GPT of the little language: npx tsx data/checkpoints/make.ts [folder] */
import { join } from 'node:path';
import { entropyFloor, exactLoss, GPT, language, languageCorpus, meanLoss, packedBatches, Random,
  train, wordTokenizer } from '../../lib/index';

const CHECKPOINT = join(__dirname, 'pull-requests');
const SEED = 16;
const CONFIG = {
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

async function main(folder = CHECKPOINT): Promise<void> {
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
    onStep: ({ step, steps, loss, secondsLeft }) => {
      if (step % 100 === 0)
        console.log(
          `step ${step} of ${steps}: loss ${loss.toFixed(4)}, ${secondsLeft.toFixed(0)} s left`,
        );
    },
  });
  model.eval();
  await model.save(folder);
  const heldOut = packedBatches(validation, { ...shape, batchSize: 128,
    random: new Random(SEED + 1) })();
  const loss = meanLoss(model, heldOut).dataSync()[0]!;
  console.log(
    `held-out loss ${loss.toFixed(4)}, that of the exact language `
      + `${exactLoss(heldOut).toFixed(4)}, entropy floor ${entropyFloor(heldOut).toFixed(4)}`,
  );
}

if (require.main === module) {
  main(process.argv[2]).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
