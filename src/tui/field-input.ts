/** Where Ink reads the keys of a simple field; everything else is read by the key layer. */
import { terminalInput } from './terminal-input.ts';

export interface FieldInput {
  /** For Ink, which takes it for a terminal's input. */
  readonly stream: NodeJS.ReadStream;
  /** Hands it what was typed. */
  feed(chunk: string): void;
  /** Is told that what the last key changed has been drawn. */
  drawn(): void;
}

/** One key: an escape sequence, or one character. */
const KEY = /\u001b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?|./gsu;

/** Milliseconds between two keys where nothing is drawn: a key that changes nothing, as Enter alone. */
const GAP = 100;

/** Milliseconds for React to take up what it has drawn. */
const SETTLING = 5;

/**
 * Ink takes what arrives at once for one piece of text: the keys of a chunk are handed over one by one. The field
 * understands a key only when what the key before it changed has been drawn, however long a busy machine takes for it.
 */
export function fieldInput(): FieldInput {
  const stream = terminalInput();
  const keys: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  const next = (): void => {
    timer = undefined;
    const key = keys.shift();
    if (key === undefined) return;
    stream.push(key);
    timer = setTimeout(next, GAP);
  };
  return {
    stream,
    feed(chunk) {
      keys.push(...(chunk.match(KEY) ?? []));
      if (timer === undefined) next();
    },
    drawn() {
      if (timer === undefined) return;
      clearTimeout(timer);
      // The effects of what was drawn come after it.
      timer = setTimeout(next, SETTLING);
    },
  };
}
