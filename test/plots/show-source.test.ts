import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { showSource } from '../../lib/index';

afterEach(() => vi.restoreAllMocks());

/** What it prints in plain Node. */
async function printed(file: string, name?: string): Promise<string> {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  await showSource(file, name);
  return log.mock.calls.join('\n');
}

describe('the source of the library in a notebook', () => {
  it('is a declaration with its comment and its place', async () => {
    const text = await printed('model/block', 'block');
    expect(text).toMatch(/^\/\/ lib\/model\/block\.ts, line \d+\n\/\*\* `x` \[batch, seq, width\]/);
    expect(text).toMatch(
      /mlp\(norm\(y, weights\.norm2, options\), weights\.mlp, options\)\);\n\}$/,
    );
    const line = Number(/line (\d+)/.exec(text)![1]);
    const file = readFileSync(join(__dirname, '..', '..', 'lib', 'model', 'block.ts'), 'utf8');
    expect(file.split('\n')[line - 1]).toMatch(/^\/\*\* `x` \[batch/);
  });

  it('is a method without the indentation of its class, a constant, or a whole file', async () => {
    const method = await printed('model/gpt', 'GPT.eval');
    expect(method.split('\n').slice(1)).toEqual([
      '/** Inference mode: dropout off, the same output at every call. Returns the model. */',
      'eval(): this {',
      '  this.training = false;',
      '  return this;',
      '}',
    ]);
    expect(await printed('model/config', 'RATES')).toContain('export const RATES = [');
    const whole = await printed('training/step');
    expect(whole).toMatch(/line 1\n\/\*\* One step of training[^]*export async function trainStep/);
  });

  it('is refused where it is not there', async () => {
    await expect(showSource('model/bloc')).rejects.toThrow(/no file model\/bloc\.ts/);
    await expect(showSource('model/block', 'blok')).rejects.toThrow(/declares no blok/);
    await expect(showSource('model/gpt', 'GPT.fly')).rejects.toThrow(/declares no GPT\.fly/);
    await expect(showSource('../package')).rejects.toThrow(/no file/);
    await expect(showSource(3 as never)).rejects.toThrow(/the file must be a text/);
  });
});
