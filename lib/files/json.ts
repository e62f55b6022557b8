import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/**
 * The object in a JSON file.
 * @throws Error that names the file if it is missing or holds anything else
 */
export async function readObject(path: string): Promise<Record<string, unknown>> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path} is not readable as JSON: ${(error as Error).message}`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new Error(`${path} must hold a JSON object`);
  return json as Record<string, unknown>;
}

/** The same; undefined if there is no such file. */
export async function readOptionalObject(
  path: string,
): Promise<Record<string, unknown> | undefined> {
  return existsSync(path) ? readObject(path) : undefined;
}
