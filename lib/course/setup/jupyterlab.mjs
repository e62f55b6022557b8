/**
 * JupyterLab as a child process: started on loopback with a token, and stopped together with its
 * kernels.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, copyFileSync, mkdirSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { KERNEL_NAME } from './jupyter-kernel.mjs';
import { TEMPLATE } from './nbconvert-template.mjs';
import { jupyterEnvironment, jupyterFolder, pythonOf, root } from './paths.mjs';
import { Trouble } from './program.mjs';
import { pause, ServerProcess } from './server-process.mjs';

const styleSheet = join(root, 'lib', 'course', 'setup', 'jupyterlab.css');

/** Jupyter's usual port. */
export const DEFAULT_PORT = 8888;

/** A running JupyterLab. */
export class Lab extends ServerProcess {
  /**
   * @param {import('node:child_process').ChildProcess} child
   * @param {string} token
   * @param {string} log path of its log
   * @param {string} view what it opens with
   */
  constructor(child, token, log, view) {
    super(child, log);
    this.token = token;
    this.view = view;
    this.server = '';
  }

  /**
   * Starts JupyterLab and waits until it answers.
   * @param {{ browser: boolean, port: number, folder?: string, own?: string,
   *   view?: string }} options
   *   port: the first that is tried; folder: what it shows; own: the folder of its settings and its
   *   log; view: the file or folder that it opens with, inside `folder`
   * @throws {Trouble} when it ends before it answers, or does not answer within a minute
   */
  static async open({ browser, port, folder = root, own = jupyterFolder, view = 'notebooks' }) {
    const token = randomBytes(24).toString('hex');
    /** @type {NodeJS.ProcessEnv} */
    const env = { ...jupyterEnvironment(own), JUPYTER_TOKEN: token };
    const runtime = String(env['JUPYTER_RUNTIME_DIR']);
    mkdirSync(runtime, { recursive: true, mode: 0o700 });
    const styles = join(String(env['JUPYTER_CONFIG_DIR']), 'custom');
    mkdirSync(styles, { recursive: true });
    copyFileSync(styleSheet, join(styles, 'custom.css'));
    const logFile = join(own, 'jupyterlab.log');
    const log = openSync(logFile, 'w');
    const child = spawn(pythonOf(), labArguments(browser, port, folder, view), {
      cwd: root,
      env,
      stdio: ['ignore', log, log],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    closeSync(log);
    const lab = new Lab(child, token, logFile, view);
    const died = lab.exit.then((code) => lab.trouble(`JupyterLab ended while starting (${code}).`));
    const trouble = await Promise.race([died, lab.answers(runtime)]);
    if (!trouble) return lab;
    await lab.stop();
    throw trouble;
  }

  get port() {
    return Number(new URL(this.server).port);
  }

  /** The address for the browser. */
  get url() {
    return `${this.server}lab/tree/${this.view}?token=${this.token}`;
  }

  /**
   * Jupyter writes its address, with the port that it found free, into a file of its runtime
   * folder.
   * @param {string} runtime
   */
  async answers(runtime) {
    for (const end = Date.now() + 60_000; Date.now() < end; await pause(100)) {
      this.server ||= addressIn(runtime, this.token);
      if (this.server && (await this.ask('api/status', 'GET'))) return undefined;
    }
    return this.trouble('JupyterLab did not answer within 60 s.');
  }

  /**
   * @param {string} path
   * @param {'GET' | 'POST'} method
   */
  async ask(path, method) {
    try {
      const options = { method, headers: { Authorization: `token ${this.token}` },
        signal: AbortSignal.timeout(5000) };
      return (await fetch(this.server + path, options)).ok;
    } catch {
      return false;
    }
  }

  /**
   * Waits until JupyterLab is shut down from its menu, or by one of `signals`.
   * @param {readonly NodeJS.Signals[]} signals
   * @throws {Trouble} when it ended by itself with an error
   */
  async closed(signals) {
    const close = () => {
      console.log('\nClosing JupyterLab and its kernels ...');
      void this.stop();
    };
    const { code, asked } = await this.ended(signals, close, () => this.kill('SIGKILL'));
    if (!asked && code !== 0) throw this.trouble(`JupyterLab ended by itself (${code}).`);
  }

  /** Closes it and its kernels: by a request, then by SIGTERM, finally by SIGKILL. */
  async stop() {
    const isAsked = this.server && (await this.ask('api/shutdown', 'POST'));
    if (isAsked && (await this.endsWithin(10_000))) return;
    this.kill('SIGTERM');
    if (await this.endsWithin(8000)) return;
    this.kill('SIGKILL');
  }

  /** @param {string} message */
  trouble(message) {
    const log = relative(root, this.log);
    return new Trouble(message, `Run npm run doctor; the full log is ${log}.`, this.lastLines());
  }
}

/**
 * @param {boolean} browser
 * @param {number} port
 * @param {string} folder
 * @param {string} view
 */
function labArguments(browser, port, folder, view) {
  const mayRun = process.getuid?.() === 0 ? ['--allow-root'] : [];
  return [
    '-m',
    'jupyterlab',
    '-y',
    ...mayRun,
    ...(browser ? [] : ['--no-browser']),
    '--ServerApp.ip=127.0.0.1',
    `--ServerApp.port=${port}`,
    '--ServerApp.port_retries=100',
    // The whole repository is shown, so that lib is one click away.
    `--ServerApp.root_dir=${folder}`,
    `--LabApp.default_url=/lab/tree/${view}`,
    '--LabApp.extension_manager=readonly',
    '--LabApp.custom_css=True',
    // Only the course's kernel, so that no notebook is opened with a wrong one.
    `--MappingKernelManager.default_kernel_name=${KERNEL_NAME}`,
    '--KernelSpecManager.ensure_native_kernel=False',
    `--KernelSpecManager.allowed_kernelspecs=${KERNEL_NAME}`,
    `--HTMLExporter.template_name=${TEMPLATE}`,
  ];
}

/**
 * @param {string} runtime
 * @param {string} token
 */
function addressIn(runtime, token) {
  for (const name of readdirSync(runtime).filter((file) => /^jpserver-\d+\.json$/.test(file))) {
    try {
      const info = JSON.parse(readFileSync(join(runtime, name), 'utf8'));
      if (info.token === token) return String(info.url);
    } catch {
      // Half written: the next attempt reads all of it.
    }
  }
  return '';
}
