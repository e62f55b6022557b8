/** The memory of a WebAssembly module, as its bytes declare it: shared by threads or not. */

const [IMPORTS, MEMORIES] = [2, 5];
const [LIMITED, SHARED] = [1, 3];

/**
 * A copy of a WebAssembly module whose one memory, its own or imported, is declared shared or not.
 * @throws Error if the module has no memory with an upper limit
 */
export function withMemory(module: Uint8Array, shared: boolean): Uint8Array {
  const copy = Uint8Array.from(module);
  const flag = memoryFlag(copy);
  if (flag === undefined || (copy[flag] !== LIMITED && copy[flag] !== SHARED)) {
    throw new Error(
      'wanted a WebAssembly module with one memory that has an upper limit, found none',
    );
  }
  copy[flag] = shared ? SHARED : LIMITED;
  return copy;
}

/**
 * The offset of the flags of the module's memory, in its memory section or in an import; undefined
 * if there is none.
 */
function memoryFlag(bytes: Uint8Array): number | undefined {
  let at = 8; // after the magic number and the version
  const number = (): number => {
    let value = 0;
    for (let shift = 0;; shift += 7) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const skipName = (): void => {
    const length = number();
    at += length;
  };
  while (at < bytes.length) {
    const section = bytes[at++];
    const size = number();
    const end = at + size;
    if (section === MEMORIES && number() === 1) return at;
    if (section === IMPORTS) {
      for (let left = number(); left > 0; left--) {
        skipName(); // of the module
        skipName(); // of the field
        const kind = bytes[at++];
        if (kind === 2) return at;
        if (kind !== 0) break; // no memory follows a table or a global in the modules used here
        number(); // the type of a function
      }
    }
    at = end;
  }
  return undefined;
}
