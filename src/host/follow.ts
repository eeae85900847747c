/**
 * Reads a kernel file that never ends, such as a trace_pipe, line by line as they come. In this process, and not
 * through a cat(1) beside it: a reader that outlives a killed netdoctor would wait for the next event for good, and keep
 * the kernel from removing what it reads.
 */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { type Answer, known, notKnown } from '../model/answer.ts';
import { poller, readable } from './sys/poller.ts';

const CHUNK = 65_536;

/** The file must know poll(2). Stopping hands over what is there already. */
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
    for (const line of lines) onLine(line);
  };
  const read = (): void => {
    try {
      for (let length = 1; length > 0; ) {
        length = readSync(fd, bytes, 0, CHUNK, null);
        take(bytes.toString('latin1', 0, length));
      }
      // The end of a file that should have none: there is nothing to wait for any more.
      poller.forget(fd);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') poller.forget(fd);
    }
  };
  poller.watch(fd, readable, read);
  return known(
    {
      stop() {
        if (!open) return;
        read();
        open = false;
        poller.forget(fd);
        closeSync(fd);
      },
    },
    source,
  );
}
