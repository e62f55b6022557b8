import type { Exercise } from '../../exercise';
import { edit } from '../../exercise';
import { inWords } from '../../plain';

const solution = `function cacheBytes({ nLayer, nEmbd }: GPTConfig, length: number, rows: number) {
  const vectors = 2 * nLayer * length * rows; // a key and a value in each block
  return 4 * nEmbd * vectors;
}`;

/** A GPT-2 of these sizes; the other settings are those of a checkpoint. */
const config = (nLayer: number, nHead: number, nEmbd: number, nPositions: number) => ({ nLayer,
  nHead, nEmbd, nPositions, vocabSize: 105, nInner: null, embdPdrop: 0, attnPdrop: 0, residPdrop: 0,
  layerNormEpsilon: 1e-5, initializerRange: 0.02, tieWordEmbeddings: true, scaleAttnWeights: true,
  scaleAttnByInverseLayerIdx: false, activationFunction: 'gelu_new', bosTokenId: null,
  eosTokenId: 1 });

const inBytes = (of: string): string => `{ nLayer, nEmbd } of ${of}`;

export const cacheBytes: Exercise = {
  id: '16.6.1',
  name: 'cacheBytes',
  cell: 'cache-bytes',
  title: 'How large is the cache?',
  minutes: 5,
  difficulty: 'easy',
  statement: 'Return how many bytes the keys and values of `length` tokens take, for `rows` texts '
    + 'of that length. A number takes 4 bytes.',
  stub: `function cacheBytes({ nLayer, nEmbd }: GPTConfig, length: number, rows: number) {
  return 0; // your code
}`,
  solution,
  others: [
    {
      says: 'head by head',
      source: `function cacheBytes(config: GPTConfig, length: number, rows: number) {
  const headSize = config.nEmbd / config.nHead;
  let numbers = 0;
  for (let layer = 0; layer < config.nLayer; layer++) {
    for (let head = 0; head < config.nHead; head++) numbers += 2 * length * headSize;
  }
  return numbers * rows * Float32Array.BYTES_PER_ELEMENT;
}`,
    },
    {
      says: "the library's own count of the bytes",
      source: `function cacheBytes(config: GPTConfig, length: number, rows: number) {
  const pass = { batch: rows, seq: 1, kept: 1, past: length - 1 };
  return passCost(config, pass).cacheBytes;
}`,
    },
  ],
  hints: [
    'What does a block keep for one token? How long is that, and how many blocks are there?',
    'A key and a value of `nEmbd` numbers each, in every block, for every token of every text.',
  ],
  right: 'blocks, widths, lengths and rows; GPT-2 with 1024 tokens needs 72 MiB',
  explore: 'compare it with what a cache allocates: `tf.memory().numBytes` before and after '
    + '`big.createCache(3)`; which `length` is that?',
  parts: [{ says: 'the bytes', points: 2 }],
  observer: 'call',
  shown: [
    { input: [config(1, 1, 4, 8), 1, 1], says: inBytes('1 block of width 4; 1 token, 1 row') },
    { input: [config(1, 1, 4, 8), 3, 1], says: inBytes('1 block of width 4; 3 tokens, 1 row') },
    { input: [config(3, 1, 4, 8), 3, 1], says: inBytes('3 blocks of width 4; 3 tokens, 1 row') },
    { input: [config(3, 2, 10, 8), 3, 5], says: inBytes('3 blocks of width 10; 3 tokens, 5 rows') },
    { input: [config(12, 12, 768, 1024), 1024, 1], says: inBytes('GPT-2; 1024 tokens, 1 row') },
  ],
  hidden: (random) =>
    Array.from({ length: 4 }, () => {
      const [heads, layers] = [1 + random.integer(6), 1 + random.integer(20)];
      const [length, rows] = [1 + random.integer(400), 1 + random.integer(30)];
      const width = heads * (4 + random.integer(60));
      return { input: [config(layers, heads, width, 512), length, rows],
        says: inBytes(`${layers} blocks of width ${width}; ${length} tokens, ${rows} rows`) };
    }),
  agrees: (came, wanted) => came === wanted,
  inMessage: (value) => `${inWords(value)} bytes`,
  mistakes: [
    {
      says: 'this is half of it: keys and values are two vectors, and a number takes 4 bytes',
      source: edit(solution, ['2 * nLayer', 'nLayer']),
    },
    {
      says: 'each text has keys and values of its own: count the rows',
      source: edit(solution, [' * rows;', ';']),
    },
    {
      says: 'every block has a cache of its own: count the blocks',
      source: edit(solution, ['2 * nLayer *', '2 *']),
    },
    {
      says: 'these are numbers, and each takes 4 bytes',
      source: edit(solution, ['4 * nEmbd', 'nEmbd']),
    },
    {
      says: 'these are bits: a number takes 4 bytes',
      source: edit(solution, ['4 * nEmbd', '32 * nEmbd']),
    },
    {
      says: 'a key has nEmbd numbers in all heads together, so the heads are not counted again',
      source: edit(solution, ['{ nLayer, nEmbd }', '{ nLayer, nHead, nEmbd }'], [
        '4 * nEmbd',
        '4 * nHead * nEmbd',
      ]),
    },
    {
      says:
        'these are the scores, one for each pair of tokens: the cache keeps vectors, so it grows '
        + 'with the length and not with its square',
      source: edit(solution, ['length * rows', 'length * length * rows']),
    },
    {
      says: 'these are bytes for a whole context: count the tokens that the text has, length',
      source: edit(solution, ['{ nLayer, nEmbd }', '{ nLayer, nPositions, nEmbd }'], [
        '* length *',
        '* nPositions *',
      ]),
    },
    {
      says: 'queries are counted as well: a later token reads the keys and values of this one, and '
        + 'never its query',
      source: edit(solution, ['2 * nLayer', '3 * nLayer']),
    },
  ],
  scope: async () => {
    const { passCost } = await import('../../../experiments/pass-cost');
    return { passCost };
  },
};
