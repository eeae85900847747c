import { Box } from 'ink';
import TextInput from 'ink-text-input';
import { type ReactElement, useEffect, useState } from 'react';
import { Text } from './text.tsx';

interface Properties {
  readonly label: string;
  readonly onAnswer: (text: string) => void;
  /** Is told each time that what was typed has been taken up. */
  readonly onTaken: () => void;
}

/** One question and one short answer: a confirmation, the name typed for something dangerous. */
export function Field({ label, onAnswer, onTaken }: Properties): ReactElement {
  const [text, setText] = useState('');
  // The input below listens for the next key by then: its effects run before this one.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each text
  useEffect(onTaken, [text]);
  return (
    <Box>
      <Text bold>{label}</Text>
      <TextInput value={text} onChange={setText} onSubmit={onAnswer} />
    </Box>
  );
}
