/** A capture of a conversation: the usual one, whose lines it keeps on its screen. */
import { capture } from '../capture/run.ts';
import { oneFile } from '../capture/save/one-file.ts';
import { endOfCapture, listeningText, pageOf } from '../capture/text/around.ts';
import type { Machine } from '../host/machine.ts';
import type { Surroundings } from '../repl/surroundings.ts';

/** Packets that a conversation keeps on its screen; `netdoctor capture` has no end of its own. */
const PACKETS = 5000;
const SNAPLEN = 65_535;

export const capturing =
  (machine: Machine): Surroundings['capture'] =>
  async ({ target, filter, file }, { glyphs, columns }, onLines, signal) => {
    let page: ReturnType<typeof pageOf> | undefined;
    const ended = await capture(
      machine,
      {
        target,
        filter,
        hops: [],
        snaplen: SNAPLEN,
        payload: false,
        direction: null,
        trace: true,
        packets: PACKETS,
        seconds: null,
        into: oneFile(file, machine),
      },
      async (event) => {
        if (event.type === 'listening') {
          page = pageOf(event, {}, glyphs);
          onLines(linesOf(listeningText(event, {})));
        } else if (page) onLines(linesOf(page(event)));
      },
      signal,
    );
    return linesOf(endOfCapture(ended, columns));
  };

const linesOf = (text: string): string[] => text.trimEnd().split('\n');
