/** A certificate that is out of its time speaks of two clocks: whose is wrong tells a web server's Date. */
import { within } from '../host/clock.ts';
import type { Machine, ProbeSocket } from '../host/machine.ts';
import type { Flow } from '../model/flow.ts';
import type { Netns } from '../model/netns.ts';
import { openTalk } from '../probe/speech.ts';

/** Where a web server that has a certificate mostly listens too. */
const PORT = 80;
/** Milliseconds. */
const PATIENCE = 600;

/** What an HTTP HEAD to port 80 of the same address says of this host's clock; null where nobody answers it. */
export async function clockBeside(machine: Machine, flow: Flow, netns: Netns | null): Promise<string | null> {
  const talk = await openTalk({ ...flow, port: PORT }, 'http');
  let socket: ProbeSocket | undefined;
  const saying = new Promise<string | null>((resolve) => {
    const spec = { kind: 'tcp' as const, family: flow.family, netns, destination: flow.address, port: PORT };
    const opened = machine.open(spec, (event) => {
      if (event.type === 'connected') socket?.write(talk.opening);
      else if (event.type === 'data') {
        talk.hear(event.bytes);
        resolve(talk.clock() ?? (talk.line() ? 'the server’s own clock agrees with this host’s' : null));
      } else if (event.type === 'error' || event.type === 'ended') resolve(null);
    });
    if (!opened.known) return resolve(null);
    socket = opened.value;
    socket.send();
  });
  const said = await within(machine, PATIENCE, saying);
  socket?.close();
  return said;
}
