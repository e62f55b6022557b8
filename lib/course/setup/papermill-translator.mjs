/**
 * The course's translator in papermill: an entry point in the Python environment of the repository,
 * written as an editable installation by pip would write it, which would need a build tool.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync,
  writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The name of the installed distribution, of its Python module, and of papermill's engine. */
export const DISTRIBUTION = 'course_papermill';

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
