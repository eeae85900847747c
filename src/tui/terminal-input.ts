/** An input that Ink takes for a terminal's, while the terminal itself is read, and kept in raw mode, by one reader. */
import { PassThrough } from 'node:stream';

/** Whatever is pushed into it has been typed. */
export function terminalInput(): NodeJS.ReadStream {
  const stream = Object.assign(new PassThrough(), {
    isTTY: true,
    // The terminal is in raw mode already, and stays so when Ink lets go.
    setRawMode: () => stream,
    ref: () => stream,
    unref: () => stream,
  });
  return stream as unknown as NodeJS.ReadStream;
}
