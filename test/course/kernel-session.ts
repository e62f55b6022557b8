/** A real kernel for a test, driven over its sockets by kernel_driver.py. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import path from 'node:path';
import { pythonOf, root } from '../../lib/course/setup/paths.mjs';

export interface Output {
  type: string;
  name?: string;
  text?: string;
  ename?: string;
  evalue?: string;
  traceback?: string[];
  data?: Record<string, unknown>;
  transient?: { display_id?: string };
}
export interface Reply {
  type?: string;
  status: string;
  execution_count?: number;
  ename?: string;
  evalue?: string;
  traceback?: string[];
  matches?: string[];
  found?: boolean;
  data?: Record<string, string>;
  metadata?: Record<string, unknown>;
  history?: unknown[];
}
export interface Ran {
  reply: Reply | null;
  outputs: Output[];
  input: number | null;
  idle: boolean;
  seconds: number;
}
/**
 * What happens while cells run: interrupts, in seconds after the first cell began or printed, and a
 * file that is made once the kernel has read all cells; and after how many seconds, by default 20,
 * cells without a reply are given up.
 */
export interface Meanwhile {
  interrupts?: number[];
  after_output?: boolean;
  path?: string;
  limit?: number;
}
export interface Source {
  code: string;
  stop_on_error?: boolean;
  silent?: boolean;
}

export class Session {
  private received = '';
  private answered: (line: string) => void = () => undefined;

  /** The kernel's process. */
  pid = 0;

  private constructor(private readonly driver: ChildProcessWithoutNullStreams) {
    driver.stderr.pipe(process.stderr);
    driver.stdout.setEncoding('utf8').on('data', (text: string) => {
      this.received += text;
      if (!text.endsWith('\n')) return;
      this.answered(this.received);
      this.received = '';
    });
    driver.on('exit', () => this.answered('{"failed":"the driver ended"}'));
  }

  /**
   * Starts the registered kernel in `cwd`, as a notebook of that folder would; `env` is added to
   * its environment.
   */
  static async start(
    cwd = path.join(root, 'notebooks'),
    env: NodeJS.ProcessEnv = {},
  ): Promise<Session> {
    const driver = path.join(__dirname, 'kernel_driver.py');
    const session = new Session(spawn(pythonOf(), [driver], { env: { ...process.env, ...env } }));
    ({ pid: session.pid } = await session.tell<{ pid: number }>({ op: 'start', cwd }));
    return session;
  }

  private async tell<T>(command: object): Promise<T> {
    const line = new Promise<string>((resolve) => {
      this.answered = resolve;
    });
    this.driver.stdin.write(`${JSON.stringify(command)}\n`);
    const answer = JSON.parse(await line) as T & { failed?: string };
    if (answer.failed) throw new Error(answer.failed);
    return answer;
  }

  /**
   * Sends all cells at once, as Run All does; see kernel_driver.py for what can happen while they
   * run.
   */
  async runAll(cells: Source[], meanwhile: Meanwhile = {}): Promise<Ran[]> {
    return (await this.tell<{ cells: Ran[] }>({ op: 'run', cells, ...meanwhile })).cells;
  }

  async run(code: string, meanwhile: Meanwhile = {}): Promise<Ran> {
    const [ran] = await this.runAll([{ code }], meanwhile);
    return ran!;
  }

  async ask(type: string, content: object): Promise<Reply | null> {
    return (await this.tell<{ reply: Reply | null }>({ op: 'ask', type, content })).reply;
  }

  /** Starts the kernel again, as Jupyter does, if its process has ended; returns whether it had. */
  async revive(): Promise<boolean> {
    const { died, pid } = await this.tell<{ died: boolean; pid: number }>({ op: 'revive' });
    this.pid = pid;
    return died;
  }

  /** Kills the client that started the kernel, so that it cannot shut the kernel down. */
  abandon(): void {
    this.driver.kill('SIGKILL');
  }

  /** Shuts the kernel down; true if a process of it is left. */
  async stop(): Promise<boolean> {
    const { alive } = await this.tell<{ alive: boolean }>({ op: 'stop' });
    this.driver.stdin.end();
    return alive;
  }
}

/** All that a cell printed on stdout. */
export const printed = (ran: Ran): string =>
  ran.outputs.filter(({ type, name }) => type === 'stream' && name === 'stdout').map(({ text }) =>
    text
  ).join('');

/** The `error` messages of a cell. */
export const errors = (ran: Ran): Output[] => ran.outputs.filter(({ type }) => type === 'error');

/** The traceback of a cell's only error as one text. */
export const trace = (ran: Ran): string => (errors(ran)[0]?.traceback ?? []).join('\n');
