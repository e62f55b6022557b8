/** The modules that fit figures to their page, as the one script that pages hold. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { expect, test } from 'vitest';
import { fittingScript } from '../../lib/course/fitting/script.mjs';

const folder = join(__dirname, '..', '..', 'lib', 'course', 'fitting');

test('the script holds every module, and none of its imports or exports', () => {
  // an import or an export that is left is a SyntaxError
  expect(() => new Script(fittingScript)).not.toThrow();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.js'))) {
    const [comment] = /^\/\*\*[^]*?\*\//.exec(readFileSync(join(folder, file), 'utf8'))!;
    expect(fittingScript, file).toContain(comment);
  }
});

test('each module stands after those that it imports', () => {
  const at = (file: string): number =>
    fittingScript.indexOf(/^\/\*\*[^]*?\*\//.exec(readFileSync(join(folder, file), 'utf8'))![0]);
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.js'))) {
    const text = readFileSync(join(folder, file), 'utf8');
    for (const [, other] of text.matchAll(/from '\.\/([^']*)'/g))
      expect(at(other!), `${file} imports ${other}`).toBeLessThan(at(file));
  }
});
