/** Where Ink reads the keys of a simple field; everything else is read by the key layer. */
import { PassThrough } from 'node:stream';

export interface FieldInput {
  /** For Ink, which takes it for a terminal's input. */
  readonly stream: NodeJS.ReadStream;
  /** Hands it what was typed. */
  feed(chunk: string): void;
}

/** One key: an escape sequence, or one character. */
const KEY = /\u001b(?:\[[0-?]*[ -/]*[@-~]|O.|.)?|./gsu;

/** Milliseconds between two keys: React must have drawn the first before the field understands the second. */
const GAP = 10;

/** Ink takes what arrives at once for one piece of text: the keys of a chunk are handed over one by one. */
export function fieldInput(): FieldInput {
  const stream = Object.assign(new PassThrough(), {
    isTTY: true,
    // The terminal is in raw mode already.
    setRawMode: () => stream,
    ref: () => stream,
    unref: () => stream,
  });
  const keys: string[] = [];
  const next = (): void => {
    const key = keys.shift();
    if (key === undefined) return;
    stream.push(key);
    setTimeout(next, GAP);
  };
  return {
    stream: stream as unknown as NodeJS.ReadStream,
    feed(chunk) {
      const idle = keys.length === 0;
      keys.push(...(chunk.match(KEY) ?? []));
      if (idle) next();
    },
  };
}
