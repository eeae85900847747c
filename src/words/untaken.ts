/** Sentences about connections that were opened and that no program took. */

import { destination } from '../model/flow.ts';
import { isFull } from '../model/open-files.ts';
import type { Listening, Taker, Untaken } from '../model/untaken.ts';
import { processName } from './telling.ts';
import { count, list, seconds } from './text.ts';

export interface Told {
  readonly what: string;
  readonly why: string;
  readonly do: string;
}

/** `web (pid 700)`. */
export const who = ({ holders: [first] }: Taker): string => processName(first);

const end = ({ address, port }: Taker): string => destination({ address, port });

/** `1 connection waits`, `3 connections wait`. */
const waits = (number: number): string => `${count(number, 'connection')} ${number === 1 ? 'waits' : 'wait'}`;

export const queueOf = (taker: Taker): string =>
  `${who(taker)} on ${end(taker)}: ${waits(taker.waiting)} to be accepted, and ${taker.most} may`;

/** Of those that hold the socket, the first with no file left. */
export const withoutFiles = ({ holders }: Taker): Listening | undefined =>
  holders.find(({ files }) => files !== null && isFull(files));

const RESTART = 'See why it hangs (a debugger, its log), or restart it.';

/** What keeps the program from it, as far as its own state tells. */
export function reason(taker: Taker): { why: string; do: string } {
  const full = withoutFiles(taker);
  if (full?.files)
    return {
      why: ` ${processName(full)} has ${full.files.open} of the ${full.files.soft} open files that it may: accept() fails with "Too many open files" (EMFILE).`,
      do: `See what it keeps open (ls -l /proc/${full.pid}/fd) and whether it closes what it is done with, or raise its limit (ulimit -n, LimitNOFILE=, --ulimit nofile=).`,
    };
  const halted = taker.holders.find((one) => one.halted !== null);
  if (halted?.halted === 'stopped')
    return {
      why: ` ${processName(halted)} is stopped by a signal.`,
      do: `Let it go on: kill -CONT ${halted.pid}.`,
    };
  if (halted)
    return {
      why: ` ${processName(halted)} is paused: its control group is frozen.`,
      do: 'Let its container go on (docker unpause).',
    };
  return { why: '', do: RESTART };
}

/** `untaken` as a cause tells it. */
export function untakenInWords({ kind, connections, of, waited, takers }: Untaken): Told {
  const stuck = takers.filter((one) => one.stuck);
  const taker = stuck[0] ?? takers[0]!;
  const time = seconds(waited);
  const because = reason(taker);
  if (kind === 'read')
    return {
      what: `${who(taker)} accepts connections on port ${taker.port} and does not read what comes`,
      why: `The data arrived and the kernel acknowledged it; for ${time} it stood unread in the socket of the connection (Recv-Q).${because.why}`,
      do: because.do,
    };
  if (kind === 'defer')
    return {
      what: `${who(taker)} waits for data of the client before it accepts on port ${taker.port} (TCP_DEFER_ACCEPT), and the client waits to be greeted`,
      why: `The connection stands for the client, and at the other end it is half-open (SYN-RECV): the listener throws the last packet of the handshake away (TCPDeferAcceptDrop rises) until data comes. Whoever serves this port speaks first; for ${time} nobody did.`,
      do: 'Take the option from the listener where it is configured (nginx: deferred; Apache: AcceptFilter … none; HAProxy: defer-accept), and let it listen anew.',
    };
  const stood = `${connections < of ? `${connections} of ${of} connections` : 'The connections'} were opened by the kernel, and for ${time} nobody accepted them: they stand in the queue of ${list(stuck.map((one) => `${who(one)} on ${end(one)}`))}`;
  if (takers.length === 1)
    return {
      what: withoutFiles(taker)
        ? `${who(taker)} listens on port ${taker.port} and has no open files left to accept with`
        : `${who(taker)} listens on port ${taker.port} and does not accept`,
      why: `${stood}.${because.why}`,
      do: because.do,
    };
  const others = takers.filter((one) => !one.stuck);
  const well =
    others.length > 0
      ? `; ${list(others.map(who))} ${others.length > 1 ? 'accept' : 'accepts'} what comes to it`
      : '';
  return {
    what: `${takers.length} sockets share port ${taker.port}, and ${stuck.length === takers.length ? 'none of them accepts' : `${list(stuck.map(who))} ${stuck.length > 1 ? 'do' : 'does'} not accept`}`,
    why: `The kernel deals the connections of a port out to the sockets that share it (SO_REUSEPORT), by their source ports. ${stood}${well}.${because.why}`,
    do: `${because.do} Until then it must close its listening socket, for the kernel goes on dealing connections out to it.`,
  };
}
