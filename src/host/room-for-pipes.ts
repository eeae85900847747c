/**
 * Room for the pipes of a program that is to be started. Where spawn(2)'s are refused, Node.js gives a process without streams
 * and tells of it later, which nobody who reads them expects.
 */
import { closeSync, openSync } from 'node:fs';

/** Two ends each of three streams and a lifeline, and of the pipe by which uv_spawn(3) hears of exec(2). */
const ENDS = 10;

/** @throws Error EMFILE or ENFILE, by its code and in its message */
export function roomForPipes(): void {
  const held: number[] = [];
  try {
    while (held.length < ENDS) held.push(openSync('/dev/null', 'r'));
  } finally {
    for (const fd of held) closeSync(fd);
  }
}
