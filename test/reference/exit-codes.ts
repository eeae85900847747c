/** What each exit code means, as the pages say it. */
export const EXIT_CODES: readonly (readonly [string, string])[] = [
  ['0', 'healthy, or repaired and verified; for the other commands: done'],
  ['1', 'a fault was found and not repaired'],
  ['2', 'the call was wrong; the message says what to type'],
  ['3', 'undecided: it could not look, or the evidence does not decide'],
  ['130, 143, 129', 'interrupted, terminated, hung up; what was armed has been taken back'],
];
