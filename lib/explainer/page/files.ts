/** Which files of the library the page needs, and when. */
import type { State } from '../state';

const WASM = 'node_modules/@tensorflow/tfjs-backend-wasm/dist';

/** What the first answer needs; `index.html` names their scripts. */
export const PAGE_FILES = [
  'data/checkpoints/pull-requests/config.json',
  'data/checkpoints/pull-requests/model.safetensors',
  'lib/tensor/fast/kernels.wasm',
  `${WASM}/tfjs-backend-wasm-simd.wasm`,
] as const;

/** The backend for browsers without SIMD. */
export const PLAIN_WASM = `${WASM}/tfjs-backend-wasm.wasm`;

const WITHOUT_MASK = [
  'data/checkpoints/without-mask/config.json',
  'data/checkpoints/without-mask/model.safetensors',
] as const;

const EIGHT = [
  'data/eight-tokens/config.json',
  'data/eight-tokens/model.safetensors',
] as const;

/** What only some states need. */
export const LATER_FILES = [PLAIN_WASM, ...WITHOUT_MASK, ...EIGHT] as const;

/** The script of a file, relative to the page. */
export const scriptOf = (path: string): string =>
  `files/${path.replace(/^.*\/(?=[^/]+\/[^/]+$)/, '').replaceAll('/', '-')}.js`;

/** What a state needs beyond the first answer. */
export const filesFor = ({ example, causal }: Pick<State, 'example' | 'causal'>): string[] => [
  ...(example === 'eight-tokens' ? EIGHT : []),
  ...(causal ? [] : WITHOUT_MASK),
];
