/** Text files, decoded whole or refused with a sentence that names the file. */
import { platform } from './platform';

/** The encodings that a byte order mark at the start of a file names. */
const MARKS: readonly (readonly [encoding: string, ...bytes: number[]])[] = [
  ['utf-8', 0xef, 0xbb, 0xbf],
  ['utf-16le', 0xff, 0xfe],
  ['utf-16be', 0xfe, 0xff],
];

/**
 * The text of a file: UTF-8, or what its byte order mark says, which is not part of the text.
 * @throws Error that names the file if it cannot be read, or is in a different encoding
 */
export function readText(path: string): string {
  const read = (): Uint8Array => {
    if (!platform.exists(path)) throw new Error('there is no such file');
    return platform.readFileSync(path);
  };
  return decodeText(path, naming(path, read));
}

/**
 * The text that the bytes of the file `path` are.
 * @throws Error as {@link readText}
 */
export function decodeText(path: string, bytes: Uint8Array): string {
  const [encoding, ...mark] =
    MARKS.find(([, ...start]) => start.every((byte, i) => bytes[i] === byte)) ?? ['utf-8'];
  if (encoding === 'utf-8' && !isUtf8(bytes)) {
    throw new Error(
      `${path} is not UTF-8, which line ${invalidLine(bytes)} shows; it may be Latin-1 or `
        + 'Windows-1252: save it as UTF-8',
    );
  }
  const text = naming(
    path,
    () =>
      new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(
        bytes.subarray(mark.length),
      ),
  );
  if (text.includes('\0')) {
    throw new Error(
      `${path} holds NUL characters: it is no text, or UTF-16 or UTF-32 without the right byte `
        + 'order mark; save it as UTF-8',
    );
  }
  return text;
}

const strict = new TextDecoder('utf-8', { fatal: true });

function isUtf8(bytes: Uint8Array): boolean {
  try {
    strict.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** The number, from 1, of the first line that is not UTF-8. */
function invalidLine(bytes: Uint8Array): number {
  let line = 1;
  for (let start = 0; start <= bytes.length; line++) {
    const found = bytes.indexOf(0x0a, start); // never a part of a longer character
    const end = found < 0 ? bytes.length : found;
    if (!isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
  return line;
}

/**
 * What `read` returns. An error that it throws gets the name of the file in front of its message.
 */
export function naming<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { message } = error as Error;
    if (message.includes(path)) throw error;
    const Kind = error instanceof RangeError ? RangeError : Error;
    throw new Kind(`${path}: ${message}`, { cause: error });
  }
}
