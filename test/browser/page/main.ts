/** The page of library.test.ts: it is given files by its server, and does what the test asks. */
import { setSetting } from '../../../lib/base/platform/browser';
import { loadFiles, provideFiles } from '../../../lib/base/platform/page-files';
import { exactJson } from '../exact-json';
import { gpt2Tokenizer } from '../../../lib/files/gpt2-tokenizer';
import { GPT } from '../../../lib/model/gpt';
import { ready } from '../../../lib/tensor/backend';
import { currentMachine } from '../../../lib/tensor/fast/current-machine';
import * as scenarios from '../scenarios';
import { runTests, type TestResult } from './vitest';

/** The tests against Hugging Face's numbers: the same files as in Node. */
const PARITY = {
  'model/reference': () => import('../../model/reference.test'),
  'training/reference': () => import('../../training/reference.test'),
  'inference/reference': () => import('../../inference/reference.test'),
  'inference/reference-beam': () => import('../../inference/reference-beam.test'),
  'inference/reference-processors': () => import('../../inference/reference-processors.test'),
};

/** The files that the server has. */
const given = (async () => {
  const paths = (await (await fetch('./files.json')).json()) as string[];
  provideFiles(Object.fromEntries(paths.map((path) => [path, `./${path}`])));
  return paths;
})();

const library = {
  set: setSetting,
  async run(name: keyof typeof scenarios): Promise<string> {
    await given;
    return exactJson(await scenarios[name]());
  },
  /** How many threads compute, and how many workers have started. */
  async threads(): Promise<{ threads: number; workers: number }> {
    await given;
    await ready();
    const { threads, kernels } = currentMachine()!;
    return { threads, workers: kernels.workers() };
  },
  /** The messages of what a page refuses. */
  async refusals(): Promise<string[]> {
    await given;
    provideFiles({ 'gone.txt': './gone.txt' });
    const model = await GPT.create({ nLayer: 1, nHead: 1, nEmbd: 4, nPositions: 4, vocabSize: 4 });
    const refused = [
      () => model.save('models/mine'),
      () => GPT.load('models/mine'),
      () => Promise.resolve(gpt2Tokenizer()),
      () => loadFiles(['notes.txt']),
      () => loadFiles(['gone.txt']),
    ];
    const messages: string[] = [];
    for (const each of refused) {
      try {
        await each();
        messages.push('nothing');
      } catch (error) {
        messages.push((error as Error).message.replace(location.href, '<its address>/'));
      }
    }
    model.dispose();
    return messages.map((message) => message.replace('<its address>/gone.txt', '<its address>'));
  },
  async parity(): Promise<TestResult[]> {
    const paths = await given;
    await loadFiles(paths.filter((path) => path.startsWith('data/fixtures/')));
    return runTests(PARITY);
  },
};

Reflect.set(globalThis, 'library', library);
