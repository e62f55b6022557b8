/** The memory of a process and of all that it has started, on Linux. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Between two looks at the memory: a look takes milliseconds of the processor itself. */
const LOOK_MILLISECONDS = 500;

/** Whether this system tells the memory of processes: only Linux does. */
export const canMeasureMemory = existsSync('/proc/self/smaps_rollup');

/**
 * Watches the processes below `pid`, and with it that one, until the function that it returns is
 * called. That gives the most bytes that they had together at one time; pages which several share
 * count once.
 * @param counts which processes count, by their command line
 */
export function watchMemory(pid: number, counts: (command: string) => boolean): () => number {
  let most = 0;
  const look = (): void => {
    const bytes = tree(pid).filter((each) => counts(read(each, 'cmdline')))
      .map((each) => 1024 * Number(/^Pss:\s+(\d+)/m.exec(read(each, 'smaps_rollup'))?.[1] ?? 0));
    most = Math.max(most, bytes.reduce((sum, value) => sum + value, 0));
  };
  const timer = setInterval(look, LOOK_MILLISECONDS);
  return () => {
    clearInterval(timer);
    return most;
  };
}

/** A process, those that it has started, and so on. */
function tree(pid: number): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => {
    // the name of the program, in brackets, may hold spaces
    const [, parent] = /\) \S+ (\d+)/.exec(read(Number(name), 'stat')) ?? [];
    return { pid: Number(name), parent: Number(parent) };
  });
  const own = [pid];
  for (const parent of own)
    own.push(...all.filter((each) => each.parent === parent).map((each) => each.pid));
  return own;
}

/** Empty if the process has ended meanwhile. */
function read(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}
