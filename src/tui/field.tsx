import { Box, Text } from 'ink';
import TextInput from 'ink-text-input';
import { type ReactElement, useState } from 'react';

interface Properties {
  readonly label: string;
  readonly onAnswer: (text: string) => void;
}

/** One question and one short answer: a confirmation, the name typed for something dangerous. */
export function Field({ label, onAnswer }: Properties): ReactElement {
  const [text, setText] = useState('');
  return (
    <Box>
      <Text bold>{label}</Text>
      <TextInput value={text} onChange={setText} onSubmit={onAnswer} />
    </Box>
  );
}
