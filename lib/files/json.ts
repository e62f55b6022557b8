import { platform } from '../base/platform';
import { decodeText } from '../base/text-file';

/** Numbers that Python writes into JSON, and JSON that JSON.parse reads as the same. */
const NUMBERS: Readonly<Record<string, string>> = { Infinity: '1e999', '-Infinity': '-1e999',
  NaN: 'null' };

/**
 * The object in a JSON file. Python's `Infinity` is read as such, its `NaN` as null.
 * @throws Error that names the file if it is missing or holds anything else
 */
export async function readObject(path: string): Promise<Record<string, unknown>> {
  let json: unknown;
  try {
    json = parse(decodeText(path, await platform.readFile(path)));
  } catch (error) {
    throw new Error(`${path} is not readable as JSON: ${(error as Error).message}`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new Error(`${path} must hold a JSON object`);
  return json as Record<string, unknown>;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const numbersOrStrings = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g;
    const plain = text.replace(numbersOrStrings, (found) => NUMBERS[found] ?? found);
    if (plain === text) throw error;
    return JSON.parse(plain);
  }
}

/** The same; undefined if there is no such file. */
export async function readOptionalObject(
  path: string,
): Promise<Record<string, unknown> | undefined> {
  return platform.exists(path) ? readObject(path) : undefined;
}
