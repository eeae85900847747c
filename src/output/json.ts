/** Documents for scripts, on standard output. */
import type { Problem } from '../model/failure.ts';
import { escapeUnshown } from '../words/text.ts';

export interface ErrorDocument {
  readonly schema: 'netdoctor/error/1';
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export const errorDocument = ({ code, message, hint }: Problem): ErrorDocument => ({
  schema: 'netdoctor/error/1',
  code,
  message,
  hint,
});

/** Almost every document. */
const ASCII = /^[\n\u0020-\u007e]*$/;

// JSON escapes C0 by itself. A terminal also obeys C1 and bidi controls, and they must survive the way to a script.
const escaped = (json: string): string =>
  ASCII.test(json)
    ? json
    : json
        .split('\n')
        .map((line) =>
          escapeUnshown(line, (character) =>
            character
              .split('')
              .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
              .join(''),
          ),
        )
        .join('\n');

/** One document, indented, with a newline at the end; safe to show, and lossless. */
export const jsonText = (document: unknown): string => `${escaped(JSON.stringify(document, null, 2))}\n`;

/** One document on one line. */
export const jsonLine = (document: unknown): string => `${escaped(JSON.stringify(document))}\n`;
