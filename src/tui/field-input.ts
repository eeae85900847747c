/** Where Ink reads the keys of a simple field; everything else is read by the key layer. */
import { terminalInput } from './terminal-input.ts';

export interface FieldInput {
  /** For Ink, which takes it for a terminal's input. */
  readonly stream: NodeJS.ReadStream;
  /** Hands it what was typed. */
  feed(chunk: string): void;
  /** Is told that the field has taken up what the last key changed. */
  taken(): void;
}

/** One key: an escape sequence, or one character. */
const KEY = /\u001b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?|./gsu;

/** Milliseconds between two keys where the field takes up nothing: a key that changes no text. */
const GAP = 100;
/** A character always changes it: until then nothing else is understood, unless the field has gone. Milliseconds. */
const PATIENCE = 3000;
const CHARACTER = /^[^\p{C}]$/u;

/**
 * Ink takes what arrives at once for one piece of text: the keys of a chunk are handed over one by one. The field
 * understands a key only when it has taken up what the key before it changed, however long a busy machine takes for it.
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
    timer = setTimeout(soon, CHARACTER.test(key) ? PATIENCE : GAP);
  };
  // What the machine was too busy for goes first.
  const soon = (): void => void setImmediate(() => setImmediate(next));
  return {
    stream,
    feed(chunk) {
      keys.push(...(chunk.match(KEY) ?? []));
      if (timer === undefined) next();
    },
    taken() {
      if (timer === undefined) return;
      clearTimeout(timer);
      timer = setTimeout(next, 0);
    },
  };
}
