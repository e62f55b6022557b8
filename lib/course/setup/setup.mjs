/** `npm run setup`: checks every package and installs what is missing. */
import { installProxy } from '../hub/proxy-packages.mjs';
import { installAssignmentPackages, installHubPackages } from './optional-packages.mjs';
import { install } from './install.mjs';
import { commandLine, runProgram } from './program.mjs';

const USAGE = `npm run setup                     checks every package and installs what is missing
npm run setup -- --assignments    also nbgrader, for npm run assignment
npm run setup -- --hub            also JupyterHub, for npm run hub`;

void runProgram(async () => {
  const { values } = commandLine(
    { options: { assignments: { type: 'boolean' }, hub: { type: 'boolean' } } },
    USAGE,
  );
  const start = Date.now();
  await install({ thorough: true });
  if (values.assignments) await installAssignmentPackages({ thorough: true });
  if (values.hub) {
    await installHubPackages({ thorough: true });
    await installProxy();
  }
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  console.log(`Everything is installed (${seconds} s). npm start opens the course.`);
});
