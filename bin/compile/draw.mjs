// Draws a conversation about the diagnosis in a file on a terminal that only counts, and leaves it when its prompt waits: so is
// called what the frames of one call.
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';

/** What the prompt says when nothing runs any more, below a verdict. */
const WAITS = /fix 1.*Ctrl-D\S* leave/s;
/** As src/model/question.ts has it. */
const USUAL = { from: 'container', count: 3, wait: 1, timeout: 10, trace: true, readOnly: false };
/** Milliseconds. */
const PATIENCE = 20_000;

/**
 * @param named gives what the bundle exports by a name
 * @throws Error where the conversation does not come to its prompt
 */
export async function draw(named, file) {
  const { recording } = await named('readCapture')(named('inPieces')(file).value, async () => {});
  const recorded = named('fromText')(recording);
  const [target, to] = recorded.argv.filter((word) => !word.startsWith('--'));
  await named('runTui')({
    machine: named('replayer')(recorded),
    target,
    defaults: { ...USUAL, to },
    colour: true,
    signal: AbortSignal.timeout(PATIENCE),
    ...terminalOf(),
  });
}

function terminalOf() {
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode() {}, ref() {}, unref() {} });
  let written = '';
  let left = false;
  const stdout = Object.assign(new EventEmitter(), {
    isTTY: true,
    writable: true,
    columns: 80,
    rows: 24,
    write(text, done) {
      written += text;
      if (!left && WAITS.test(written)) {
        left = true;
        stdin.write('quit\r');
      }
      done?.();
      return true;
    },
  });
  return { stdin, stdout };
}
