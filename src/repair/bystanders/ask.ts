/** Asks one bystander's flow: a socket, one packet, an answer or none. */
import type { Machine, SocketEvent } from '../../host/machine.ts';
import type { ProbeRun } from '../../probe/kind.ts';
import { probeKindOf } from '../../probe/kinds.ts';
import type { Departures } from './departures.ts';
import type { Bystander } from './flow.ts';

/** IP length in bytes of an ordinary ping: nothing follows this packet, so that it need not be unusual. */
const LENGTH = 84;

/** A packet crosses a host in microseconds: one that has not left it by then never will. Milliseconds. */
const CROSSED = 150;

/** `answered`, `refused` (somebody is there and says no), or `silent` within `wait` milliseconds. */
export type Answered = 'answered' | 'refused' | 'silent';

/** `departures`: who knows which requests cannot be answered any more. */
export function askOnce(
  machine: Machine,
  one: Bystander,
  wait: number,
  departures: Departures | null = null,
): Promise<Answered> {
  const kind = probeKindOf(one.proto);
  return new Promise((resolve) => {
    let finish: (answer: Answered) => void = () => {};
    const opened = machine.open(
      {
        kind: kind.socket,
        family: one.family,
        netns: one.from.netns,
        destination: one.address,
        port: one.port,
      },
      (event) => {
        const answer = heard(event);
        if (answer) finish(answer);
      },
    );
    if (!opened.known) {
      resolve('silent');
      return;
    }
    const socket = opened.value;
    const run: ProbeRun = {
      flow: { to: one.address, question: 'localhost', ...one, from: 'host' },
      count: 1,
      first: 0,
      token: machine.random(0x10000000, 0xffffffff),
      lengths: [LENGTH],
      ports: [socket.localPort],
      realDestination: one.address,
      sequences: new Map(),
    };
    const heard = (event: SocketEvent): Answered | null => {
      if (event.type === 'connected') return 'answered';
      if (event.type === 'error') return event.errno === 'ECONNREFUSED' ? 'refused' : null;
      return event.type === 'data' && kind.answers(run, event.bytes, 0) ? 'answered' : null;
    };
    const timer = setTimeout(() => finish('silent'), wait);
    const crossed = setTimeout(() => {
      if (departures?.isStuck(run)) finish('silent');
    }, CROSSED);
    departures?.follow(kind, run);
    finish = (answer) => {
      clearTimeout(timer);
      clearTimeout(crossed);
      socket.close();
      resolve(answer);
    };
    if (socket.send(kind.payload(run, 0)) !== null) finish('silent');
  });
}
