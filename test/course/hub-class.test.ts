/**
 * A class on a hub of its own on this machine: students log in at once, fetch an assignment, run
 * it, submit it; it is collected and graded. On request, because it takes minutes, with as many
 * students as the variable says. Prints what a student's server took, from which
 * lib/course/hub/README.md reckons what a class needs.
 * COURSE_HUB=8 npm test -- hub-class
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jupyterEnvironment, pythonOf, root } from '../../lib/course/setup/paths.mjs';
import { type Answers, ASSIGNMENT, batchesOf, batchOf, Course, NOTEBOOK,
  rowsComputed } from './assignment-course';
import { finished } from './scratch';

const size = Number(process.env['COURSE_HUB'] ?? 0);

/** What hub_students.py prints, by student; seconds and MiB. */
interface Report {
  readonly wall: Readonly<Record<string, number>>;
  readonly seconds: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly memory: Readonly<Record<string, Readonly<Record<string, Usage>>>>;
  readonly peak: Readonly<Record<string, number>>;
  readonly idle: Readonly<Record<string, number>>;
  readonly status: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly checks: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly probe: string;
  readonly page: string;
}

interface Usage {
  /** Memory, with the student's part of what processes share. */
  readonly pss: number;
  /** Memory that no other process has. */
  readonly own: number;
  /** Of the processor. */
  readonly seconds: number;
}

/** Answers of the n-th student, and their points: right ones, a mistake, nothing. */
function answersOf(n: number): { answers: Answers; points: number } {
  const right = { 'rows-computed': rowsComputed.solution, 'batch-of': batchOf.solution,
    'batches': batchesOf.others[0]!.source };
  if (n % 4 === 1)
    return { answers: { ...right, 'rows-computed': rowsComputed.mistakes[0]!.source }, points: 7 };
  if (n % 4 === 2) return { answers: { 'batch-of': right['batch-of'] }, points: 4 };
  if (n % 4 === 3) return { answers: {}, points: 0 };
  return { answers: right, points: 9 };
}

/** Runs in the kernel of one student, who looks around. */
const PROBE = `const fs = require('node:fs');
const said = (look: () => unknown): string => {
  try { return String(look()); } catch (error) { return (error as Error).message.slice(0, 20); }
};
console.log(JSON.stringify({
  course: said(() => fs.writeFileSync('ROOT/lib/mine.ts', '')),
  others: said(() => fs.readdirSync('CLASS/hub/students')),
  gradebook: said(() => fs.readFileSync('CLASS/gradebook.db')),
  password: said(() => fs.readFileSync('CLASS/hub/password')),
  shadow: said(() => fs.readFileSync('/etc/shadow')),
  release: said(() => fs.writeFileSync('CLASS/exchange/ID/outbound/mine', '')),
  processes: fs.readdirSync('/proc').filter((name: string) => /^\\d+$/.test(name)).length,
  progress: fs.existsSync('../my-notebooks/progress.json'),
}));`;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const course = new Course();
const password = (): string => readFileSync(course.path('hub', 'password'), 'utf8').trim();
let hub: ChildProcess | undefined;
let url = '';

