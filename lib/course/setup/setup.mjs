/** `npm run setup`: checks every package and installs what is missing. */
import { install } from './install.mjs';
import { commandLine, runProgram } from './program.mjs';

void runProgram(async () => {
  commandLine({}, 'npm run setup     checks every package and installs what is missing');
  const start = Date.now();
  await install({ thorough: true });
  const seconds = ((Date.now() - start) / 1000).toFixed(1);
  console.log(`Everything is installed (${seconds} s). npm start opens the course.`);
});
