/** JupyterHub as a child process with its proxy, stopped together with all students' servers. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { jupyterEnvironment, pythonOf, root } from '../setup/paths.mjs';
import { Trouble } from '../setup/program.mjs';
import { pause, ServerProcess } from '../setup/server-process.mjs';

const settings = join(root, 'lib', 'course', 'hub', 'jupyterhub_config.py');

/** How long it may take to start, and to stop all servers. */
const START_MILLISECONDS = 120_000;
const STOP_MILLISECONDS = 60_000;

export class Hub extends ServerProcess {
  /**
   * @param {import('node:child_process').ChildProcess} child
   * @param {string} url
   * @param {string} log path of its log
   */
  constructor(child, url, log) {
    super(child, log);
    this.url = url;
  }

  /**
   * Starts it on loopback and waits until it answers.
   * @param {{ course: string, port: number, password: string }} options port: the first one tried
   * @throws {Trouble} when it ends before it answers, or does not answer in time, or when a hub of
   *   this course runs already
   */
  static async open({ course, port, password }) {
    refuseSecond(course);
    const free = await firstFree(port);
    const [hubPort, apiPort] = [await firstFree(0), await firstFree(0)];
    const trial = { class: course, port: free, hubPort, apiPort, password };
    const logFile = join(course, 'hub', 'hub.log');
    const log = openSync(logFile, 'w');
    const child = spawn(pythonOf(), ['-m', 'jupyterhub', '--config', settings], {
      cwd: join(course, 'hub'),
      env: {
        ...jupyterEnvironment(join(course, 'hub', 'jupyter')),
        COURSE_FOLDER: course,
        COURSE_NODE: process.execPath,
        COURSE_HUB_TRIAL: JSON.stringify(trial),
      },
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    writeFileSync(pidFile(course), String(child.pid));
    const hub = new Hub(child, `http://127.0.0.1:${free}/`, logFile);
    const died = hub.exit.then((code) => hub.trouble(`JupyterHub ended while starting (${code}).`));
    const trouble = await Promise.race([died, hub.answers()]);
    if (!trouble) return hub;
    await hub.stop();
    throw trouble;
  }

  async answers() {
    for (const end = Date.now() + START_MILLISECONDS; Date.now() < end; await pause(200)) {
      try {
        if ((await fetch(`${this.url}hub/health`)).ok) return undefined;
      } catch {
        // The proxy does not listen yet.
      }
    }
    return this.trouble(`JupyterHub did not answer within ${START_MILLISECONDS / 1000} s.`);
  }

  /**
   * Waits until it is stopped by Ctrl-C or a signal.
   * @throws {Trouble} when it ended by itself
   */
  async closed() {
    const close = () => {
      console.log('\nClosing the hub and the servers ...');
      void this.stop();
    };
    const { code, asked } = await this.ended(['SIGINT', 'SIGTERM', 'SIGHUP'], close);
    rmSync(join(dirname(this.log), 'hub.pid'), { force: true });
    if (!asked) throw this.trouble(`JupyterHub ended by itself (${code}).`);
  }

  /** Stops it with the proxy and the servers: by SIGTERM, finally by SIGKILL. */
  async stop() {
    this.kill('SIGTERM', { group: false }); // JupyterHub ends the others itself
    if (!(await this.endsWithin(STOP_MILLISECONDS))) this.kill('SIGKILL');
  }

  /** @param {string} message */
  trouble(message) {
    const next = `Read the lines above; the full log is ${this.log}.`;
    return new Trouble(message, next, this.lastLines());
  }
}

/** @param {string} course */
const pidFile = (course) => join(course, 'hub', 'hub.pid');

/** A second hub would end the proxy of the first, whose files it shares. @param {string} course */
function refuseSecond(course) {
  if (!existsSync(pidFile(course))) return;
  try {
    process.kill(Number(readFileSync(pidFile(course), 'utf8')), 0);
  } catch {
    return; // it has ended
  }
  throw new Trouble(
    `A hub of ${course} is running already.`,
    'Stop it with Ctrl-C, or name another folder with --course. If there is none, delete '
      + `${pidFile(course)}.`,
  );
}

/** The first free port from `wanted`; any free one for 0. @param {number} wanted */
async function firstFree(wanted) {
  for (let port = wanted; port < wanted + 100; port += 1) {
    const found = await new Promise((settle) => {
      const server = createServer();
      server.once('error', () => settle(undefined));
      server.listen(port, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => settle(typeof address === 'object' ? address?.port : undefined));
      });
    });
    if (found) return found;
  }
  throw new Trouble(`No port from ${wanted} is free.`, 'Name another one with --port.');
}
