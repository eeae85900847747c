/**
 * Silence for as long as `--wait` is no proof that nobody answers: the far end may be further away than that, and TCP itself
 * takes no SYN for lost before a second has passed (RFC 6298, 2.1). Where nothing else explains it, the answer is listened for
 * on, before the destination is called silent.
 */
import type { Flow } from '../model/flow.ts';
import type { Control } from '../model/scene.ts';
import type { SocketState } from '../model/socket.ts';
import { LONGEST } from './run/so-far.ts';
import type { Verdict } from './verdict.ts';

/** For the second SYN of a connection to leave, and to be answered as soon as the host's own was. Milliseconds. */
const SECOND_SYN = 300;

/**
 * Milliseconds that an answer may be listened for beyond `--wait`: as long as a SYN may take that is sent again, and longer where
 * connections of the target's own programs to one of these addresses tell of round trips that are longer (tcpi_rtt).
 */
export function longest(sockets: readonly SocketState[], addresses: readonly string[]): number {
  const trips = sockets
    .filter(({ state, destination }) => state === 'ESTAB' && addresses.includes(destination))
    .map(({ info }) => info?.roundTrip ?? 0);
  return Math.max(LONGEST, ...trips.map((trip) => 2 * trip));
}

/** Milliseconds that an answer is listened for beyond `--wait`, where the verdict would be this one without. `most`: where nothing is known of it. */
export function patience(
  { status, claims: [first] }: Pick<Verdict, 'status' | 'claims'>,
  { proto }: Pick<Flow, 'proto'>,
  control: Control | null,
  most = LONGEST,
): number {
  if (status !== 'fault' || (first && !first.cause.ofSilence)) return 0;
  // Who answers this host at once is not far away.
  if (control?.answered && !control.again) return proto === 'tcp' ? SECOND_SYN : 0;
  return most;
}
