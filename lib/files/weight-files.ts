/**
 * The weights of a checkpoint by name, from one safetensors file, or from the several files into
 * which Hugging Face transformers splits a large model.
 */
import { platform } from '../base/platform';
import { readObject } from './json';
import { completeSave, WEIGHTS_FILE } from './model-files';
import { SafetensorsFile, type TensorInfo } from './safetensors';

const { exists, join } = platform;

/** The file whose `weight_map` lists which of several files holds each tensor. */
export const INDEX_FILE = 'model.safetensors.index.json';

/**
 * The names of the files in `dir` that hold its weights: `model.safetensors`, else those in the
 * index, else none. A save whose process was killed while it moved its files is completed first.
 * @throws Error if the index is not readable or names no files
 */
export async function weightFileNames(dir: string): Promise<string[]> {
  completeSave(dir);
  if (exists(join(dir, WEIGHTS_FILE))) return [WEIGHTS_FILE];
  if (!exists(join(dir, INDEX_FILE))) return [];
  const { weight_map: map } = await readObject(join(dir, INDEX_FILE));
  const files = typeof map === 'object' && map !== null
    ? [...new Set<unknown>(Object.values(map))]
    : [];
  const isName = (file: unknown): file is string =>
    typeof file === 'string' && /^\w[\w.-]*\.safetensors$/.test(file);
  if (files.length === 0 || !files.every(isName))
    throw new Error(`${INDEX_FILE} must name the file of each tensor in weight_map`);
  return files;
}

/** The open weight files of a checkpoint. */
export class WeightFiles {
  private constructor(
    private readonly files: readonly SafetensorsFile[],
    /** Name of a tensor → the file that holds it. */
    private readonly fileOf: ReadonlyMap<string, SafetensorsFile>,
  ) {}

  /**
   * Opens `files` of `dir` and checks their headers.
   * @throws Error if one is missing or damaged, or two hold the same tensor
   */
  static async open(dir: string, files: readonly string[]): Promise<WeightFiles> {
    const opened: SafetensorsFile[] = [];
    const fileOf = new Map<string, SafetensorsFile>();
    try {
      for (const name of files) {
        if (!exists(join(dir, name)))
          throw new Error(`${dir} holds no ${name}, which ${INDEX_FILE} names`);
        const file = await SafetensorsFile.open(join(dir, name));
        opened.push(file);
        for (const tensor of file.tensors.keys()) {
          if (fileOf.has(tensor))
            throw new Error(
              `${name} holds ${tensor}, which another file of ${INDEX_FILE} holds, too`,
            );
          fileOf.set(tensor, file);
        }
      }
    } catch (error) {
      await closeAll(opened);
      throw error;
    }
    return new WeightFiles(opened, fileOf);
  }

  /** The names of all tensors. */
  names(): IterableIterator<string> {
    return this.fileOf.keys();
  }

  /** Type and shape of a tensor; undefined if there is none of that name. */
  info(name: string): TensorInfo | undefined {
    return this.fileOf.get(name)?.tensors.get(name);
  }

  /**
   * Maps each name in `wanted` to the name under which its tensor is stored. Checks that the files
   * hold exactly the tensors of `wanted` (name → shape), as F32, F16 or BF16.
   * @param options `prefix`: an optional start of stored names, which the wanted names do not have;
   *   `ignore`: true for names, without the prefix, that are neither wanted nor an error
   * @throws Error if a tensor is missing, extra, stored twice, or has a different shape or type
   */
  matchNames(
    wanted: ReadonlyMap<string, readonly number[]>,
    { prefix, ignore }: { prefix: string; ignore: (name: string) => boolean },
  ): Map<string, string> {
    const stored = new Map<string, string>();
    for (const name of this.fileOf.keys()) {
      const short = name.startsWith(prefix) ? name.slice(prefix.length) : name;
      if (ignore(short)) continue;
      const earlier = stored.get(short);
      if (earlier !== undefined)
        throw new Error(`${WEIGHTS_FILE} holds ${short} twice: as ${earlier} and as ${name}`);
      stored.set(short, name);
    }
    const missing = [...wanted.keys()].filter((name) => !stored.has(name));
    const extra = [...stored.keys()].filter((name) => !wanted.has(name));
    if (missing.length > 0)
      throw new Error(`${WEIGHTS_FILE} lacks ${some(missing)}, which config.json requires`);
    if (extra.length > 0)
      throw new Error(
        `${WEIGHTS_FILE} holds ${some(extra)}, which a GPT-2 of this config.json does not have`,
      );
    for (const [name, shape] of wanted) this.checkTensor(name, stored.get(name)!, shape);
    return stored;
  }

  private checkTensor(name: string, storedName: string, shape: readonly number[]): void {
    const { shape: came, dtype } = this.info(storedName)!;
    if (came.join() !== shape.join())
      throw new Error(
        `${name} must have the shape [${shape.join(', ')}], got [${came.join(', ')}]`,
      );
    if (!['F32', 'F16', 'BF16'].includes(dtype))
      throw new Error(`${name} must be F32, F16 or BF16, got ${dtype}`);
  }

  /**
   * One tensor, converted to float32.
   * @throws Error if there is none of that name, or its type is not float32, float16 or bfloat16
   */
  async readFloat32(name: string): Promise<Float32Array> {
    const file = this.fileOf.get(name);
    if (!file) throw new Error(`there is no tensor ${name}`);
    return file.readFloat32(name);
  }

  /** Whether two tensors hold the same numbers. */
  async areEqual(name: string, other: string): Promise<boolean> {
    const [a, b] = [await this.readFloat32(name), await this.readFloat32(other)];
    return a.length === b.length && a.every((value, i) => value === b[i]);
  }

  async close(): Promise<void> {
    await closeAll(this.files);
  }
}

async function closeAll(files: readonly SafetensorsFile[]): Promise<void> {
  for (const file of files) await file.close();
}

/** Up to three names, and how many more there are. */
function some(names: readonly string[]): string {
  return names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
}
