/**
 * What a reader does first: `npm start` until the course is open, then Ctrl-C. Fails if it does not
 * open, does not answer, or does not end.
 */
import { spawn, spawnSync } from 'node:child_process';

const windows = process.platform === 'win32';
const ADDRESS = /(http:\/\/127\.0\.0\.1:\d+\/lab\S*)\s/;
const MINUTES = 10; // the first start installs everything

/** @type {import('node:child_process').SpawnOptions} */
const options = {
  detached: !windows, // a group of its own: a Ctrl-C to it does not end this program
  stdio: ['ignore', 'pipe', 'inherit'],
};
const course = windows
  ? spawn('npm start -- --no-browser', { ...options, shell: true }) // npm is a batch file there
  : spawn('npm', ['start', '--', '--no-browser'], options);
/** Resolves once no process holds its output any more. npm passes Ctrl-C on and ends itself. */
const ended = new Promise((resolve) => course.on('close', resolve));
const late = setTimeout(() => {
  console.log(`Not open and closed after ${MINUTES} minutes.`);
  stop('SIGKILL');
  process.exitCode = 1;
}, MINUTES * 60_000);

/**
 * Sends a signal to the whole group, as a terminal does with Ctrl-C; ends it by force on Windows,
 * which has no such signal.
 * @param {NodeJS.Signals} signal
 */
function stop(signal) {
  if (windows) spawnSync('taskkill', ['/pid', String(course.pid), '/t', '/f']);
  else process.kill(-Number(course.pid), signal);
}

let printed = '';
let asked = false;
course.stdout.on('data', async (text) => {
  process.stdout.write(text);
  printed += text;
  const [, address] = ADDRESS.exec(printed) ?? [];
  if (!address || asked) return;
  asked = true;
  const { status } = await fetch(address);
  console.log(`The address answers with ${status}.`);
  if (status !== 200) process.exitCode = 1;
  stop('SIGINT');
});

await ended;
clearTimeout(late);
if (!asked) console.log('It ended before it was open.');
const closed = windows || printed.includes('The course is closed.');
if (asked && !closed) console.log('It did not say that it closed.');
if (!asked || !closed) process.exitCode = 1;
