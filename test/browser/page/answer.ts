/** The least page: it loads the course's model and continues a prompt. */
import { PULL_REQUESTS } from '../../../lib/base/paths';
import { generate } from '../../../lib/inference/generate';
import { wordTokenizer } from '../../../lib/language/little-language';
import { GPT } from '../../../lib/model/gpt';
import { provideFiles } from '../../../lib/base/platform/page-files';

/** The files of the library and of the model that it needs, at most. */
const FILES = [
  `${PULL_REQUESTS}/config.json`,
  `${PULL_REQUESTS}/model.safetensors`,
  'lib/tensor/fast/kernels.wasm',
  'node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm',
  'node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
];

async function answer(): Promise<void> {
  provideFiles(Object.fromEntries(FILES.map((path) => [path, `./${path}`])));
  const model = await GPT.load(PULL_REQUESTS);
  const prompt = wordTokenizer.encode('The agent opened a pull request');
  const { sequences } = await generate(model, [prompt]);
  const milliseconds = performance.now();
  const start = performance.now();
  for (let pass = 0; pass < 50; pass++) {
    const logits = model.forward([prompt]);
    logits.dataSync();
    logits.dispose();
  }
  const pass = (performance.now() - start) / 50;
  const text = wordTokenizer.decode(sequences[0]!);
  Reflect.set(globalThis, 'answer', { text, milliseconds, pass });
}

void answer();
