/** The loss curves of exercise 16.2.4: `npx tsx data/loss-curves/make.ts` trains all of them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mean } from '../../lib/base/numbers';
import { type Batch, entropyFloor, GPT, languageCorpus, packedBatches, Random, train,
  type TrainOptions, wordTokenizer } from '../../lib/index';

// Out of a student's reach: the file says which curve has which bug.
const FILE = join(__dirname, '../../lib/exercises/tasks/16.2/loss-curves.json');
const SEEDS = [16, 17, 18, 19];
const [STEPS, IN_A_MEAN, SEQ] = [200, 20, 16];
const CONFIG = { nLayer: 2, nHead: 4, nEmbd: 64, nPositions: 64, vocabSize: wordTokenizer.vocabSize,
  embdPdrop: 0, attnPdrop: 0, residPdrop: 0 };

/** A training: how far the targets are shifted, and what differs from the right settings. */
interface Training extends Partial<TrainOptions> {
  shift?: number;
}

const TRAININGS: Record<string, Training> = {
  none: {},
  'no mask': { forward: { causal: false } },
  'not shifted': { shift: 0 },
  'shifted twice': { shift: 2 },
  'rate too large': { learningRate: 0.3 },
};

const { train: sentences, validation } = languageCorpus();

/** Rows whose target at each position is the token `shift` places later. */
function shiftedBatches(shift: number, seed: number): () => Batch {
  const sizes = { batchSize: 16, blockSize: SEQ + 1, random: new Random(seed) };
  const next = packedBatches(sentences, sizes);
  return () => {
    const { inputIds, targets } = next();
    const rows = inputIds.map((ids, b) => [...ids, targets[b]!.at(-1)!]); // [batch][seq + 2]
    return { inputIds: rows.map((ids) => ids.slice(0, SEQ)),
      targets: rows.map((ids) => ids.slice(shift, shift + SEQ)) };
  };
}

/** The mean loss of every twenty steps. */
async function curve({ shift = 1, ...settings }: Training, seed: number): Promise<number[]> {
  const model = await GPT.create(CONFIG, seed);
  const losses = await train(model, shiftedBatches(shift, seed), { steps: STEPS, learningRate: 0.01,
    warmupSteps: 20, ...settings });
  model.dispose();
  return Array.from(
    { length: STEPS / IN_A_MEAN },
    (_, n) => Number(mean(losses.slice(n * IN_A_MEAN, (n + 1) * IN_A_MEAN)).toFixed(3)),
  );
}

async function main(): Promise<void> {
  const runs: string[] = [];
  for (const seed of SEEDS) {
    const unseen = packedBatches(validation, { batchSize: 128, blockSize: SEQ,
      random: new Random(seed) })();
    const lines = [`"floor": ${entropyFloor(unseen).toFixed(3)}`];
    for (const [bug, training] of Object.entries(TRAININGS))
      lines.push(`"${bug}": [${(await curve(training, seed)).join(', ')}]`);
    runs.push(`  {\n    ${lines.join(',\n    ')}\n  }`);
    console.log(`seed ${seed} is done`);
  }
  writeFileSync(FILE, `[\n${runs.join(',\n')}\n]\n`);
}

void main();
