/** The last gate before a screen: what is written there is printable, and coloured by nobody but `paint`. */
import { plain } from '../../words/text.ts';
import { CODES } from './paint.ts';

/** Line breaks, tabs, and what paint writes: another sequence could hide a text, or move the cursor. */
const KEPT = new RegExp(`([\\n\\t]|\\u001b\\[(?:${CODES.join('|')})m)`);

const PRINTABLE = /^[\u0020-\u007e\n\t]*$/;

/** The text as a terminal may have it. */
export const forTerminal = (text: string): string =>
  PRINTABLE.test(text)
    ? text
    : text
        .split(KEPT)
        .map((part, index) => (index % 2 === 1 ? part : plain(part)))
        .join('');
