/**
 * Reads a kernel file that never ends, such as a trace_pipe, line by line as they come. In this process, and not
 * through a cat(1) beside it: a reader that outlives a killed netdoctor would wait for the next event for good, and keep
 * the kernel from removing what it reads.
 */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { type Answer, known, notKnown } from '../model/answer.ts';
import { poller } from './sys/poller.ts';
import { pump } from './sys/pump.ts';

const CHUNK = 65_536;
/** A line that goes on for longer is nobody's: what there is of it is thrown away. Characters. */
const LONGEST_LINE = 1_000_000;

/** The file must know poll(2). Stopping hands over what is there already, as far as one turn goes. */
export function followLines(file: string, onLine: (line: string) => void): Answer<{ stop(): void }> {
  const source = ['cat', file];
  let fd: number;
  try {
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'EIO';
    const because = code === 'EACCES' || code === 'EPERM' ? 'no-permission' : 'unreadable';
    return notKnown(because, `${file}: ${code}`, source);
  }
  const bytes = Buffer.alloc(CHUNK);
  let rest = '';
  let open = true;
  const take = (text: string): void => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LONGEST_LINE) rest = '';
    for (const line of lines) onLine(line);
  };
  const readOne = (): boolean => {
    try {
      const length = readSync(fd, bytes, 0, CHUNK, null);
      take(bytes.toString('latin1', 0, length));
      // The end of a file that should have none: there is nothing to wait for any more.
      if (length === 0) poller.forget(fd);
      return length > 0;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') poller.forget(fd);
      return false;
    }
  };
  const pumped = pump(fd, readOne);
  return known(
    {
      stop() {
        if (!open) return;
        open = false;
        pumped.stop();
        closeSync(fd);
      },
    },
    source,
  );
}
