/**
 * `npm run hub`: a JupyterHub for a class on this machine alone, to try the road from logging in to
 * scores. README.md in this folder says what a real class needs beside it.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeCourse } from '../assignments/course-folder.mjs';
import { install } from '../setup/install.mjs';
import { cellTrouble } from '../setup/jupyter-kernel.mjs';
import { installHubPackages } from '../setup/optional-packages.mjs';
import { root } from '../setup/paths.mjs';
import { commandLine, portFrom, runProgram, Trouble } from '../setup/program.mjs';
import { step } from '../setup/steps.mjs';
import { Hub } from './hub.mjs';
import { installProxy } from './proxy-packages.mjs';

const USAGE = `npm run hub                     starts a JupyterHub on this machine, as a trial
npm run hub -- --port 9000      tries this port first (by default 8000)
npm run hub -- --course FOLDER  for this course's folder (by default my-course)
lib/course/hub/README.md says how a class uses it, and what a real one needs.`;

void runProgram(async () => {
  const { values } = commandLine(
    { options: { port: { type: 'string' }, course: { type: 'string' } } },
    USAGE,
  );
  const port = portFrom(values.port, 8000, USAGE);
  if (process.platform === 'win32') {
    throw new Trouble(
      'JupyterHub does not run on Windows.',
      'Start it on Linux or macOS, or in the Windows Subsystem for Linux.',
    );
  }
  await install();
  await installHubPackages();
  await installProxy();
  const course = resolve(process.env['INIT_CWD'] ?? '.', values.course ?? join(root, 'my-course'));
  makeCourse(course);
  await step('Trying the kernel, which fills the cache that students only read', async () => {
    const trouble = cellTrouble();
    if (trouble)
      throw new Trouble(`${trouble.finding}.`, 'npm run doctor says more.', trouble.details);
  });
  const password = passwordOf(join(course, 'hub'));
  const hub = await Hub.open({ course, port, password });
  console.log(`\nThe hub is open, on this machine only:\n\n  ${hub.url}\n
Log in with any name, the student's id in the grade book, and the password ${password}
(it is in ${join(course, 'hub', 'password')}). Whoever knows it can be anyone: this is a trial.
The log is ${hub.log}. Ctrl-C stops the hub and all servers.`);
  await hub.closed();
  console.log('The hub is closed.');
});

/** The password of the trial, made once. @param {string} folder of the hub's files */
function passwordOf(folder) {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'password');
  if (!existsSync(file)) writeFileSync(file, randomBytes(9).toString('base64url'), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}
