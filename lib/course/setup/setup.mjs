/** `npm run setup`: installs what is missing, after looking at every package. */
import { install } from './install.mjs';
import { program } from './trouble.mjs';

program(async () => {
  const start = Date.now();
  await install({ thorough: true });
  console.log(
    `Everything is installed (${
      ((Date.now() - start) / 1000).toFixed(1)
    } s). npm start opens the course.`,
  );
});
