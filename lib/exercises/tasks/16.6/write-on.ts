import { wordTokenizer } from '../../../language/little-language';
import type { Case, Exercise } from '../../exercise';
import { edit } from '../../exercise';
import { equal, type PlainData } from '../../plain';
import { trainedModel } from '../../observers/trained-model';

const stub = `function writeOn(start: number[], count: number): number[] {
  const written = [...start];
  for (let n = 0; n < count; n++) {
    const [next] = tf.tidy(() =>
      model.forward([written], { logitsToKeep: 1 }).argMax(-1).dataSync()
    ); // from logits [1, 1, vocab]
    written.push(next);
  }
  return written;
}`;

const solution = `function writeOn(start: number[], count: number): number[] {
  const written = [...start];
  const cache = model.createCache();
  for (let n = 0; n < count; n++) {
    const newest = written.slice(cache.length); // all of start, then one token
    const [next] = tf.tidy(() =>
      model.forward([newest], { cache, logitsToKeep: 1 }).argMax(-1).dataSync()
    );
    written.push(next);
  }
  cache.dispose();
  return written;
}`;

/** As in the observer. */
interface Writing {
  readonly result: PlainData;
  readonly passes: readonly { readonly seq: number; readonly past: number | null }[];
  readonly tensorsLeft: number;
}

interface Input {
  readonly args: readonly [start: readonly number[], count: number];
  readonly asks: 'text' | 'memory';
}

/** Such as "1 tensor", "2 tensors". */
const many = (count: number, one: string, more = `${one}s`): string =>
  `${count} ${count === 1 ? one : more}`;

const input = (text: string, count: number, asks: Input['asks'] = 'text'): Case => {
  const start = wordTokenizer.encode(text);
  const tokens = start.length === 1 ? 'the token' : `the ${start.length} tokens`;
  return { input: { args: [start, count], asks }, part: asks === 'text' ? 0 : 1,
    says: `${tokens} of "${text}", ${count} new one${count === 1 ? '' : 's'}` };
};

const PROMPTS = [
  'The',
  'The agents',
  'The tests',
  'The agent opened a pull request',
  'The reviewer merged the change to',
  'Summarize',
];

/** Whether the first pass reads the start and each later one a single token into the cache. */
const readsOnce = ({ passes }: Writing, { args: [start, count] }: Input): boolean =>
  passes.length === count
  && passes.every(({ seq, past }, n) =>
    n === 0 ? seq === start.length && (past === 0 || count === 1) : seq === 1 && past !== null
  );

/** How many positions all passes read. */
const readBy = ({ passes }: Writing): number => passes.reduce((sum, { seq }) => sum + seq, 0);

