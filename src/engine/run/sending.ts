/** Opens the sockets of a run, sends its probes and hears their answers. */
import { GIVEN_UP } from '../../host/bounded.ts';
import { pause } from '../../host/clock.ts';
import type { Machine, ProbeSocket, SocketEvent } from '../../host/machine.ts';
import { type Answer, known } from '../../model/answer.ts';
import type { Flow } from '../../model/flow.ts';
import type { Netns } from '../../model/netns.ts';
import type { ProbeOutcome } from '../../model/sighting.ts';
import type { User } from '../../model/socket.ts';
import { drawLengths, type ProbeKind, type ProbeRun } from '../../probe/kind.ts';

/** Apart enough for each to be a packet of its own, near enough to be one moment. Milliseconds. */
const SPACING = 2;

export interface Sender {
  readonly run: ProbeRun;
  /** Is this one of its probes? */
  owns(probe: number): boolean;
  /** Sends one probe, by its number. */
  sendOne(probe: number, onSent: (probe: number, at: bigint) => void): void;
  /** Sends all probes; `onSent` is told of each with the moment before its system call. */
  send(onSent: (probe: number, at: bigint) => void): Promise<void>;
  /** Hears at once what its sockets have, however late the event loop is. */
  look(): void;
  /** Datagrams that came for its sockets, and that they had no room for. */
  lost(): number;
  /**
   * Speaks over a probe's connection from now on: what comes back is told to `hear`. The first call only begins to listen
   * where it says nothing. An errno name when it was refused.
   */
  speak(probe: number, bytes: Uint8Array, hear: (event: SocketEvent) => void): string | null;
  /** Changes the IP lengths of probes not sent yet. */
  resize(lengths: readonly number[]): void;
  /** IP length of a full segment as the handshake negotiated it, where one did. */
  segment(): number | null;
  close(): void;
}

export interface SenderPlan {
  readonly flow: Flow;
  readonly kind: ProbeKind;
  readonly count: number;
  readonly netns: Netns | null;
  /** Number of the first probe: several senders of one run share one count. */
  readonly first: number;
  /** IP length of each probe, when it matters (a full-size one); else lengths of the run's own. */
  readonly lengths?: readonly number[];
  readonly cgroup?: string;
  /** As whom they ask, where that is not root. */
  readonly user?: User | undefined;
  /** The one interface by which they are to leave. */
  readonly device?: string;
  /** Source port of the last probe, where nobody holds it. */
  readonly sourcePort?: number | null;
  /** Its address, and what it writes into its headers, where they are not the namespace's own. */
  readonly source?: string;
  readonly ttl?: number;
  readonly tos?: number;
  readonly mark?: number;
  readonly realDestination?: string;
  /** What payloads begin with, where it is not drawn for this run alone. */
  readonly token?: number;
  onOutcome(outcome: ProbeOutcome): void;
  /** The time of the whole diagnosis is up: nothing more will be heard. */
  onTimeUp?(): void;
}

const asTold = ({ source, ttl, tos, mark }: SenderPlan) => ({
  ...(source === undefined ? {} : { source }),
  ...(ttl === undefined ? {} : { ttl }),
  ...(tos === undefined ? {} : { tos }),
  ...(mark === undefined ? {} : { mark }),
});

