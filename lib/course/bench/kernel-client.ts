/** A small Jupyter client that starts the kernel as Jupyter does, for measuring it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Dealer } from 'zeromq';
import type { Content } from '../kernel/wire';

const KEY = 'measured';

/** Ports that are free now. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

export class KernelClient {
  private readonly shell = new Dealer();

  private constructor(
    private readonly kernel: ChildProcess,
    private readonly folder: string,
    port: number,
  ) {
    this.shell.connect(`tcp://127.0.0.1:${port}`);
  }

  /** Starts the kernel for the notebooks in `cwd` and waits until it answers. */
  static async start(cwd: string): Promise<KernelClient> {
    const [shell = 0, iopub, control, stdin, hb] = await freePorts(5);
    const folder = mkdtempSync(path.join(tmpdir(), 'kernel-'));
    const connection = path.join(folder, 'connection.json');
    writeFileSync(
      connection,
      JSON.stringify({
        transport: 'tcp',
        ip: '127.0.0.1',
        key: KEY,
        signature_scheme: 'hmac-sha256',
        shell_port: shell,
        iopub_port: iopub,
        control_port: control,
        stdin_port: stdin,
        hb_port: hb,
      }),
    );
    const main = path.join(__dirname, '..', 'kernel', 'main.cjs');
    const client = new KernelClient(
      spawn(process.execPath, [main, connection], { cwd, stdio: 'inherit' }),
      folder,
      shell,
    );
    await client.ask('kernel_info_request', {});
    return client;
  }

  /** Runs a cell. @throws Error if the cell fails */
  async run(code: string): Promise<void> {
    const reply = await this.ask('execute_request', { code, silent: false, store_history: true });
    if (reply.status !== 'ok') throw new Error(`the cell failed: ${String(reply.evalue)}`);
  }

  async stop(): Promise<void> {
    await this.ask('shutdown_request', { restart: false });
    this.shell.close();
    if (this.kernel.exitCode === null) await once(this.kernel, 'exit');
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async ask(type: string, content: Content): Promise<Content> {
    const header = { msg_id: randomUUID(), msg_type: type, session: KEY, username: KEY, date: '',
      version: '5.3' };
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
    const hmac = createHmac('sha256', KEY);
    for (const part of parts) hmac.update(part);
    await this.shell.send(['<IDS|MSG>', hmac.digest('hex'), ...parts]);
    const frames = await this.shell.receive();
    return JSON.parse(String(frames.at(-1))) as Content;
  }
}
