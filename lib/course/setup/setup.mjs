/** `npm run setup`: checks every package and installs what is missing. */
import { installAssignmentPackages } from './assignment-packages.mjs';
import { install } from './install.mjs';
import { commandLine, runProgram } from './program.mjs';

const USAGE = `npm run setup                     checks every package and installs what is missing
npm run setup -- --assignments    also nbgrader, for npm run assignment`;

void runProgram(async () => {
  const { values } = commandLine({ options: { assignments: { type: 'boolean' } } }, USAGE);
  const start = Date.now();
  await install({ thorough: true });
  if (values.assignments) await installAssignmentPackages({ thorough: true });
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  console.log(`Everything is installed (${seconds} s). npm start opens the course.`);
});
