/**
 * A program that is timed: it reads tasks as JSON lines, and answers each with its result, usually
 * milliseconds.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Shape } from './shapes';

/**
 * What a contender measures: `step` a training step, `decodeBeams` a token of a beam search, the
 * other names with `decode` a greedy token, `copy` a plain copy of memory, `memory` the peak of its
 * own memory.
 */
export type TaskName =
  | 'step'
  | 'decode'
  | 'decodeCached'
  | 'decodeBatch'
  | 'decodeBeams'
  | 'copy'
  | 'memory';

export interface Task {
  name: TaskName;
  shape: Shape;
  /** Steps, or tokens, in one timing. */
  count: number;
}

/** A running contender. */
export interface Contender {
  /**
   * Milliseconds per step or token; for `copy` bytes per second, for `memory` the peak in bytes.
   */
  run(task: Task): Promise<number>;
  end(): void;
}

/** Starts `command`; its stderr is shown. */
export function startContender(
  command: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Contender {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env } });
  const pending: { resolve: (value: number) => void; reject: (error: Error) => void }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const reply = /^\{"value":/.test(line) ? (JSON.parse(line) as { value: number }) : undefined;
    if (reply) pending.shift()?.resolve(reply.value);
    else console.error(line); // any other text of a contender; stdout is for the results
  });
  child.on('error', (error) => pending.splice(0).forEach(({ reject }) => reject(error)));
  child.on(
    'exit',
    (code) =>
      pending.splice(0).forEach(({ reject }) =>
        reject(new Error(`${command} ${args.join(' ')} ended with ${code}`))
      ),
  );
  return {
    run: (task) =>
      new Promise((resolve, reject) => {
        pending.push({ resolve, reject });
        child.stdin.write(`${JSON.stringify(task)}\n`);
      }),
    end: () => child.stdin.end(),
  };
}

/** A contender written in TypeScript, in a process of its own. */
export function startProgram(file: string, env: Record<string, string> = {}): Contender {
  return startContender(process.execPath, [require.resolve('tsx/cli'), file], env);
}

/** The contender's side: answers each task that comes in, one after the other. */
export function answer(run: (task: Task) => Promise<number>): void {
  const lines = createInterface({ input: process.stdin });
  let before = Promise.resolve();
  lines.on('line', (line) => {
    before = before.then(async () =>
      console.log(JSON.stringify({ value: await run(JSON.parse(line) as Task) }))
    );
  });
  lines.on('close', () => void before.then(() => process.exit(0)));
}

/** Milliseconds per call of `once`, over `count` calls. */
export async function timed(count: number, once: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < count; i++) await once();
  return (performance.now() - start) / count;
}
