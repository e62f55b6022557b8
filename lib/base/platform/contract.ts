/** What Node and a browser each provide, in one form. */

/** An open file, read in pieces. */
export interface OpenedFile {
  /** In bytes. */
  readonly size: number;
  /**
   * The bytes from `position` on, `length` of them, in memory of their own: it starts at an address
   * that suits numbers of any type.
   * @throws Error if the file ends before
   */
  read(position: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A second thread. */
export interface Thread {
  end(): Promise<void>;
}

/** Files. In a page they are those that it was given: see browser.ts. */
interface Files {
  /** Whether files can be written, and models downloaded into a cache of the disk. */
  readonly hasDisk: boolean;
  /** The folder that holds `data` and `lib`. */
  readonly root: string;
  /** The folder of an installed package. */
  packageFolder(name: string): string;
  readonly join: (...parts: string[]) => string;
  /** The last part of a path. */
  readonly baseName: (path: string) => string;
  /** Whether there is a file or a folder of this name. */
  readonly exists: (path: string) => boolean;
  /** The bytes of a file. @throws Error that names it if it cannot be read */
  readFile(path: string): Promise<Uint8Array>;
  /** The same at once; in a page, of files that {@link loadFiles} has loaded. */
  readFileSync(path: string): Uint8Array;
  /** Loads files, so that {@link readFileSync} can read them. */
  loadFiles(paths: readonly string[]): Promise<void>;
  openFile(path: string): Promise<OpenedFile>;
  /** A large package that only few programs need, loaded at its first use. */
  loadPackage(name: string): unknown;
}

/** The program around the library, and what it shows. */
interface Surroundings {
  /** The value of an environment variable. */
  setting(name: string): string | undefined;
  /** The object on which the notebook's kernel, or a page, leaves things for the library. */
  readonly host: object;
  /** A text that no other call returns, in no other process either. */
  uniqueId(): string;
  /** Whether a printed line can be overwritten by the next one. */
  readonly isTerminal: boolean;
  /** Prints a line in place of the one that was printed so before; the last one stays. */
  overwriteLine(text: string, isLast: boolean): void;
  /** Waits one turn of the event loop, in which timers, signals and events are handled. */
  nextTurn(): Promise<void>;
}

/** Threads, and memory. */
interface Machinery {
  /** Whether threads can share memory. */
  readonly sharesMemory: boolean;
  /** The number of threads that compute as long as no other is requested. */
  defaultThreads(): number;
  /**
   * Starts a thread that runs the JavaScript `program`, in which `data` is a copy of `data`.
   * @param failed called with the error that ends the thread
   */
  startThread(program: string, data: object, failed: (error: unknown) => void): Thread;
  /** Waits until a word is notified or no longer `value`, at most so long. */
  sleep(words: Int32Array, index: number, value: number, milliseconds: number): void;
  /** Collects garbage at once, where that is possible. */
  collectGarbage(): void;
  /** Switches relaxed SIMD on where it is there but off. */
  allowRelaxedSimd(): void;
  /**
   * Runs `start`, and removes the handlers of errors that it adds to the process: those of compiled
   * WebAssembly turn every unhandled rejection into a crash.
   */
  withoutErrorHandlers<T>(start: () => Promise<T>): Promise<T>;
}

export interface PlatformContract extends Files, Surroundings, Machinery {}
