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
};
