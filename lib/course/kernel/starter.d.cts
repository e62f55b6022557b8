/** A function that tells whether the program that started `kernel`, a process, is gone. */
export function starterOf(
  kernel: Pick<NodeJS.Process, 'platform' | 'ppid' | 'env'> & { kill(id: number, signal: 0): true },
): () => boolean;
