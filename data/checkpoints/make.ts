/** Trains the checkpoint of the little language again: npx tsx data/checkpoints/make.ts [folder] */
import { join } from 'node:path';
import { entropyFloor, exactLoss, GPT, language, languageCorpus, meanLoss, packedBatches, Random,
  train, wordTokenizer } from '../../lib/index';

export const CHECKPOINT = join(__dirname, 'pull-requests');
export const SEED = 16;
export const CONFIG = {
  nLayer: 2,
  nHead: 4,
  nEmbd: 64,
  nPositions: 64,
  vocabSize: wordTokenizer.vocabSize,
  eosTokenId: wordTokenizer.eosTokenId,
  // nothing to overfit: nearly every sentence is seen once
  embdPdrop: 0,
  attnPdrop: 0,
  residPdrop: 0,
};
export const SENTENCES = 750_000;
export const TRAINING = { steps: 4000, warmupSteps: 100, learningRate: 4e-3, weightDecay: 0.01 };

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
    `held-out loss ${loss.toFixed(4)}, of which ${
      exactLoss(heldOut).toFixed(4)
    } cannot be helped (entropy floor ${entropyFloor(heldOut).toFixed(4)})`,
  );
}

if (require.main === module) {
  main(process.argv[2]).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
