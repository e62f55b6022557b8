/** What a hub is made of; hub-class.test.ts starts one, on request. */
import { spawnSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync,
  writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requirements, root } from '../../lib/course/setup/paths.mjs';

const hub = join(root, 'lib', 'course', 'hub');

/** The versions that a file pins, by package; several where they depend on the system. */
function pins(file: string): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [, name, version] = /^([\w.-]+)==([\w.]+)/.exec(line) ?? [];
    if (name && version) found.set(name, (found.get(name) ?? new Set()).add(version));
  }
  return found;
}

describe('the packages of the hub', () => {
  it('change no pin of the course and of assignments', () => {
    const own = pins(join(hub, 'requirements.txt'));
    expect([...own.keys()]).toContain('jupyterhub');
    for (const file of [requirements, join(requirements, '..', 'requirements-assignments.txt')]) {
      for (const [name, versions] of pins(file))
        if (own.has(name)) expect(own.get(name), name).toEqual(versions);
    }
  });

  it('have the proxy in exactly one version, apart from the course', () => {
    const read = (file: string): Record<string, Record<string, unknown>> =>
      JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, unknown>>;
    const name = 'configurable-http-proxy';
    const wanted = read(join(hub, 'proxy', 'package.json'))['dependencies']![name];
    const { packages } = read(join(hub, 'proxy', 'package-lock.json'));
    expect(packages![`node_modules/${name}`]).toMatchObject({ version: wanted });
    expect(read(join(root, 'package-lock.json'))['packages']).not.toHaveProperty(
      `node_modules/${name}`,
    );
  });
});

describe("a student's folder", () => {
  const make = (folder: string, home: string): void => {
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(hub, 'student-folder.mjs'), folder],
      { encoding: 'utf8', env: { ...process.env, HOME: home, JUPYTER_CONFIG_DIR: undefined } },
    );
    expect(status, stderr).toBe(0);
  };

  it('has copies, links to the shared course, and keeps what the student made', () => {
    const home = mkdtempSync(join(tmpdir(), 'student-'));
    const folder = join(home, 'work');
    make(folder, home);
    expect(readlinkSync(join(folder, 'lib'))).toBe(join(root, 'lib'));
    expect(readdirSync(join(folder, 'my-notebooks')).length)
      .toBe(readdirSync(join(root, 'notebooks')).filter((name) => name.endsWith('.ipynb')).length);
    expect(readFileSync(join(home, '.jupyter', 'custom', 'custom.css'), 'utf8')).not.toBe('');

    // the next start, after the student has worked and the course was moved
    const [copy = ''] = readdirSync(join(folder, 'my-notebooks'));
    writeFileSync(join(folder, 'my-notebooks', copy), 'mine');
    rmSync(join(folder, 'README.md'));
    writeFileSync(join(folder, 'README.md'), 'mine');
    rmSync(join(folder, 'lib'));
    symlinkSync('/gone/lib', join(folder, 'lib'));
    make(folder, home);
    expect(readFileSync(join(folder, 'my-notebooks', copy), 'utf8')).toBe('mine');
    expect(readFileSync(join(folder, 'README.md'), 'utf8')).toBe('mine');
    expect(lstatSync(join(folder, 'README.md')).isSymbolicLink()).toBe(false);
    expect(readlinkSync(join(folder, 'lib'))).toBe(join(root, 'lib'));
    rmSync(home, { recursive: true });
  });
});
