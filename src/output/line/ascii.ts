/** netdoctor's own signs in ASCII, for screens that have no others; what the machine says is left as it is. */
import { type Line, span } from './span.ts';

const SIGNS: Readonly<Record<string, string>> = {
  '→': '->',
  '←': '<-',
  '↔': '<->',
  '…': '~',
  '’': "'",
  '“': '"',
  '”': '"',
  '×': 'x',
  '·': '.',
  '—': '-',
  '–': '-',
};
const ANY = new RegExp(`[${Object.keys(SIGNS).join('')}]`, 'g');

/** The row with its signs in ASCII; it may have become a little wider. */
export const asciiLine = (line: Line): Line =>
  line.map(({ text, tone }) =>
    span(
      text.replace(ANY, (sign) => SIGNS[sign]!),
      tone,
    ),
  );
