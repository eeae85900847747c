/**
 * Requests and answers that came into this host's network and went out of it nowhere: nobody is left who could answer, or
 * hear. One socket sees all interfaces of the host while its neighbours' flows are asked.
 */
import type { Machine } from '../../host/machine.ts';
import type { ProbeKind, ProbeRun } from '../../probe/kind.ts';
import { decodeNetwork, type Packet } from '../../wire/packet.ts';

/** Pings, how connections begin and are refused, name questions; and what may carry one that nobody recognises any more. */
const FILTER = [
  'icmp',
  'icmp6',
  'tcp[13] & 6 != 0',
  '(ip6[6] = 6 and ip6[53] & 6 != 0)',
  'port 53',
  'port 853',
  'udp port 4500',
  'proto 50',
  'ip6 proto 50',
  'proto 51',
  'ip6 proto 51',
].join(' or ');

const NAMES = [53, 853];
/** UDP-encapsulated ESP: RFC 3948. */
const DISGUISE = 4500;
/** Programs that hold packets back, and decide later: nfnetlink_queue. */
const QUEUES = '/proc/net/netfilter/nfnetlink_queue';

export interface Departures {
  /** Looks for this one from now on. */
  follow(kind: ProbeKind, run: ProbeRun): void;
  /** It, or its answer, came in; no program of this host is to take it, and nothing went out that could be it. */
  isStuck(run: ProbeRun): boolean;
  stop(): void;
}

/** Where one of them was seen: into the host's network, and out of it. */
interface Crossing {
  in: boolean;
  out: boolean;
}

interface Followed {
  readonly kind: ProbeKind;
  readonly run: ProbeRun;
  readonly request: Crossing;
  readonly reply: Crossing;
}

const ends = (crossing: Crossing): boolean => crossing.in && !crossing.out;

/** `own`: the host's addresses. Null where nobody can tell. */
export function watchDepartures(machine: Machine, own: ReadonlySet<string>): Departures | null {
  const queues = machine.read(QUEUES);
  if (queues.known && queues.value.trim() !== '') return null;
  const followed: Followed[] = [];
  const crossingOf = (packet: Packet): Crossing | undefined => {
    for (const one of followed) {
      const said = one.kind.recognise(one.run, packet)?.kind;
      if (said === 'request') return one.request;
      if (said === 'reply' || said === 'refusal' || said === 'error') return one.reply;
    }
    return undefined;
  };
  /** Something went out that may have been any of them; a name that was asked for another. */
  let disguised = false;
  let asksNames = false;
  const socket = machine.packets(null, { filter: FILTER }, ({ bytes, protocol, direction }) => {
    const packet = decodeNetwork(bytes, protocol, null);
    const crossing = packet && crossingOf(packet);
    if (crossing) crossing[direction] = true;
    if (crossing || direction === 'in') return;
    if (!packet || isDisguise(packet)) disguised = true;
    else if (isAboutNames(packet)) asksNames = true;
  });
  if (!socket.known) return null;
  return {
    follow: (kind, run) =>
      void followed.push({ kind, run, request: { in: false, out: false }, reply: { in: false, out: false } }),
    isStuck(run) {
      socket.value.look();
      const one = followed.find((other) => other.run === run);
      if (!one || disguised || socket.value.statistics().lost > 0) return false;
      // The host's kernel itself answers at once; a name server that lives here may take its time, or ask another.
      const isForProgram = one.kind.proto === 'dns' && (asksNames || own.has(run.flow.address));
      return !isForProgram && (ends(one.request) || ends(one.reply));
    },
    stop: () => void socket.value.stop(),
  };
}

const portsOf = ({ tcp, udp }: Packet): number[] =>
  [tcp, udp].flatMap((one) => (one ? [one.sourcePort, one.destinationPort] : []));

/** Neither a ping nor a transport that is read here: an ESP or AH header, or ESP in UDP. */
const isDisguise = (packet: Packet): boolean =>
  (!packet.icmp && !packet.tcp && !packet.udp) || portsOf(packet).includes(DISGUISE);

const isAboutNames = (packet: Packet): boolean => portsOf(packet).some((port) => NAMES.includes(port));
