/** Raw keys from the terminal, decoded. Ink's own input takes Backspace for Delete and knows no bracketed paste. */
import { type Decoder, decode, decoder, type Key, settle } from '../repl/keys.ts';

/** How long an unfinished sequence may wait for its rest; ssh can cut one in two. */
const PATIENCE = 40;

export interface Keyboard {
  stop(): void;
}

/**
 * Reads keys until stopped. The stream must be a terminal. `also` sees every chunk as it came, after its keys.
 */
export function readKeys(
  stdin: NodeJS.ReadStream,
  onKey: (key: Key) => void,
  also: (chunk: string) => void = () => {},
): Keyboard {
  let state: Decoder = decoder;
  let timer: NodeJS.Timeout | undefined;
  const take = (found: { keys: Key[]; state: Decoder }): void => {
    state = found.state;
    for (const key of found.keys) onKey(key);
  };
  const onData = (chunk: string | Buffer): void => {
    clearTimeout(timer);
    take(decode(state, String(chunk)));
    also(String(chunk));
    if (state.pending !== '') timer = setTimeout(() => take(settle(state)), PATIENCE);
  };
  stdin.setEncoding('utf8');
  stdin.on('data', onData);
  stdin.resume();
  return {
    stop() {
      clearTimeout(timer);
      stdin.off('data', onData);
      stdin.pause();
    },
  };
}
