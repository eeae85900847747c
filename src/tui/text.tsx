/** Ink's text, which lets nothing of a stranger's through to the terminal: the only one that this room draws with. */
import { Text as InkText, type TextProps } from 'ink';
import { Children, type ReactElement } from 'react';
import { forTerminal } from '../output/line/terminal.ts';

export const Text = ({ children, ...props }: TextProps): ReactElement => (
  <InkText {...props}>
    {Children.map(children, (child) => (typeof child === 'string' ? forTerminal(child) : child))}
  </InkText>
);
