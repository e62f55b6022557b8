import { spawnSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync,
  symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeWhole, writeWholeSync } from '../../lib/base/write-file';

let folder: string;
const file = (): string => join(folder, 'text');
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'write-'));
  writeFileSync(file(), 'old');
});
afterEach(() => rmSync(folder, { recursive: true }));

const LIMITED = `
const { writeWhole, writeWholeSync } = require(${
  JSON.stringify(join(__dirname, '../../lib/base/write-file.ts'))
});
const parts = Array.from({ length: 8 }, () => new Uint8Array(16 * 1024).fill(65));
writeWhole(process.argv[1], parts).catch((error) => console.log(error.message)).then(() =>
  writeWholeSync(process.argv[1], 'A'.repeat(128 * 1024))
).catch((error) => console.log(error.message));`;

/** What a process says that writes 128 KiB over `path` and may write 64 KiB. */
function overLimit(path: string): string {
  const node = `exec "${process.execPath}" -r tsx/cjs -e "$CODE" "$FILE"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', `ulimit -f 64; ${node}`], {
    encoding: 'utf8',
    env: { ...process.env, CODE: LIMITED, FILE: path, TSX_DISABLE_CACHE: '1' },
  });
  return stdout + stderr;
}

describe('a file is written whole', () => {
  it('in place of the old one, from texts and bytes', async () => {
    await writeWhole(file(), ['new ', new Uint8Array([65, 66])]);
    expect(readFileSync(file(), 'utf8')).toBe('new AB');
    writeWholeSync(file(), 'new Ä');
    expect(readFileSync(file(), 'utf8')).toBe('new Ä');
    expect(readdirSync(folder)).toEqual(['text']);
  });

  it.skipIf(process.platform === 'win32')('or not at all, on a full disk', () => {
    const line =
      'text could not be written: the file would be too large (EFBIG); what was there is unchanged';
    expect(overLimit(file()).split('\n')).toEqual([
      expect.stringContaining(line),
      expect.stringContaining(line),
      '',
    ]);
    expect(readFileSync(file(), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['text']);
  });

  it('or not at all, where a part cannot be made', async () => {
    function* parts(): Generator<string> {
      yield 'new';
      throw new Error('no more');
    }
    await expect(writeWhole(file(), parts())).rejects.toThrow('text could not be written: no more');
    expect(readFileSync(file(), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['text']);
  });

  it('and the error says that there is no such folder', async () => {
    await expect(writeWhole(join(folder, 'no', 'text'), ['new'])).rejects.toThrow(
      'there is no such folder (ENOENT)',
    );
  });

  // root may write into every file
  it.skipIf(process.getuid?.() === 0)('but not over one that is protected', async () => {
    chmodSync(file(), 0o444);
    await expect(writeWhole(file(), ['new'])).rejects.toThrow('permission is denied (EACCES)');
    expect(readFileSync(file(), 'utf8')).toBe('old');
  });

  it('where a link points to', async () => {
    const link = join(folder, 'link');
    symlinkSync(file(), link);
    await writeWhole(link, ['new']);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(file(), 'utf8')).toBe('new');
  });

  it('and what a killed process left is removed, but not what a running one writes', async () => {
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(join(folder, `.text.${dead}-0.unfinished`), 'ne');
    writeFileSync(join(folder, `.text.${process.ppid}-0.unfinished`), 'ne');
    mkdirSync(join(folder, `.other.${dead}-0.unfinished`));
    await writeWhole(file(), ['new']);
    expect(readdirSync(folder).sort()).toEqual([
      `.other.${dead}-0.unfinished`,
      `.text.${process.ppid}-0.unfinished`,
      'text',
    ]);
    expect(statSync(file()).size).toBe(3);
  });
});
