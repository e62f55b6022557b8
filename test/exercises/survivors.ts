/**
 * Changes to solutions that the checks accept, by exercise and mutation, each with the reason why
 * the changed solution is right as well.
 */
export const SURVIVORS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '16.1.3': {
    '5: 0 → 1': 'any token may be filled in, since no position that counts reads it',
  },
  '16.2.2': {
    '6: 3 → 4': 'any word that differs from the old one will do',
  },
  '16.2.4': {
    '4: 1 → 2': 'the last but one number of each curve lies on the same side of every limit',
    '5: < → <=': 'no curve ends at exactly this limit',
    '6: < → <=': 'no curve ends at exactly this limit',
    '7: < → <=': 'no curve ends at exactly this limit',
    '8: < → <=': 'no curve ends at exactly this limit',
    '8: 2 → 3':
      'the two kinds of curves end at 1.2 and 3.3, and the limit may lie anywhere between',
  },
  '16.3.2': {
    '9: 1 → 2': 'the first of the two most probable tokens is the most probable one',
  },
  '16.4.3': {
    '5: 0 → 1': 'token 0 is the padding, which the model never writes',
    '5: < → <=': 'the sum of all probabilities exceeds the number before the loop ends',
    '7: > → >=': 'the sum is never exactly the random number',
    '9: - → +': 'the sum of all probabilities exceeds the number before this line',
    '9: 1 → 2': 'the sum of all probabilities exceeds the number before this line',
  },
  '16.4.4': {
    '13: < → <=': 'every stop begins with an empty text, so the loop ends at the end all the same',
  },
  '16.5.1': {
    '2: 0 → 1': 'each row gets at least one token, and without rows there is nothing to multiply',
  },
  '16.5.2': {
    '11: 0 → 1': 'no row reads the positions of its padding',
  },
  '16.5.3': {
    '5: push → unshift': 'the batches may come in any order',
  },
  '16.5.4': {
    '25: push → unshift': 'the rows of a pass may come in any order',
  },
  '16.6.4': {
    '6: >= → >': 'the product is never exactly the probability of the target',
  },
  '16.7.1': {
    '1: 10 → 11': 'the answer lies in the interval all the same',
    '2: 0 → 1': 'forty-nine halvings are more than two decimals need',
    '2: < → <=': 'fifty-one halvings are more than two decimals need',
    '2: 50 → 51': 'fifty-one halvings are more than two decimals need',
    '4: > → >=': 'the share is never exactly one half',
  },
  '16.7.4': {
    '8: push → unshift': 'the order of the kept tokens does not matter',
  },
  '16.7.5': {
    '12: push → unshift': 'the order of the finished texts matters only if two have the same score',
  },
  '16.7.6': {
    '5: 1 → 2': 'logits of 2, 2, 0 and -1 leave nuclei of the same sizes',
    '5: 1 → 2 (2)': 'the last logit is negative all the same',
    '10: 3 → 4': 'a higher temperature widens the nucleus in the same way',
    '12: 2 → 3': 'a stronger penalty moves the probability in the same direction',
  },
  '16.8.4': {
    '6: 1 → 2': 'any number below every probability will do',
  },
  '16.9.1': {
    '3: * → /': 'nine times one is nine divided by one',
  },
};