export const writeOn: Exercise = {
  id: '16.6.2',
  name: 'writeOn',
  cell: 'write-on',
  title: 'The loop with a cache',
  minutes: 15,
  difficulty: 'medium',
  statement: '`writeOn` appends `count` tokens, each the most probable one, without a cache. Give '
    + 'it one: the first pass reads all of `start`, each later one only the newest token, and no '
    + 'pass reads the last token. Then free the cache, and leave no tensor in memory.',
  stub,
  solution,
  others: [
    {
      says: 'the first pass before the loop, a cache that is just large enough',
      source: `function writeOn(start: number[], count: number): number[] {
  const cache = model.createCache(1, start.length + count);
  const choose = (ids: number[]) =>
    tf.tidy(() =>
      model.forward([ids], { cache, logitsToKeep: 1 }).argMax(-1).dataSync()[0]);
  const added = [choose(start)];
  while (added.length < count) added.push(choose(added.slice(-1)));
  cache.dispose();
  return [...start, ...added];
}`,
    },
    {
      says: 'all logits of a pass, and the largest of the last ones by hand',
      source: `function writeOn(start: number[], count: number): number[] {
  const cache = model.createCache();
  try {
    let input = start;
    const result = start.slice();
    while (result.length < start.length + count) {
      const logits = model.forward([input], { cache });
      const last = logits.arraySync()[0].at(-1)!;
      logits.dispose();
      input = [last.indexOf(Math.max(...last))];
      result.push(...input);
    }
    return result;
  } finally {
    cache.dispose();
  }
}`,
    },
    {
      says: 'forward is bound to the model before the function',
      source: `const pass = model.forward.bind(model);
function writeOn(start: number[], count: number): number[] {
  const written = [...start];
  const cache = model.createCache();
  for (let n = 0; n < count; n++) {
    const newest = written.slice(cache.length);
    const options = { cache, logitsToKeep: 1 };
    written.push(tf.tidy(() => pass([newest], options).argMax(-1).dataSync()[0]));
  }
  cache.dispose();
  return written;
}`,
    },
  ],
  hints: [
    'Call `model.createCache()` before the loop, and pass `{ cache, logitsToKeep: 1 }` to '
    + '`forward`.',
    'The cache remembers what it has read, so a token that goes in twice counts twice. What is not '
    + 'yet in the cache is `written.slice(cache.length)`.',
    'After the loop, `cache.dispose()` frees the memory.',
  ],
  right: 'short and long texts up to the end of the context, each token read once, and nothing '
    + 'left in memory',
  explore: 'write 58 tokens after a prompt of 6 with and without the cache, and take the time of '
    + 'both with `performance.now()`',
  parts: [
    { says: 'the same text, each token read once', points: 3 },
    { says: 'nothing left in memory', points: 1 },
  ],
  observer: 'writing',
  shown: [
    input('The agent opened a pull request', 1),
    input('The agent opened a pull request', 2),
    input('The agent opened a pull request', 12),
    input('The agent opened a pull request', 12, 'memory'),
  ],
  hidden: (random) => [
    input(PROMPTS[random.integer(PROMPTS.length)]!, 4 + random.integer(20)),
    input(PROMPTS[3 + random.integer(2)]!, 58), // the last pass fills the context
  ],
  agrees: (came, wanted, asked) => {
    const [yours, ours, { asks }] = [came, wanted, asked] as unknown as [Writing, Writing, Input];
    const isRead = equal(yours.result, ours.result) && readsOnce(yours, asked as unknown as Input);
    return isRead && (asks === 'text' || yours.tensorsLeft <= 0);
  },
  diagnose: (came, asked) => {
    const yours = came as unknown as Writing;
    const { args: [start, count], asks } = asked as unknown as Input;
    const enough = start.length + count - 1;
    if (!Array.isArray(yours.result) || yours.result.length !== start.length + count)
      return `a text of ${many(start.length + count, 'token')} is wanted, start included`;
    if (yours.passes.some(({ past }, n) => n > 0 && past === null))
      return 'a pass after the first one does not use the cache';
    if (readBy(yours) !== enough)
      return `${many(readBy(yours), 'position is', 'positions are')} read; `
        + `${enough} ${enough === 1 ? 'is' : 'are'} enough: each token once, but the `
        + 'last';
    if (yours.passes.length !== count)
      return `${many(count, 'new token takes', 'new tokens take')} ${
        many(count, 'pass', 'passes')
      }, got ${yours.passes.length}`;
    return asks === 'memory' && yours.tensorsLeft > 0
      ? `${many(yours.tensorsLeft, 'tensor stays', 'tensors stay')} in memory`
      : undefined;
  },
  inMessage: (value) => {
    const { result, passes, tensorsLeft } = value as unknown as Writing;
    const text = wordTokenizer.decode(result as number[]);
    return `"${text}", ${many(passes.length, 'pass', 'passes')} over `
      + `${many(readBy(value as unknown as Writing), 'position')}, `
      + `${many(tensorsLeft, 'tensor')} left`;
  },
  tellsWanted: false,
  mistakes: [
    {
      says: 'the cache stays in memory: free it after the loop',
      source: edit(solution, ['  cache.dispose();\n', '']),
    },
    {
      says: 'the whole text goes into the cache in every pass, so its tokens are read again and '
        + 'again: only what is not in the cache yet may go in',
      source: edit(solution, ['written.slice(cache.length)', 'written']),
    },
    {
      says: 'each pass has a new, empty cache, so it sees only the newest token: make one cache '
        + 'before the loop',
      source: `function writeOn(start: number[], count: number): number[] {
  const written = [...start];
  for (let n = 0; n < count; n++) {
    const cache = model.createCache();
    const newest = n === 0 ? written : written.slice(-1);
    const [next] = tf.tidy(() =>
      model.forward([newest], { cache, logitsToKeep: 1 }).argMax(-1).dataSync()
    );
    written.push(next);
    cache.dispose();
  }
  return written;
}`,
    },
    {
      says: 'only the last token of start is read: the first pass has to read all of it into the '
        + 'cache',
      source: edit(solution, ['written.slice(cache.length)', 'written.slice(-1)']),
    },
    {
      says:
        'the cache is one token behind: each later pass reads the last two tokens, of which one '
        + 'is in the cache already',
      source: edit(solution, [
        'written.slice(cache.length)',
        'n === 0 ? written : written.slice(-2)',
      ]),
    },
    {
      says: 'each later pass reads the token before the newest one: the cache is one token behind',
      source: edit(solution, [
        'written.slice(cache.length)',
        'n === 0 ? written : written.slice(-2, -1)',
      ]),
    },
    {
      says: 'one pass too many: the last token is chosen, and nothing has to read it',
      source: `function writeOn(start: number[], count: number): number[] {
  const written = [...start];
  const cache = model.createCache();
  for (let n = 0; n <= count; n++) {
    const newest = written.slice(cache.length);
    const [next] = tf.tidy(() =>
      model.forward([newest], { cache, logitsToKeep: 1 }).argMax(-1).dataSync()
    );
    if (n < count) written.push(next);
  }
  cache.dispose();
  return written;
}`,
    },
    {
      says: 'the logits of each pass stay in memory: put forward into tf.tidy, or dispose of them',
      source: edit(solution, [
        `const [next] = tf.tidy(() =>
      model.forward([newest], { cache, logitsToKeep: 1 }).argMax(-1).dataSync()
    );`,
        `const logits = model.forward([newest], { cache, logitsToKeep: 1 });
    const [next] = tf.tidy(() => logits.argMax(-1).dataSync());`,
      ]),
    },
    {
      says: 'start is read token by token: the first pass reads all of it',
      source: `function writeOn(start: number[], count: number): number[] {
  const written = [...start];
  const cache = model.createCache();
  while (written.length < start.length + count) {
    const newest = [written[cache.length]];
    const [next] = tf.tidy(() =>
      model.forward([newest], { cache, logitsToKeep: 1 }).argMax(-1).dataSync()
    );
    if (cache.length >= written.length) written.push(next);
  }
  cache.dispose();
  return written;
}`,
    },
    {
      says: 'the choice at the first position of a pass is taken: the last position predicts the '
        + 'next token',
      source: edit(solution, ['{ cache, logitsToKeep: 1 }', '{ cache }']),
    },
  ],
  scope: async () => {
    const { tf } = await import('../../../tensor/tf');
    return { tf, model: await trainedModel() };
  },
};
