import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { cache, jupyterEnvironment } from '../../lib/course/setup/paths.mjs';

afterEach(() => {
  vi.unstubAllEnvs();
});

// `npm start` and `npm test` use the default folder, the runner of the notebooks its own one.
test.each([undefined, join(cache, 'execute-1')])(
  'Jupyter programs see no packages, settings or kernels of another Python (folder %s)',
  (folder) => {
    const foreign = ['PYTHONPATH', 'PYTHONHOME', 'JUPYTER_PATH', 'JUPYTER_CONFIG_PATH'];
    for (const name of foreign) vi.stubEnv(name, '/somewhere/else');
    const environment = jupyterEnvironment(folder);
    for (const name of foreign) expect(environment[name]).toBeUndefined();
    expect(environment['PATH']).toBe(process.env['PATH']);
  },
);

test('all folders of Jupyter and IPython are inside the given one', () => {
  const environment = jupyterEnvironment(join(cache, 'own'));
  const folders = Object.entries(environment).filter(([name]) =>
    /^(JUPYTER|IPYTHON)\w*DIR$/.test(name)
  );
  expect(folders).toHaveLength(6);
  for (const [, folder] of folders) expect(folder?.startsWith(join(cache, 'own'))).toBe(true);
});
