/**
 * `npm run doctor`: what is wrong with the set-up and how to mend it. Changes nothing; exit code 1
 * if there is.
 */
import { diagnose } from './diagnosis.mjs';
import { program } from './trouble.mjs';

const signs = { good: 'ok   ', note: 'note ', wrong: 'WRONG' };

program(async () => {
  let wrong = 0;
  for await (const { state, finding, remedy } of diagnose()) {
    if (state === 'wrong') wrong += 1;
    console.log(`${signs[state]} ${finding}`);
    if (remedy) console.log(`      ${remedy}`);
  }
  console.log(wrong ? `\n${wrong} to mend.` : '\nAll is well: npm start opens the course.');
  return wrong ? 1 : 0;
});
