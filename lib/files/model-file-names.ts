/** The files of a checkpoint, and what they hold. */
import type { Pieces } from '../base/write-file';

export const CONFIG_FILE = 'config.json';
/** The file that holds all weights of a checkpoint. */
export const WEIGHTS_FILE = 'model.safetensors';
/** Says what ends a text, in place of `config.json`. */
export const GENERATION_FILE = 'generation_config.json';

/** The folder inside a checkpoint that holds a complete new one, until its files are moved. */
export const SAVED = '.saved';

/** What each file of a folder will hold, by name. */
export type Files = Readonly<Record<string, Pieces>>;

/** `value` as the text of a file. */
export const jsonText = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
