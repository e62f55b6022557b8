/**
 * The Jupyter wire protocol 5.3: five ZeroMQ sockets and messages signed with the key of the
 * connection file. https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { readFileSync, writeSync } from 'node:fs';
import { Publisher, Reply, Router, type Socket } from 'zeromq';

export type Content = Record<string, unknown>;

export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

/** A request: `identities` are the addresses for its reply. */
export interface Request {
  readonly identities: Buffer[];
  readonly header: Header;
  readonly content: Content;
}

interface Connection {
  readonly transport: string;
  readonly ip: string;
  readonly key: string;
  readonly iopub_port: number;
  readonly shell_port: number;
  readonly control_port: number;
  readonly stdin_port: number;
  readonly hb_port: number;
}

/** Half of a surrogate pair. UTF-8 cannot encode it, so a notebook with it could not be saved. */
const HALF = /\p{Surrogate}/gu;

/** `part` as JSON, with U+FFFD in place of half a character, as in Node's own stdout. */
function json(part: object): string {
  const text = JSON.stringify(part);
  if (!text.includes('\\ud')) return text;
  const whole = (_: string, value: unknown): unknown =>
    typeof value === 'string' ? value.replace(HALF, '\ufffd') : value;
  return JSON.stringify(part, whole);
}

const DELIMITER = Buffer.from('<IDS|MSG>');

/**
 * Without a limit and without waiting, so that 20,000 messages of one tick are queued and not
 * refused.
 */
const UNLIMITED = { sendHighWaterMark: 0, sendTimeout: 0, linger: 1000 };

export class Wire {
  private readonly session = randomUUID();
  private readonly iopub = new Publisher(UNLIMITED);
  private readonly shell = new Router(UNLIMITED);
  private readonly control = new Router(UNLIMITED);
  private readonly stdin = new Router(UNLIMITED);
  private readonly heartbeat = new Reply();
  private readonly connection: Connection;

  /** Reads the connection file. {@link open} binds the sockets. @throws Error if it is invalid */
  constructor(connectionFile: string) {
    this.connection = JSON.parse(readFileSync(connectionFile, 'utf8')) as Connection;
    const { key, transport, shell_port: port } = this.connection;
    const known = transport === 'tcp' || transport === 'ipc';
    if (typeof key !== 'string' || !known || typeof port !== 'number')
      throw new Error(`${connectionFile} is not a Jupyter connection file with tcp or ipc`);
  }

  /** Binds the sockets and hands every request on shell and control to `receive`. */
  async open(receive: (request: Request, channel: 'shell' | 'control') => void): Promise<void> {
    const { ip, transport } = this.connection;
    const bind = (
      socket: Socket & { bind(address: string): Promise<void> },
      port: number,
    ): Promise<void> =>
      socket.bind(`${transport}://${ip}${transport === 'ipc' ? '-' : ':'}${port}`);
    await Promise.all([
      bind(this.iopub, this.connection.iopub_port),
      bind(this.shell, this.connection.shell_port),
      bind(this.control, this.connection.control_port),
      bind(this.stdin, this.connection.stdin_port),
      bind(this.heartbeat, this.connection.hb_port),
    ]);
    void this.listen(this.shell, (request) => receive(request, 'shell'));
    void this.listen(this.control, (request) => receive(request, 'control'));
    void this.beat();
  }

  /** Sends a message about `parent` to all clients. */
  publish(type: string, content: Content, parent: Header | undefined): void {
    this.send(this.iopub, [Buffer.from(type)], type, content, parent);
  }

  /** Answers a request on the channel it came from. */
  reply(request: Request, channel: 'shell' | 'control', type: string, content: Content): void {
    this.send(
      channel === 'shell' ? this.shell : this.control,
      request.identities,
      type,
      content,
      request.header,
    );
  }

  close(): void {
    for (const socket of [this.iopub, this.shell, this.control, this.stdin, this.heartbeat])
      socket.close();
  }

  private async listen(socket: Router, receive: (request: Request) => void): Promise<void> {
    for await (const frames of socket) {
      try {
        receive(this.parse(frames));
      } catch (error) {
        writeSync(2, `the kernel cannot answer a message: ${(error as Error).message}\n`);
      }
    }
  }

  private async beat(): Promise<void> {
    for await (const frames of this.heartbeat) await this.heartbeat.send(frames);
  }

  private parse(frames: Buffer[]): Request {
    const delimiter = frames.findIndex((frame) => frame.equals(DELIMITER));
    if (delimiter < 0) throw new Error('it has no delimiter');
    const [signature, ...parts] = frames.slice(delimiter + 1);
    const wanted = Buffer.from(this.sign(parts.slice(0, 4)));
    if (!signature || wanted.length !== signature.length || !timingSafeEqual(wanted, signature)) {
      throw new Error('its signature is wrong');
    }
    return {
      identities: frames.slice(0, delimiter),
      header: JSON.parse(String(parts[0])) as Header,
      content: JSON.parse(String(parts[3])) as Content,
    };
  }

  private send(
    socket: Publisher | Router,
    to: Buffer[],
    type: string,
    content: Content,
    parent?: Header,
  ): void {
    const header: Header = {
      msg_id: randomUUID(),
      msg_type: type,
      session: this.session,
      username: 'kernel',
      date: new Date().toISOString(),
      version: '5.3',
    };
    const parts = [header, parent ?? {}, {}, content].map((part) => Buffer.from(json(part)));
    if (socket.closed) return;
    socket.send([...to, DELIMITER, this.sign(parts), ...parts])
      .catch((error: unknown) => {
        writeSync(2, `the kernel cannot send ${type}: ${String(error)}\n`);
      });
  }

  private sign(parts: Buffer[]): string {
    if (this.connection.key === '') return '';
    const hmac = createHmac('sha256', this.connection.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }
}
