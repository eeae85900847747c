/**
 * The engine of packet sockets: one for each namespace, whose frames carry the kernel's own stamp, and which goes on when an
 * interface goes away.
 */
import { isIp } from '../../wire/headers.ts';
import type { CapturePoint, PacketFrame, PacketSocket } from '../machine.ts';
import { ETHERNET, openPackets } from '../sockets/packet-socket.ts';
import { type Device, devicesOf } from '../sys/device.ts';
import { CannotEnter } from '../sys/namespace.ts';
import { MOST_NUMBERS } from '../sys/socket-filter.ts';
import type { Engine, Told } from './engine.ts';

/** sll_hatype of lo: what goes out on it comes in again, and is shown once. */
const LOOPBACK = 772;

interface Watched {
  readonly point: CapturePoint;
  readonly device: Device;
  /** What its name stands for now. */
  now(): Device | undefined;
}

/** `otherwise`: who takes the points for which no packet socket can be had. */
export function packetEngine(otherwise: Engine): Engine {
  const watched = new Set<Watched>();
  const namespaces = new Map<number | null, ReturnType<typeof devicesOf>>();
  const sockets: { readonly socket: PacketSocket; readonly points: Set<Watched>; lost: number }[] = [];

  const arm = (points: readonly Watched[], layer: 'ethernet' | 'network', told: Told): void => {
    const [first] = points;
    if (!first) return;
    const here = new Map(points.map((one) => [one.device.ifindex, one]));
    const onFrame = (frame: PacketFrame): void => {
      const one = here.get(frame.ifindex);
      if (one && !hand(one.point.hop, frame, told)) end(frame.ifindex);
    };
    const end = (ifindex: number): void => {
      standing.points.delete(here.get(ifindex)!);
      here.delete(ifindex);
      standing.socket.onlyOn([...here.keys()]);
    };
    const { netns, filter } = first.point;
    const opened = openPackets(netns, { filter, layer, devices: [...here.keys()] }, onFrame);
    if (!opened.known) {
      otherwise.arm(
        points.map(({ point }) => point),
        explained(told, opened.detail),
      );
      return;
    }
    const standing = { socket: opened.value, points: new Set(points), lost: 0 };
    sockets.push(standing);
    for (const one of points) {
      watched.add(one);
      told.armed(one.point.hop);
    }
  };

  /** Undefined, and said, where there is no such interface, or it is down: nothing would come from it. */
  const find = (point: CapturePoint, told: Told): Watched | undefined => {
    const where = point.netns?.inode ?? null;
    try {
      const ask = namespaces.get(where) ?? devicesOf(point.netns);
      namespaces.set(where, ask);
      const device = ask(point.device);
      if (device?.up) return { point, device, now: () => ask(point.device) };
      told.failed(point.hop, device ? `${point.device} is down` : `there is no ${point.device}`);
    } catch (error) {
      if (!(error instanceof CannotEnter)) throw error;
      told.failed(point.hop, error.message);
    }
    return undefined;
  };

  let tell: Told | undefined;
  return {
    arm(points, told) {
      tell = told;
      const found = points.flatMap((point) => find(point, told) ?? []);
      for (const group of groupsOf(found)) {
        const isEthernet = (one: Watched): boolean => ETHERNET.includes(one.device.hardware);
        arm(group.filter(isEthernet), 'ethernet', told);
        arm(
          group.filter((one) => !isEthernet(one)),
          'network',
          told,
        );
      }
    },
    check() {
      for (const one of sockets) {
        one.socket.look();
        const { lost } = one.socket.statistics();
        const because = `${lost - one.lost} frames came faster than they could be read`;
        if (lost > one.lost) for (const { point } of one.points) tell?.lost(point.hop, because);
        one.lost = lost;
      }
      const gone = [...watched].flatMap((one) => {
        const because = changed(one);
        if (because !== null) watched.delete(one);
        return because === null ? [] : [`${one.point.device} ${because}`];
      });
      if (gone.length > 0) tell?.gone(`${gone.join(', ')}, while it was watched`);
      otherwise.check();
    },
  };
}

/** Says why the first engine could not, where the second cannot either. */
const explained = (told: Told, first: string): Told => ({
  ...told,
  failed: (hop, because) => told.failed(hop, because === first ? first : `${first}; and ${because}`),
});

/** Points of one namespace and one filter, so many at a time as one socket can tell apart. */
function groupsOf(watched: readonly Watched[]): Watched[][] {
  const groups = new Map<string, Watched[]>();
  for (const one of watched) {
    const key = `${one.point.netns?.inode ?? 'own'} ${one.point.filter}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / MOST_NUMBERS) }, (_, part) =>
      group.slice(part * MOST_NUMBERS, (part + 1) * MOST_NUMBERS),
    ),
  );
}

function hand(hop: string, frame: PacketFrame, told: Told): boolean {
  if (frame.hardware === LOOPBACK && frame.direction === 'out') return true;
  const isEthernet = ETHERNET.includes(frame.hardware);
  if (!isEthernet && !isIp(frame.protocol)) return true;
  const bytes = Buffer.from(frame.bytes.buffer, frame.bytes.byteOffset, frame.bytes.byteLength);
  return told.frame(hop, isEthernet ? 'ETHERNET' : 'RAW', frame.at, frame.length, bytes);
}

function changed({ device, now }: Watched): string | null {
  const is = now();
  if (!is || is.ifindex !== device.ifindex) return 'went away';
  return is.up ? null : 'went down';
}
