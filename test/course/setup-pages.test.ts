import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installTemplate } from '../../lib/course/setup/nbconvert-template.mjs';
import { jupyterEnvironment, pythonOf, venv } from '../../lib/course/setup/paths.mjs';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJ'
  + 'RU5ErkJggg==';

test('an exported page says what is to be seen in a picture', () => {
  installTemplate(venv);
  const folder = mkdtempSync(join(tmpdir(), 'pages-'));
  const file = join(folder, 'x.ipynb');
  const output = { output_type: 'display_data', data: { 'image/png': PIXEL }, metadata: {
    'image/png': { width: 760, height: 300, alt: 'It falls from 3 to 1 & "stays".' },
  } };
  const cell = { cell_type: 'code', id: 'plot', metadata: {}, source: '', execution_count: 1,
    outputs: [output] };
  writeFileSync(
    file,
    JSON.stringify({ cells: [cell], metadata: {}, nbformat: 4, nbformat_minor: 5 }),
  );
  const { status, stderr } = spawnSync(
    pythonOf(),
    ['-m', 'nbconvert', '--to', 'html', file],
    { encoding: 'utf8', env: jupyterEnvironment(join(folder, 'jupyter')) },
  );
  expect(status, stderr).toBe(0);
  const page = readFileSync(join(folder, 'x.html'), 'utf8');
  rmSync(folder, { recursive: true });
  const [, alt] = /<img alt='([^']*)'/.exec(page) ?? [];
  expect(alt).toBe('It falls from 3 to 1 &amp; "stays".');
  expect(page).not.toContain('No description has been provided');
});
