import type { Failing } from '../model/failing.ts';
import { destination } from '../model/flow.ts';
import type { Holder } from '../model/socket.ts';
import { processName } from './telling.ts';

/** `the program nginx (pid 7)`. */
export const programOf = (holder: Holder | null): string =>
  holder ? `the program ${processName(holder)}` : 'a program of the container';

/** ` for 6.2 s`, or nothing where the time is not known. Milliseconds in. */
export const lasting = (since: number | null): string =>
  since === null ? '' : ` for ${(since / 1000).toFixed(since < 10_000 ? 1 : 0)} s`;

const SAYS: Record<Failing['how'], (end: string, one: Failing) => string> = {
  connecting: (end, { since }) => `tries to connect to ${end}, and its SYN is not answered${lasting(since)}`,
  unacknowledged: (end, { since }) =>
    `has a connection to ${end}, and what it sent is not acknowledged${lasting(since)}`,
  window: (end, { since }) => `has a connection to ${end}, which takes no more data${lasting(since)}`,
  starved: (end, { since }) =>
    `has a connection to ${end}, and nothing has come over it${lasting(since)}, though this host has seen data come back for it`,
  asking: (end) => `waits for the name server ${end}`,
  unanswered: (end, { proto }) =>
    `sends ${proto === 'icmp' ? 'pings' : proto.toUpperCase()} to ${end}, and this host has seen nothing come back`,
  'left-open': (end, { from, since }) =>
    `has left connections open that ${from === 'host' ? `its clients at ${end} have` : `${end} has`} closed${lasting(since)}`,
  refused: (end) => `tries to connect to ${end}, and is refused`,
  backlog: (end) => `listens on ${end}, and as many connections wait to be accepted as may`,
};

/** One sentence without its end: who, what, towards whom, since when, how often. */
export const failingInWords = (one: Failing): string =>
  `${programOf(one.holder)} ${SAYS[one.how](destination(one), one)}${one.times > 1 ? ` (${one.times} ${one.how === 'refused' ? 'times' : 'at once'})` : ''}`;
