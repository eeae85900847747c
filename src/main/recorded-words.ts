/** The words of a call as its recording keeps them: where it was written to is nobody's business who reads it. */
export const recordedWords = (words: readonly string[], option: '--record' | '--save'): readonly string[] =>
  words.filter((word, at) => word !== option && !word.startsWith(`${option}=`) && words[at - 1] !== option);
