/** A watch of a conversation, told in lines. */
import { oneFile } from '../capture/save/one-file.ts';
import type { Machine } from '../host/machine.ts';
import type { Surroundings } from '../repl/surroundings.ts';
import { Ledger } from '../watch/ledger.ts';
import { watch } from '../watch/run.ts';
import { endLines } from '../watch/text/end.ts';
import { beginningText, Lines } from '../watch/text/lines.ts';
import { rowsOf } from './watch-lines.ts';
import { watchingPassivelyOn } from './watching-passively.ts';

/** Seconds between two probes, as on the command line where nobody says otherwise. */
const INTERVAL = 0.2;
const WINDOW = 60;

type Watching = Surroundings['watch'];

export const watchingOn = (machine: Machine): Watching => {
  const [probing, passive] = [probingOn(machine), watchingPassivelyOn(machine)];
  return (wish, ...rest) => (wish.passive ? passive : probing)(wish, ...rest);
};

const probingOn =
  (machine: Machine): Watching =>
  async ({ question, file }, { glyphs, columns }, onLines, signal) => {
    const ledger = new Ledger(WINDOW, INTERVAL);
    const lines = new Lines(glyphs);
    const tell = (text: string): void => {
      if (text !== '') onLines(rowsOf(text));
    };
    const ended = await watch(
      machine,
      {
        question,
        interval: INTERVAL,
        duration: null,
        window: WINDOW,
        armed: false,
        into: oneFile(file, machine),
      },
      (event) => {
        if (event.type === 'watching' && ledger.course === null) tell(beginningText(event, INTERVAL));
        ledger.take(event);
        tell(lines.take(event));
      },
      signal,
    );
    tell(lines.end());
    return endLines(ledger, ended, { interval: INTERVAL, glyphs, columns });
  };
