/** Fits the weights of the first example (16.0): npx tsx data/eight-tokens/make.ts */
import { commandLine, runProgram } from '../../lib/course/setup/program.mjs';
import { adamW, eightTokenExample, GPT, tf } from '../../lib/index';
import * as ops from '../../lib/tensor/ops';

const SEED = 1;
const CONFIG = {
  nLayer: 1,
  nHead: 1,
  nEmbd: 4,
  nPositions: 8,
  vocabSize: 8,
  nInner: 2, // an MLP so small that the fit needs attention
  tieWordEmbeddings: false, // with the token table as head, four dimensions do not suffice
  embdPdrop: 0,
  attnPdrop: 0,
  residPdrop: 0,
  initializerRange: 0.5,
};
const STEPS = 2500;
const LEARNING_RATE = 0.01;
const SMALL_BLOCK = 1e-6; // keeps the weights of the block small, so that attention is soft
const SMALL_HEAD = 5e-3; // keeps the predictions of the head uncertain

const GIVEN = ['wte.weight', 'wpe.weight'];
const ATTENTION_OUT = ['h.0.attn.c_proj.weight', 'h.0.attn.c_proj.bias'];

/** A fitted model, the largest of its 32 errors, and its mean loss on the seven next tokens. */
interface FittedModel {
  model: GPT;
  largestError: number;
  loss: number;
}

/**
 * Fits all weights except the two tables: the token vectors are given, and the position vectors are
 * zero, since the example has none. The block is fitted to the hidden states; the last norm and the
 * head are fitted to predict the next token from them. With `attention` false the output of
 * attention stays zero, which shows whether it is needed.
 */
export async function fit(
  { attention = true, steps = STEPS, seed = SEED } = {},
): Promise<FittedModel> {
  const model = await GPT.create(CONFIG, seed);
  const embeddings = tf.tensor2d(eightTokenExample.embeddings as number[][]);
  const weight = (name: string): tf.Variable => model.parameters.get(name)!;
  const vector = (name: string): tf.Tensor1D => weight(name) as tf.Tensor as tf.Tensor1D;
  weight('wte.weight').assign(embeddings);
  for (const name of ['wpe.weight', ...(attention ? [] : ATTENTION_OUT)]) {
    weight(name).assign(tf.zerosLike(weight(name)));
  }

  const frozen = attention ? GIVEN : [...GIVEN, ...ATTENTION_OUT];
  const fitted = [...model.parameters].filter(([name]) => !frozen.includes(name));
  const gradientOf = (grads: tf.NamedTensorMap, of: tf.Variable): tf.Tensor =>
    grads[of.name] ?? tf.zerosLike(of);
  const wanted = tf.tensor3d([eightTokenExample.hiddenStates as number[][]]); // [1, 8, 4]
  // shifted by one
  const nextTokens = tf.tensor1d(eightTokenExample.tokens.map((_, id) => id).slice(1), 'int32');
  const error = (): tf.Tensor => tf.sub(model.walk(tf.expandDims(embeddings, 0)), wanted);
  const nextLoss = (): tf.Scalar => {
    const normed = ops.layerNorm(
      wanted,
      vector('ln_f.weight'),
      vector('ln_f.bias'),
      model.config.layerNormEpsilon,
    );
    // [1, 8, 8]
    const logits = ops.head(
      normed,
      weight('lm_head.weight'),
    );
    return ops.crossEntropy(
      tf.slice(tf.reshape(logits, [8, 8]), [0, 0], [7, 8]) as tf.Tensor2D,
      nextTokens,
    );
  };
  const size = (start: string): tf.Tensor => {
    const matrices = fitted.filter(([name, { rank }]) => rank === 2 && name.startsWith(start));
    return tf.addN(matrices.map(([, matrix]) => tf.sum(tf.square(matrix))));
  };
  const total = (): tf.Scalar =>
    tf.addN([
      tf.mean(tf.square(error())),
      nextLoss(),
      tf.mul(size('h.'), SMALL_BLOCK),
      tf.mul(size('lm_head.'), SMALL_HEAD),
    ]) as tf.Scalar;

  const optimizer = adamW(model, { weightDecay: 0 });
  for (let step = 0; step < steps; step++) {
    optimizer.learningRate = LEARNING_RATE * (1 - step / steps);
    tf.tidy(() => {
      const { grads } = tf.variableGrads(total, fitted.map(([, variable]) => variable));
      optimizer.step(
        Object.fromEntries(
          [...model.parameters].map(([name, of]) => [name, gradientOf(grads, of)]),
        ),
      );
    });
  }
  optimizer.dispose();
  const [largestError, loss] = tf.tidy(
    () => [tf.max(tf.abs(error())).dataSync()[0]!, nextLoss().dataSync()[0]!],
  );
  tf.dispose([embeddings, wanted, nextTokens]);
  return { model: model.eval(), largestError, loss };
}

const USAGE =
  `npx tsx data/eight-tokens/make.ts                  fits the weights again, to the same bits
npx tsx data/eight-tokens/make.ts --out FOLDER     the same, into another folder`;

async function main(): Promise<void> {
  const { values } = commandLine({ options: { out: { type: 'string' } } }, USAGE);
  const folder = values.out ?? __dirname;
  const { model, largestError, loss } = await fit();
  await model.save(folder);
  console.log(`largest error of the 32 numbers ${largestError.toFixed(5)}`);
  console.log(`loss of the next tokens ${loss.toFixed(3)} nats`);
  const without: number[] = [];
  for (let seed = 1; seed <= 5; seed++) {
    const alone = await fit({ attention: false, seed });
    without.push(alone.largestError);
    alone.model.dispose();
  }
  console.log(
    `without attention, five seeds: largest error ${
      without.map((value) => value.toFixed(3)).join(', ')
    }`,
  );
}

if (require.main === module) void runProgram(main);