/** Sockets are bound before anything is sent, where ports are free, so that captures can be armed for them. */
export function openSender(machine: Machine, plan: SenderPlan): Answer<Sender> {
  const { flow, kind, count, first } = plan;
  const drawn = drawLengths(kind, flow, count, machine.random.bind(machine));
  const anySender = kind.fromAnyPort?.(flow) === true;
  const sockets: ProbeSocket[] = [];
  const sentAt: bigint[] = [];
  const done = new Set<number>();
  let segment: number | null = null;
  const outcome = (
    probe: number,
    result: ProbeOutcome['result'],
    at: bigint | null,
    errno: string | null,
    says: string | null,
    trip: number | null = null,
    amiss?: string,
  ): void => {
    if (done.has(probe)) return;
    done.add(probe);
    // A probe is answered once: the kernel keeps what a stranger repeats of its answer.
    if (kind.socket === 'icmp' && result === 'answered') listenFor();
    const since = sentAt[probe];
    plan.onOutcome({
      probe,
      result,
      microseconds: trip ?? (at !== null && since !== undefined ? Number(at - since) / 1000 : null),
      errno,
      says,
      ...(amiss === undefined ? {} : { amiss }),
    });
  };
  const talks = new Map<number, (event: SocketEvent) => void>();
  const hear = (socket: number, event: SocketEvent): void => {
    const talk = talks.get(socket);
    if (talk) {
      talk(event);
      return;
    }
    if (event.type === 'connected') {
      segment = event.segment ?? segment;
      outcome(first + socket, 'answered', event.at, null, null, event.microseconds);
    } else if (event.type === 'bound') ports[socket] = event.port;
    else if (event.type === 'error') {
      if (event.errno === GIVEN_UP) {
        plan.onTimeUp?.();
        return;
      }
      outcome(
        first + socket,
        event.errno === 'ECONNREFUSED' ? 'refused' : 'error',
        event.at,
        event.errno,
        null,
      );
    } else if (event.type === 'data') {
      if (anySender && event.from !== flow.address) return;
      const answer = kind.answers(run, event.bytes, socket);
      if (answer) outcome(first + answer.probe, 'answered', event.at, null, answer.says, null, answer.amiss);
    }
  };
  const close = (): void => {
    for (const socket of sockets) socket.close();
  };
  // One ICMP socket serves all probes; TCP and UDP want one each, for its port.
  const each = kind.socket === 'icmp' ? 1 : count;
  for (let index = 0; index < each; index++) {
    const spec = {
      kind: kind.socket,
      family: flow.family,
      netns: plan.netns,
      destination: flow.address,
      port: flow.port,
      ...(plan.cgroup ? { cgroup: plan.cgroup } : {}),
      ...(plan.user ? { user: plan.user } : {}),
      ...(anySender ? { anySender } : {}),
      ...(plan.device ? { device: plan.device } : {}),
      ...asTold(plan),
    };
    const heard = (event: SocketEvent): void => hear(index, event);
    const wanted = index === each - 1 ? plan.sourcePort : null;
    const special = wanted ? machine.open({ ...spec, sourcePort: wanted }, heard) : null;
    const opened = special?.known ? special : machine.open(spec, heard);
    if (!opened.known) {
      close();
      return opened;
    }
    sockets.push(opened.value);
  }
  const lengths = [...(plan.lengths ?? drawn)];
  const ports = Array.from({ length: count }, (_, probe) =>
    kind.socket === 'icmp' ? null : (sockets[probe]?.localPort ?? null),
  );
  const run: ProbeRun = {
    flow,
    count,
    first,
    token: plan.token ?? machine.random(0x10000000, 0xffffffff),
    lengths,
    ports,
    realDestination: plan.realDestination ?? flow.address,
    sequences: new Map(),
    rewritten: new Map(),
  };
  const all = Array.from({ length: count }, (_, index) => index);
  const listenFor = (): void => {
    const awaited = all.filter((index) => !done.has(first + index));
    if (kind.socket === 'icmp') sockets[0]!.only(kind.marks(run, awaited));
    else for (const [index, socket] of sockets.entries()) socket.only(kind.marks(run, [index]));
  };
  if (kind.socket !== 'tcp') listenFor();
  const sendOne = (probe: number, onSent: (probe: number, at: bigint) => void): void => {
    const index = probe - first;
    const socket = kind.socket === 'icmp' ? sockets[0]! : sockets[index]!;
    const at = machine.now();
    sentAt[probe] = at;
    const errno = socket.send(kind.payload(run, index));
    onSent(probe, at);
    if (errno) outcome(probe, 'not-sent', null, errno, null);
  };
  return known(
    {
      run,
      owns: (probe) => probe >= first && probe < first + count,
      sendOne,
      async send(onSent) {
        for (let index = 0; index < count; index++) {
          if (index > 0) await pause(machine, SPACING);
          sendOne(first + index, onSent);
        }
      },
      look: () => {
        for (const socket of sockets) socket.look();
      },
      lost: () => sockets.reduce((sum, socket) => sum + socket.lost(), 0),
      speak(probe, bytes, told) {
        talks.set(probe - first, told);
        const socket = sockets[probe - first];
        return socket ? socket.write(bytes) : 'ENOTCONN';
      },
      segment: () => segment,
      resize: (wanted) => {
        lengths.splice(0, lengths.length, ...wanted);
      },
      close,
    },
    [],
  );
}
