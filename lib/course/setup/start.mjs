/** `npm start`: installs what is missing, opens the course in JupyterLab, serves the explainer. */
import { makeCopies } from '../copies/working-copies.mjs';
import { ExplainerProcess } from './explainer.mjs';
import { install } from './install.mjs';
import { DEFAULT_PORT, Lab } from './jupyterlab.mjs';
import { commandLine, portFrom, runProgram } from './program.mjs';

const USAGE = `npm start                     installs what is missing and opens the course
npm start -- --no-browser     only prints the address
npm start -- --port 9000      tries this port first`;

void runProgram(async () => {
  const { browser, port } = options();
  const start = Date.now();
  await install();
  const { made, states } = makeCopies();
  if (made.length > 0)
    console.log(`${made.length} notebooks copied into my-notebooks/, without outputs.`);
  const view = ['my-notebooks', ...states.slice(0, 1).map(({ name }) => name)].join('/');
  const lab = await Lab.open({ browser, port, view });
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  const wanted = lab.port === port ? '' : ` (port ${port} is taken)`;
  console.log(`\nThe course is open after ${seconds} s${wanted}:\n\n  ${lab.url}\n`);
  for (const { name, broken, newer } of states) {
    const what = broken ? 'cannot be read' : newer ? 'has a newer version' : '';
    if (what) console.log(`${name} ${what}: npm run my-notebooks -- reset ${name.slice(0, 4)}`);
  }
  console.log('Ctrl-C stops it.');
  const explainer = startExplainer();
  try {
    await lab.closed(['SIGINT', 'SIGTERM', 'SIGHUP']);
  } finally {
    await explainer?.stop();
  }
  console.log('The course is closed.');
});

/** The explainer, or a line why there is none: JupyterLab, which runs already, must go on. */
function startExplainer() {
  try {
    return ExplainerProcess.start();
  } catch (error) {
    console.log(`The explainer is not there: ${/** @type {Error} */ (error).message}.`);
    return undefined;
  }
}

/** @throws {Trouble} for an unknown option, or an invalid port */
function options() {
  const { values } = commandLine({
    options: { 'no-browser': { type: 'boolean' }, port: { type: 'string' } },
  }, USAGE);
  return { browser: !values['no-browser'], port: portFrom(values.port, DEFAULT_PORT, USAGE) };
}
