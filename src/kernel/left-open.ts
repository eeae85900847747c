/** Connections that the far end has closed and the program here has not: CLOSE-WAIT of RFC 9293, 3.3.2. */
import type { SocketState } from '../model/socket.ts';

/** A pool keeps a few such connections until it looks at them again; nobody's pool keeps so many. */
const MANY = 32;
/** Younger ones may be closed yet. Milliseconds. */
const SETTLED = 5000;

export interface Pile {
  /** `here`: others came to a port on which somebody listens; `there`: the program itself went to that end. */
  readonly end: 'here' | 'there';
  readonly address: string;
  readonly port: number;
  readonly sockets: readonly SocketState[];
  /** The one that listens, where others came. */
  readonly listener: SocketState | null;
  /** Milliseconds since the far end closed the oldest. */
  readonly since: number;
}

/** Piles of them, one for each end. */
export function leftOpen(sockets: readonly SocketState[]): Pile[] {
  const listeners = sockets.filter(({ state }) => state === 'LISTEN');
  const piles = new Map<string, SocketState[]>();
  // Nothing comes after the far end's FIN: the last acknowledgement that was received came with it.
  const age = ({ info }: SocketState): number => info?.lastAckReceived ?? 0;
  for (const one of sockets) {
    if (one.state !== 'CLOSE-WAIT' || age(one) < SETTLED) continue;
    const isServer = listeners.some(({ sourcePort }) => sourcePort === one.sourcePort);
    const key = isServer
      ? `here ${one.source} ${one.sourcePort}`
      : `there ${one.destination} ${one.destinationPort}`;
    piles.set(key, [...(piles.get(key) ?? []), one]);
  }
  return [...piles].flatMap(([key, pile]): Pile[] => {
    if (pile.length < MANY) return [];
    const [end = '', address = '', port = ''] = key.split(' ');
    return [
      {
        end: end as Pile['end'],
        address,
        port: Number(port),
        sockets: pile,
        listener: listeners.find((one) => end === 'here' && one.sourcePort === Number(port)) ?? null,
        since: Math.max(...pile.map(age)),
      },
    ];
  });
}
