/** Which kernel Jupyter would start for the notebooks: ours, a stock tslab, or none. */
import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { jupyterEnvironment, pythonOf, root } from './places.mjs';

/**
 * Asks as any Jupyter of .venv would, with the reader's own settings in force, as VS Code and
 * nbconvert do.
 */
const ask = `
import json
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
try:
    spec = KernelSpecManager().get_kernel_spec('tslab')
    print(json.dumps({'argv': spec.argv, 'folder': spec.resource_dir}))
except NoSuchKernel:
    print('null')
`;

/** @returns {string | undefined} what is wrong, as the end of a sentence */
export function kernelTrouble() {
  // Looking creates IPython's folder: in .cache, not in the home folder.
  const env = { ...process.env, IPYTHONDIR: jupyterEnvironment().IPYTHONDIR };
  const answer = spawnSync(pythonOf(), ['-c', ask], { encoding: 'utf8', env });
  if (answer.status !== 0) return 'the Python in .venv cannot look for kernels';
  /** @type {{ argv: string[], folder: string } | null} */
  const spec = JSON.parse(answer.stdout);
  if (!spec) return "the course's kernel is not registered in .venv";
  const own = join(realpathSync(root), 'lib', 'course', 'kernel') + sep;
  const launcher = spec.argv.find((part) => existsSync(part) && realpathSync(part).startsWith(own));
  if (!launcher)
    return `a kernel that is not the course's has taken its name tslab (${spec.folder})`;
  return existsSync(spec.argv[0]) ? undefined : `the kernel's Node is gone (${spec.argv[0]})`;
}
