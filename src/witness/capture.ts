/** The capture witness: which hop saw the request, the answer, an error, and with which addresses. */
import type { Capture, CaptureEvent, Frame, Machine, TraceEvent, TraceFilters } from '../host/machine.ts';
import { familyOf } from '../model/ends.ts';
import { type Hop, type Path, watched as watchedHops } from '../model/path.ts';
import type { Sighting } from '../model/sighting.ts';
import type { ProbeKind, ProbeRun, Recognised } from '../probe/kind.ts';
import { decodeFrame, headerOf, outlineOf, type Packet, sourcePortOf } from '../wire/packet.ts';

/** Frames that wait for the number that will recognise them; more are a stranger's. */
const PENDING = 512;

export interface CaptureReport {
  /** The moment sightings count their microseconds from, in nanoseconds of CLOCK_MONOTONIC. */
  origin(): bigint;
  sighting(sighting: Sighting): void;
  /** Ready on a hop, or why not. */
  armed(hop: string, because: string | null): void;
  /** A hop tells less than there was, from here on. */
  lost(hop: string, because: string): void;
  /** What the kernel did to a packet, where that was asked for. */
  traced(event: TraceEvent): void;
  /** So many events of the trace could not be read. */
  untraced(events: number): void;
  /** All captures ended before they were told to. */
  ended(because: string): void;
}

/** One kind of probe that is under way. */
export interface Watched {
  readonly kind: ProbeKind;
  readonly run: ProbeRun;
}

/** Arms one capture a hop. The kernel filter lets the probe, its answers and the neighbours' talk about them through. */
export function armCaptures(
  machine: Machine,
  path: Path,
  watched: readonly Watched[],
  report: CaptureReport,
  trace?: TraceFilters,
): Capture {
  const filter = filterFor(path, watched);
  const points = watchedHops(path).map((hop) => ({
    hop: hop.id,
    device: hop.name,
    netns: hop.netns,
    filter,
  }));
  const pending: { frame: Frame; packet: Packet }[] = [];
  const hops = new Map(watchedHops(path).map((hop) => [hop.id, hop]));

  const learned = (): number => watched.reduce((sum, { run }) => sum + run.sequences.size, 0);
  const look = (frame: Frame, packet: Packet): boolean => {
    const recognised = recognise(watched, packet);
    if (!recognised) return false;
    const isTold = recognised.kind === 'request' || packet.tcp?.syn === true;
    const header = isTold ? headerOf(packet) : undefined;
    const isWhole = recognised.kind === 'neighbour' && frame.link === 'ETHERNET';
    report.sighting({
      hop: frame.hop,
      ...recognised,
      at: Number(frame.at - report.origin()) / 1000,
      ...outlineOf(packet),
      ...(header ? { header } : {}),
      ...(isWhole ? { frame: Buffer.from(frame.bytes).toString('hex') } : {}),
    });
    return true;
  };
  const onFrame = (frame: Frame): void => {
    const packet = decodeFrame(frame.bytes, frame.link);
    if (!packet) return;
    const before = learned();
    if (look(frame, packet)) {
      if (learned() > before) retry();
    } else if (packet.tcp && pending.length < PENDING) pending.push({ frame, packet });
  };
  /** A TCP frame may come before the hop that teaches its sequence number. */
  const retry = (): void => {
    for (const item of pending.splice(0)) if (!look(item.frame, item.packet)) pending.push(item);
  };

  const onEvent = (event: CaptureEvent): void => {
    if (event.type === 'frame') onFrame(event.frame);
    else if (event.type === 'armed') report.armed(event.hop, null);
    else if (event.type === 'failed') report.armed(event.hop, reason(hops.get(event.hop), event.because));
    else if (event.type === 'traced') report.traced({ ...event.event, at: Number(event.at) / 1000 });
    else if (event.type === 'untraced') report.untraced(event.events);
    else if (event.type === 'lost') report.lost(event.hop, event.because);
    else report.ended(event.because);
  };
  return machine.capture(points, onEvent, trace);
}

/** Lets through the probes, what belongs to them, and the neighbours' talk about the flow's addresses. */
export const filterFor = (path: Path, watched: readonly Watched[]): string =>
  // A load past the end of a packet rejects it whatever follows the `or`: the short questions come first.
  [neighbourFilter(path, watched[0]!.run), ...watched.map(({ kind, run }) => kind.filter(run))].join(' or ');

/** What the packet is to any of the runs; probes are numbered through all of them. */
export function recognise(watched: readonly Watched[], packet: Packet): Recognised | null {
  if (packet.neighbour) return talk(packet);
  for (const { kind, run } of watched) {
    const recognised = kind.recognise(run, packet);
    if (recognised?.kind === 'request') learnPort(run, recognised.probe, packet);
    if (recognised) return { ...recognised, probe: run.first + recognised.probe };
  }
  return null;
}

/** A NAT may give the request another source port: its answer comes to that one. */
function learnPort(run: ProbeRun, probe: number, packet: Packet): void {
  const port = sourcePortOf(packet);
  if (port !== null && !run.ports.includes(port)) run.rewritten?.set(port, probe);
}

/** libpcap's words for a link that is down do not help; ours say which. */
const reason = (hop: Hop | undefined, because: string): string =>
  hop && !hop.link.up ? `${hop.name} is down` : because;

/** Neighbour solicitations and advertisements, RFC 4861. */
const ND = '(ip6[6] = 58 and (ip6[40] = 135 or ip6[40] = 136))';

/** ARP or ND about the addresses that the flow needs resolved: IPv4 may go by a next hop of IPv6 (RFC 5549, RTA_VIA). */
function neighbourFilter(path: Path, run: ProbeRun): string {
  if (run.flow.family === 6) return ND;
  const addresses = new Set([
    run.flow.address,
    path.realDestination,
    ...[
      path.sourceAddress,
      path.sourceRoute.gateway,
      path.hostRoute?.gateway ?? null,
      ...(path.branches ?? []).map(({ gateway }) => gateway),
    ].filter((one) => one !== null),
  ]);
  const own = [...addresses].filter((address) => familyOf(address) === 4);
  const arp = `(arp and (${own.map((address) => `arp host ${address}`).join(' or ')}))`;
  return own.length < addresses.size ? `${arp} or ${ND}` : arp;
}

function talk({ neighbour }: Packet): Recognised | null {
  if (!neighbour) return null;
  const says = neighbour.asks
    ? `who has ${neighbour.address}?${neighbour.by ? ` tell ${neighbour.by}` : ''}`
    : `${neighbour.address} is at ${neighbour.mac ?? 'an unnamed address'}`;
  return { kind: 'neighbour', probe: -1, says };
}