async function openHub(): Promise<string> {
  const program = join(root, 'lib', 'course', 'setup', 'run.cjs');
  const parts = [program, '../hub/main', '--course', course.folder, '--port', '8400'];
  hub = spawn(process.execPath, parts, { cwd: root, env: jupyterEnvironment(),
    stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  return new Promise((resolve, reject) => {
    hub!.on('close', (code) => reject(new Error(`the hub ended (${code}): ${output}`)));
    hub!.stdout!.on('data', (text: Buffer) => {
      output += text.toString();
      const found = /http:\/\/127\.0\.0\.1:\d+\//.exec(output);
      if (found && output.includes('Ctrl-C')) resolve(found[0]);
    });
  });
}

describe.skipIf(size === 0)(`a class of ${size} on a hub`, () => {
  beforeAll(async () => {
    const released = await course.run('release');
    expect(released.code, released.output).toBe(0);
    url = await openHub();
  }, 600_000);

  afterAll(async () => {
    if (hub && hub.exitCode === null) {
      const closed = new Promise((resolve) => hub!.once('close', resolve));
      hub.kill('SIGTERM');
      await closed;
    }
    course.remove();
  }, 120_000);

  it('lets nobody in without the password', async () => {
    const page = await fetch(`${url}hub/login`);
    const token = /name="_xsrf" value="([^"]+)"/.exec(await page.text())![1]!;
    const cookie = page.headers.getSetCookie().map((each) => each.split(';')[0]).join('; ');
    const logIn = (secret: string, username = 'ada'): Promise<Response> =>
      fetch(`${url}hub/login`, { method: 'POST', headers: { cookie }, redirect: 'manual',
        body: new URLSearchParams({ username, password: secret, _xsrf: token }) });
    expect((await logIn('12345678')).status).toBe(403);
    expect((await logIn(password(), '../ada')).status).toBe(403);
    expect((await logIn(password())).status).toBe(302);
  });

  it('refuses one password for all on an address that others reach', () => {
    const trial = { class: course.folder, port: 8499, hubPort: 8498, apiPort: 8497,
      password: password() };
    const { status, stderr } = spawnSync(pythonOf(), [
      '-m',
      'jupyterhub',
      '--config',
      join(root, 'lib', 'course', 'hub', 'jupyterhub_config.py'),
      '--JupyterHub.bind_url=http://0.0.0.0:8499/',
      `--JupyterHub.db_url=sqlite:///${course.path('other.sqlite')}`,
    ], {
      cwd: course.folder,
      encoding: 'utf8',
      timeout: 60_000,
      env: { ...jupyterEnvironment(), COURSE_FOLDER: course.folder,
        COURSE_HUB_TRIAL: JSON.stringify(trial) },
    });
    expect(status).not.toBe(0);
    expect(stderr).toContain('one password for all is for a trial on 127.0.0.1 only');
  });

  it('fetches, runs, submits and is graded, all students at once', async () => {
    const names = Array.from({ length: size }, (_, n) => `student${n}`);
    const id = basename(course.folder);
    const students = Object.fromEntries(names.map((name, n) => {
      const { answers } = answersOf(n);
      const cells = Object.entries(answers).map(([cell, source]) => [`exercise-${cell}`, source]);
      return [name, Object.fromEntries(cells) as Record<string, string>];
    }));
    const probe = PROBE.replaceAll('ROOT', root).replaceAll('CLASS', course.folder)
      .replaceAll('ID', id);
    const plan = { url, password: password(), course: id, assignment: ASSIGNMENT,
      notebook: NOTEBOOK, students, probe, idle: 60 };
    const report = await asStudents(plan) as Report;
    writeFileSync(join(root, '.cache', 'logs', 'hub-class.json'), JSON.stringify(report, null, 1));

    const everyone = (value: readonly string[]): Record<string, readonly string[]> =>
      Object.fromEntries(names.map((name) => [name, value]));
    expect(report.status['fetch']).toEqual(everyone(['released', 'fetched']));
    expect(report.status['submit']).toEqual(everyone(['fetched', 'submitted']));
    expect(report.checks['student0']!['check-batch-of']).toMatch(/^right: /);
    expect(report.page).toContain('@jupyter/nbgrader:formgrader');
    expect(JSON.parse(report.probe)).toEqual({
      course: expect.stringMatching(/^EROFS/) as string,
      others: 'student0',
      gradebook: expect.stringMatching(/^ENOENT/) as string,
      password: expect.stringMatching(/^ENOENT/) as string,
      shadow: expect.stringMatching(/^ENOENT/) as string,
      release: expect.stringMatching(/^EROFS/) as string,
      processes: expect.any(Number) as number,
      progress: true,
    });
    expect((JSON.parse(report.probe) as { processes: number }).processes).toBeLessThan(10);
    print(report, names);

    const collected = await course.run('collect');
    expect(collected.code, collected.output).toBe(0);
    expect(collected.output).not.toContain('cheating');
    expect(readdirSync(course.path('submitted')).sort()).toEqual([...names].sort());
    const graded = await course.run('grade');
    expect(graded.code, graded.output).toBe(0);
    expect(await course.scores())
      .toEqual(Object.fromEntries(names.map((name, n) => [name, answersOf(n).points])));
    expect(existsSync(course.path('gradebook.db'))).toBe(true);

    const feedback = await course.run('feedback', '--release');
    expect(feedback.code, feedback.output).toBe(0);
    const pages = await asStudents({ ...plan, feedback: true }) as Record<string, string>;
    for (const [n, name] of names.entries())
      expect(pages[name]).toMatch(new RegExp(`<strong>${answersOf(n).points} of 18 points<`));
  }, 3 * 3600_000);
});

/** Runs hub_students.py; what it prints. */
async function asStudents(plan: object): Promise<unknown> {
  const driver = spawn(pythonOf(), [join(__dirname, 'hub_students.py')], {
    env: jupyterEnvironment(),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  driver.stdin.end(JSON.stringify(plan));
  const { code, output } = await finished(driver);
  expect(code, output).toBe(0);
  return JSON.parse(output);
}

function print(report: Report, names: readonly string[]): void {
  const of = (moment: string, what: keyof Usage): number[] =>
    names.map((name) => report.memory[moment]![name]![what]);
  const line = (what: string, values: readonly number[], unit: string): void =>
    console.log(
      `  ${what}: ${mean(values).toFixed(1)} ${unit} on average, `
        + `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`,
    );
  for (const [what, seconds] of Object.entries(report.wall)) {
    const own = names.map((name) => report.seconds[name]![what]!);
    line(`${what} (all after ${seconds} s)`, own, 's');
  }
  for (const moment of ['server', 'after the run']) {
    line(`${moment}, memory`, of(moment, 'pss'), 'MiB');
    line(`${moment}, of it private`, of(moment, 'own'), 'MiB');
    line(`${moment}, processor so far`, of(moment, 'seconds'), 's');
  }
  line('highest memory during the run', names.map((name) => report.peak[name]!), 'MiB');
  for (const what of ['pss', 'seconds'] as const)
    console.log(`  hub and proxy, ${what}: ${report.memory['after the run']!['the hub']![what]}`);
  line('idle, processor', names.map((name) => 1000 * report.idle[name]!), 'ms a second');
}
