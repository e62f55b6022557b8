/**
 * The course's translator in papermill: an entry point in the Python environment of the repository,
 * written as an editable installation by pip would write it, which would need a build tool.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync,
  writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KERNEL_NAME } from './jupyter-kernel.mjs';
import { jupyterEnvironment, pythonOf, root } from './paths.mjs';

/** The name of the installed distribution, of its Python module, and of papermill's engine. */
const DISTRIBUTION = 'course_papermill';

/**
 * Where the packages of a Python environment are.
 * @param {string} venv absolute path of the Python environment
 */
export function packagesOf(venv) {
  const windows = join(venv, 'Lib', 'site-packages');
  if (existsSync(windows)) return windows;
  const [python] = readdirSync(join(venv, 'lib')).filter((name) => /^python3/.test(name));
  return join(venv, 'lib', python ?? '', 'site-packages');
}

/**
 * Registers the translator in the environment `venv`, unless it is registered already.
 * @param {string} course absolute path of the repository
 * @param {string} venv absolute path of the Python environment
 */
export function installTranslator(course, venv) {
  const info = `${DISTRIBUTION}-1.dist-info`;
  const files = {
    [`${DISTRIBUTION}.pth`]: join(course, 'lib', 'course', 'papermill'),
    [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${DISTRIBUTION}\nVersion: 1`,
    [`${info}/RECORD`]: `${DISTRIBUTION}.pth,,\n${info}/METADATA,,\n${info}/RECORD,,\n`
      + `${info}/entry_points.txt,,`,
    // Last: papermill reads this one, and then needs the others.
    [`${info}/entry_points.txt`]:
      `[papermill.engine]\n${DISTRIBUTION} = ${DISTRIBUTION}:CourseEngine`,
  };
  for (const [name, line] of Object.entries(files)) {
    const file = join(packagesOf(venv), ...name.split('/'));
    const text = `${line}\n`;
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    mkdirSync(dirname(file), { recursive: true });
    // A papermill that starts meanwhile reads the old file or the new one.
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, text);
    renameSync(unfinished, file);
  }
}

/** Prints the file of the translator that papermill uses for the notebooks, or why it has none. */
const query = `
import inspect
try:
    from papermill.translators import papermill_translators
    print(inspect.getfile(papermill_translators.find_translator('${KERNEL_NAME}', 'typescript')))
except Exception as error:
    print(error)
`;

/**
 * Whether papermill finds the course's translator, so that it can set parameters.
 * @returns {string | undefined} what is wrong, as the end of a sentence
 */
export function translatorTrouble() {
  const options = /** @type {const} */ ({ encoding: 'utf8', env: jupyterEnvironment() });
  const found = spawnSync(pythonOf(), ['-c', query], options).stdout.trim();
  const own = join(root, 'lib', 'course', 'papermill', `${DISTRIBUTION}.py`);
  if (existsSync(found) && realpathSync(found) === realpathSync(own)) return undefined;
  return `papermill does not find the course's translator (${found.split('\n').pop()})`;
}
