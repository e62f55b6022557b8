/**
 * A Hugging Face hub on loopback with one model: the three addresses that a download uses
 * (revision, tree, resolve), large files behind a redirect to a store, as on the real hub. It can
 * cut connections, send wrong bytes and leave out checksums.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export class FakeHub {
  /** Method and path of each request, in order. */
  readonly requests: string[] = [];
  readonly id = 'tide-pool/tiny-gpt2';
  readonly commit = '0123456789abcdef0123456789abcdef01234567';
  /** Path → after how many bytes of a body the connection is cut, each time. */
  readonly cuts = new Map<string, number>();
  /** Path → what is sent in place of the file; the listed checksum stays that of the file. */
  readonly wrong = new Map<string, Buffer>();
  listsChecksums = true;
  ignoresRanges = false;
  status = 200;
  private readonly server: Server;

  private constructor(readonly files: Map<string, Buffer>) {
    this.server = createServer((request, response) => this.answer(request, response));
  }

  static async start(files: Map<string, Buffer>): Promise<FakeHub> {
    const hub = new FakeHub(files);
    await new Promise<void>((resolve) => hub.server.listen(0, '127.0.0.1', resolve));
    return hub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url!, this.url);
    this.requests.push(`${request.method} ${pathname}`);
    const api = `/api/models/${this.id}`;
    const resolve = `/${this.id}/resolve/${this.commit}/`;
    if (this.status !== 200) {
      fail(response, this.status, 'not available');
    } else if (pathname.startsWith('/store/')) {
      this.send(decodeURIComponent(pathname.slice(7)), request, response);
    } else if (
      pathname === `${api}/revision/main` || pathname === `${api}/revision/${this.commit}`
    ) {
      json(response, { _id: '1', id: this.id, sha: this.commit, private: false, downloads: 1,
        likes: 1 });
    } else if (pathname.startsWith(`${api}/revision/`)) {
      fail(response, 404, 'Invalid rev id', 'RevisionNotFound');
    } else if (pathname === `${api}/tree/${this.commit}`) {
      json(response, [...this.files].map(([path, bytes]) => this.entry(path, bytes)));
    } else if (pathname.startsWith(resolve)) {
      this.resolve(pathname.slice(resolve.length), request, response);
    } else {
      fail(response, 404, 'Repository not found', 'RepoNotFound');
    }
  }

  private entry(path: string, bytes: Buffer): object {
    const entry = { type: 'file', path, size: bytes.length };
    if (!this.listsChecksums) return entry;
    const pointer = { ...entry, oid: gitHash(bytes) };
    return isLarge(path)
      ? { ...pointer, lfs: { oid: sha256(bytes), size: bytes.length, pointerSize: 130 } }
      : pointer;
  }

  private resolve(path: string, request: IncomingMessage, response: ServerResponse): void {
    const bytes = this.files.get(path);
    if (!bytes) {
      fail(response, 404, 'Entry not found', 'EntryNotFound');
    } else if (isLarge(path)) {
      response.writeHead(302, { location: `/store/${path}`, 'x-linked-etag': `"${sha256(bytes)}"`,
        'x-linked-size': bytes.length }).end();
    } else {
      this.send(path, request, response);
    }
  }

  private send(path: string, request: IncomingMessage, response: ServerResponse): void {
    const bytes = this.wrong.get(path) ?? this.files.get(path)!;
    const headers = { etag: `"${gitHash(bytes)}"`, 'content-type': 'application/octet-stream' };
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const ranged = range && !(this.ignoresRanges && range[0] !== 'bytes=0-0');
    const [from, to] = ranged ? [Number(range[1]), Number(range[2]) + 1] : [0, bytes.length];
    const body = bytes.subarray(from, to);
    response.writeHead(ranged ? 206 : 200, {
      ...headers,
      'content-length': body.length,
      ...ranged && { 'content-range': `bytes ${from}-${to - 1}/${bytes.length}` },
    });
    const cut = this.cuts.get(path);
    if (cut === undefined || body.length <= cut) response.end(body);
    else response.write(body.subarray(0, cut), () => setTimeout(() => response.destroy(), 20));
  }
}

const isLarge = (path: string): boolean => path.endsWith('.safetensors') || path.endsWith('.bin');
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const gitHash = (bytes: Buffer): string =>
  createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function fail(response: ServerResponse, status: number, error: string, code = 'Other'): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-error-code': code }).end(
    JSON.stringify({ error }),
  );
}
