import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { USUAL } from '../../src/model/question.ts';
import { runTui } from '../../src/tui/index.tsx';
import { story } from '../../test/repl/fixture/forwarding-off.ts';
import { fakeMachine, telling } from '../../test/screen/conversation.ts';
import { megabytes } from '../figures.ts';
import { atMost, type Part } from '../part.ts';

/** What the engine tells in an hour of asking again and again. */
const EVENTS = 10_000;
/** Megabytes that the conversation may have grown by then: what was said stays readable. */
const GROWTH = 20;

/** A terminal that counts what is written to it, and keeps the last of it. */
function countingTerminal() {
  let [frames, bytes, last] = [0, 0, ''];
  const stdout = Object.assign(new EventEmitter(), {
    isTTY: true,
    columns: 80,
    rows: 24,
    writable: true,
    write(text: string, done?: () => void) {
      frames += 1;
      bytes += Buffer.byteLength(text);
      last = (last + text).slice(-4000);
      done?.();
      return true;
    },
  });
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode() {}, ref() {}, unref() {} });
  return {
    stdout: stdout as unknown as NodeJS.WriteStream,
    stdin: stdin as unknown as NodeJS.ReadStream,
    written: () => ({ frames, bytes }),
    /** Types a line and waits until its answer is there, and the prompt behind it. */
    async ask(line: string): Promise<void> {
      last = '';
      stdin.write(`${line}\r`);
      while (!(last.includes('fix 1') && /leave/.test(last.slice(last.lastIndexOf('fix 1'))))) await sleep(5);
    },
  };
}

/** Bytes of the heap that are still needed. */
function needed(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

const part: Part = {
  title: 'A long session',
  how: `The conversation on a terminal that only counts, an engine that tells ${EVENTS} events, one verdict after another: the heap that is still needed after the tenth of them and after all, frames and bytes written.`,
  async measure() {
    const terminal = countingTerminal();
    const { around } = telling(story);
    const ended = runTui({
      machine: fakeMachine(),
      around,
      target: null,
      defaults: { ...USUAL, to: '198.51.100.1' },
      setUp: async () => {},
      colour: true,
      stdin: terminal.stdin,
      stdout: terminal.stdout,
    });
    await sleep(500);
    terminal.stdin.push('\u001b');
    await sleep(100);
    let told = 0;
    let early = 0;
    while (told < EVENTS) {
      await terminal.ask('check web');
      told += story.length;
      if (early === 0 && told >= EVENTS / 10) early = needed();
    }
    const late = needed();
    const { frames, bytes } = terminal.written();
    terminal.stdin.push('\u0004');
    await ended;
    const runs = told / story.length;
    const growth = (late - early) / 1024 / 1024;
    return [
      { what: `heap after ${EVENTS / 10} events`, got: megabytes(early) },
      { what: `heap after ${told} events, ${runs} verdicts`, got: megabytes(late) },
      { what: 'grown by, MB', got: growth.toFixed(1), aim: atMost(GROWTH, growth) },
      { what: 'frames a run', got: (frames / runs).toFixed(1) },
      { what: 'bytes a run', got: (bytes / runs).toFixed(0) },
    ];
  },
};
export default part;
