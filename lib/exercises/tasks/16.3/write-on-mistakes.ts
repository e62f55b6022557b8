/** Expected wrong answers to 16.3.3, a text that goes on after a pause. */
import { edit, type Mistake } from '../../exercise';
import { solution } from './write-on-answers';

export const mistakes: readonly Mistake[] = [
  {
    says: 'the random numbers begin again after each pause: use up those of the tokens that were '
      + 'written before',
    source: edit(solution, [
      '  for (let i = 0; i < written; i++) random.uniform(); // those used before the pause\n',
      '',
    ]),
  },
  ...['n > 0 && ', ''].map((isNew) => ({
    says: `nothing is kept beside ids and seed: so the random numbers begin again after each `
      + `pause, and a written <eos> is not told from one ${
        isNew === '' ? 'at the end of the prompt' : 'that ended the text before the pause'
      }`,
    source: `async function writeOn(saved: string, count: number): Promise<string> {
  const { ids, seed } = JSON.parse(saved);
  const random = new Random(seed);
  for (let n = 0; n < count; n++) {
    if (${isNew}ids.at(-1) === wordTokenizer.eosTokenId) break;
    ids.push(random.choose(await predictNext(model, ids)));
  }
  return JSON.stringify({ ids, seed });
}`,
  })),
  {
    says: 'a number is used up for each token of the prompt, too: only written tokens have used '
      + 'one',
    source: edit(solution, ['i < written; i++) random', 'i < ids.length; i++) random']),
  },
  {
    says: 'the count of the written tokens begins again at each pause: after two pauses it is too '
      + 'small',
    source: edit(solution, ['written: now', 'written: now - written']),
  },
  {
    says: 'the random numbers are kept in a variable, not in the JSON: a call from the same saved '
      + 'text gives a different text',
    source: `const kept = new Map<string, Random>();
async function writeOn(saved: string, count: number): Promise<string> {
  const { ids, seed, key = saved, written = 0 } = JSON.parse(saved);
  if (written === 0) kept.set(key, new Random(seed));
  const random = kept.get(key)!;
  let now = written;
  const isFinished = () => now > 0 && ids.at(-1) === wordTokenizer.eosTokenId;
  while (now < written + count && !isFinished()) {
    ids.push(random.choose(await predictNext(model, ids)));
    now++;
  }
  return JSON.stringify({ ids, seed, key, written: now });
}`,
  },
  {
    says: 'a finished text goes on after a pause: its <eos> was written before, and ends it for '
      + 'good',
    source: edit(solution, ['now > 0', 'now > written']),
  },
  {
    says: 'a written <eos> does not end the text',
    source: edit(solution, ['now > 0', 'now < 0']),
  },
  {
    says: 'an <eos> at the end of the prompt counts as the end: only a written one is',
    source: edit(solution, ['now > 0 && ids', 'ids']),
  },
  {
    says: 'the <eos> is missing: it is the last token of the text',
    source: edit(solution, [
      'return JSON',
      'if (isFinished()) ids.pop();\n  return JSON',
    ]),
  },
  {
    says: 'count is taken as the length of the whole continuation: each call may append count more',
    source: edit(solution, ['now < written + count', 'now < count']),
  },
  {
    says: 'the most probable token is taken: sample it with random.choose',
    source: edit(solution, [
      'random.choose(await predictNext(model, ids))',
      'mostProbable(await predictNext(model, ids), 1)[0]',
    ]),
  },
  {
    says: 'a new seed begins at each pause: one Random serves the whole text',
    source: edit(solution, ['new Random(seed)', 'new Random(seed + written)'], [
      '  for (let i = 0; i < written; i++) random.uniform(); // those used before the pause\n',
      '',
    ]),
  },
  {
    says: 'one number too many is used up at each pause',
    source: edit(solution, ['i < written; i++', 'i <= written && written > 0; i++']),
  },
  {
    says: 'after a pause the model does not read the beginning of the text: it must read all of it',
    source: edit(solution, ['predictNext(model, ids)', 'predictNext(model, ids.slice(written))']),
  },
];
