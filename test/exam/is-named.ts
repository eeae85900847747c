import type { Scenario } from '../lab/scenario-file.ts';

/** Whether words of a command line mean this scenario: by its name, its cause, or with a slash its folder. */
export const isNamed = ({ folder, file, expect }: Scenario, words: string): boolean =>
  `${words.includes('/') ? `${folder}/` : ''}${file} ${expect}`.includes(words);

/** The scenarios that any of the words mean; where there are no words, all. */
export const named = (scenarios: readonly Scenario[], words: readonly string[]): readonly Scenario[] =>
  words.length === 0
    ? scenarios
    : scenarios.filter((scenario) => words.some((word) => isNamed(scenario, word)));
