import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync,
  writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pythonOf, root, venv as realEnvironment } from '../../lib/course/setup/paths.mjs';

const windows = process.platform === 'win32';

export interface Outcome {
  code: number | null;
  output: string;
}

/** A copy of the course in a folder of its own, with an empty home and without any registry. */
export class Scratch {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), 'course-')));
  readonly home = join(this.base, 'home');
  folder = join(this.base, 'course');
  private user: { uid?: number; gid?: number } = {};
  private readonly children: ChildProcess[] = [];

  constructor() {
    mkdirSync(this.home);
    mkdirSync(join(this.folder, 'notebooks'), { recursive: true });
    for (const part of ['lib', 'package.json', 'package-lock.json', 'tsconfig.json']) {
      cpSync(join(root, part), this.path(part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), this.path('node_modules'), 'junction');
  }

  /** Runs the programs as a user who may read all and write nothing, also where root runs this. */
  loseRights(): void {
    chmodSync(this.base, 0o755);
    if (process.getuid?.() === 0) this.user = { uid: 65534, gid: 65534 };
  }

  path(...parts: string[]): string {
    return join(this.folder, ...parts);
  }

  /**
   * A Python environment of its own within a second: it sees the real one's packages through a
   * `.pth` file.
   */
  borrowEnvironment(): void {
    const real = realEnvironment;
    const venv = this.path('.venv');
    const query =
      'import sys, sysconfig; print(sysconfig.get_path("purelib")); print(sys._base_executable)';
    const answer = spawnSync(pythonOf(), ['-c', query], { encoding: 'utf8' }).stdout.trim();
    const [packages = '', base = ''] = answer.split(/\r?\n/);
    spawnSync(base, ['-m', 'venv', '--without-pip', venv]);
    const own = packages.replace(realpathSync(real), venv).replace(real, venv);
    writeFileSync(join(own, 'borrowed.pth'), packages);
    mkdirSync(join(venv, 'share', 'jupyter'), { recursive: true });
    for (const part of ['lab', 'labextensions', 'nbconvert']) {
      symlinkSync(
        join(real, 'share', 'jupyter', part),
        join(venv, 'share', 'jupyter', part),
        'junction',
      );
    }
    const stamp = JSON.parse(readFileSync(join(real, 'course.json'), 'utf8')) as object;
    writeFileSync(join(venv, 'course.json'), JSON.stringify({ ...stamp, folder: venv }));
  }

  environment(changes: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    const foreign = /^(npm_|VITEST|JUPYTER|CI$|NODE_ENV|COURSE_|HOME$)/i;
    const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
    const nowhere = 'http://127.0.0.1:9';
    return {
      ...Object.fromEntries(kept),
      HOME: this.home,
      USERPROFILE: this.home,
      COURSE_PYTHON: realPython(),
      npm_config_registry: nowhere,
      npm_config_fetch_retries: '0',
      PIP_INDEX_URL: nowhere,
      PIP_RETRIES: '1',
      HTTPS_PROXY: nowhere,
      ...changes,
    };
  }

  /** Starts one of the programs in lib/course. */
  start(
    program: string,
    args: readonly string[] = [],
    changes: NodeJS.ProcessEnv = {},
  ): ChildProcess {
    const run = this.path('lib', 'course', 'setup', 'run.cjs');
    const child = spawn(process.execPath, [run, program, ...args], { cwd: this.folder,
      env: this.environment(changes), ...this.user });
    this.children.push(child);
    return child;
  }

  async run(
    program: string,
    args: readonly string[] = [],
    changes: NodeJS.ProcessEnv = {},
  ): Promise<Outcome> {
    return finished(this.start(program, args, changes));
  }

  remove(): void {
    this.children.filter((child) => child.exitCode === null).forEach((child) =>
      child.kill('SIGTERM')
    );
    rmSync(this.base, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  }
}

/**
 * The real interpreter behind the project's environment: a version manager's shims need the home
 * folder.
 */
export function realPython(): string {
  const config = readFileSync(join(realEnvironment, 'pyvenv.cfg'), 'utf8');
  const home = /^home\s*=\s*(.+)$/m.exec(config)?.[1]?.trim() ?? '';
  return join(home, windows ? 'python.exe' : 'python3');
}

/** A PATH on which `python3` prints `answer`, and nothing else is found. */
export function pathWithPython(scratch: Scratch, answer: object): string {
  const folder = join(scratch.base, 'stubs');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'python3'), `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`, {
    mode: 0o755,
  });
  return [folder, dirname(process.execPath) + '-none'].join(delimiter);
}

/** What a program has printed, from the first time that a test has asked for it. */
interface Transcript {
  text: string;
  /** Settles when the program has ended and everything that it printed has been read. */
  closed: Promise<number | null>;
}

// One transcript a program: what two questions look for may come in one piece of output.
const transcripts = new WeakMap<ChildProcess, Transcript>();

function transcriptOf(child: ChildProcess): Transcript {
  const known = transcripts.get(child);
  if (known) return known;
  const closed = new Promise<number | null>((settle) => child.on('close', settle));
  const transcript: Transcript = { text: '', closed };
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text: Buffer) => transcript.text += text.toString());
  transcripts.set(child, transcript);
  return transcript;
}

/** Everything that a program printed, and its exit code. */
export async function finished(child: ChildProcess): Promise<Outcome> {
  const transcript = transcriptOf(child);
  const code = await transcript.closed;
  return { code, output: transcript.text };
}

/** Waits until a program has printed something that matches, or takes it from what it printed. */
export function printed(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  const transcript = transcriptOf(child);
  return new Promise((settle, fail) => {
    const look = (): void => {
      const match = pattern.exec(transcript.text);
      if (match) settle(match);
    };
    look();
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', look);
    void transcript.closed.then(() => {
      look();
      fail(new Error(`${pattern} was not printed, but:\n${transcript.text}`));
    });
  });
}
