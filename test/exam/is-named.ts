import type { Scenario } from '../lab/scenario-file.ts';

/** Whether words of a command line mean this scenario: by its name, its cause, or with a slash its folder. */
export const isNamed = ({ folder, file, expect }: Scenario, words: string): boolean =>
  `${words.includes('/') ? `${folder}/` : ''}${file} ${expect}`.includes(words);
