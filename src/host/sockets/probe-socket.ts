/** A probe's socket, opened inside a namespace and used from outside: a socket stays where it was born. */
import { type Answer, known, notKnown } from '../../model/answer.ts';
import type { Mark, ProbeSocket, SocketEvent, SocketSpec } from '../machine.ts';
import { AF_INET, AF_INET6, fromSockaddr, sockaddr } from '../sys/address.ts';
import { asUser } from '../sys/as-user.ts';
import { inCgroup } from '../sys/cgroup.ts';
import { errnoName, int, libc } from '../sys/libc.ts';
import { CannotEnter, inside } from '../sys/namespace.ts';
import { poller, writable } from '../sys/poller.ts';
import { type Pump, pump } from '../sys/pump.ts';
import { attachProgram, dropsOf, onlyEchoReplies, program } from '../sys/socket-filter.ts';
import { prepare } from '../sys/socket-stamp.ts';
import { turn } from '../sys/turn.ts';
import { mouthOf } from './icmp-mouth.ts';
import { isOfTheAsked, refusedSocket } from './refused-socket.ts';

const SOCK_STREAM = 1;
const SOCK_DGRAM = 2;
const SOCK_RAW = 3;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const IPPROTO_ICMP = 1;
const IPPROTO_ICMPV6 = 58;
const SOL_SOCKET = 1;
const SO_ERROR = 4;
const SO_RCVBUF = 8;
/** Past the host's limit, for whoever may: socket(7). */
const SO_RCVBUFFORCE = 33;
/** Room for some thousand answers. Bytes. */
const ROOM = 1 << 20;
/** How much and how long is thrown away before the first probe: what a full buffer held. */
const BEFORE = { items: 20_000, milliseconds: 20 };
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const IPPROTO_TCP = 6;
const TCP_INFO = 11;
/** It is under way: as of now, and since before; neither is a refusal. connect(2). */
const [EALREADY, EINPROGRESS] = [114, 115];
const EAGAIN = 11;
const TYPES = { icmp: SOCK_RAW, syn: SOCK_RAW, tcp: SOCK_STREAM, udp: SOCK_DGRAM } as const;
const FAMILIES = { 4: AF_INET, 6: AF_INET6 } as const;
const ANY = { 4: '0.0.0.0', 6: '::' } as const;

/** Of a raw socket what it speaks; the others have but one. */
function protocolOf({ kind, family }: SocketSpec): number {
  if (kind === 'syn') return IPPROTO_TCP;
  if (kind !== 'icmp') return 0;
  return family === 6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
}

const RECVERR = { 4: [0, 11], 6: [41, 25] } as const;

/**
 * No port that is free towards everybody, or a program of the control group that lets nobody bind: who only connects never
 * asks for either.
 */
const NOT_FOR_WHO_CONNECTS = /^(EADDRINUSE|EPERM|EACCES)$/;

/**
 * Opens and binds to a free port of the kernel's choice. Where none is free for everybody, the kernel may still find one
 * when it knows the destination, as it does for a program that only connects: ip(7), IP_BIND_ADDRESS_NO_PORT.
 */
export function openSocket(spec: SocketSpec, onEvent: (event: SocketEvent) => void): Answer<ProbeSocket> {
  const source = ['socket', spec.kind, spec.netns?.path ?? 'host'];
  const refused = (call: string, errno: string) =>
    notKnown(
      errno === 'EPERM' || errno === 'EACCES' ? 'no-permission' : 'unreadable',
      `${call}: ${errno}`,
      source,
    );
  try {
    return spec.cgroup ? inCgroup(spec.cgroup, make) : make();
  } catch (error) {
    if (error instanceof CannotEnter) return refused('setns', error.errno);
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code) return refused(syscall ?? 'open', code);
    throw error;
  }

  function make(): Answer<ProbeSocket> {
    return inside(spec.netns, () => {
      const c = libc();
      const type = TYPES[spec.kind] | SOCK_NONBLOCK | SOCK_CLOEXEC;
      const fd = asUser(spec.user, () => c.socket(FAMILIES[spec.family], type, protocolOf(spec)));
      if (fd < 0) {
        const errno = errnoName(c.errno());
        return isOfTheAsked(errno, spec.cgroup)
          ? known(refusedSocket(errno), source)
          : refused('socket', errno);
      }
      const without = (call: string, errno: string): Answer<never> => {
        c.close(fd);
        return refused(call, errno);
      };
      if (spec.kind === 'icmp') onlyEchoReplies(fd, spec.family);
      if (spec.kind !== 'tcp' && c.setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, int(ROOM), 4) !== 0)
        c.setsockopt(fd, SOL_SOCKET, SO_RCVBUF, int(ROOM), 4);
      const unset = prepare(fd, spec);
      if (unset !== null) return without('setsockopt', unset);
      if (spec.kind === 'syn') return held(fd, spec);
      const mouth = mouthOf(fd, spec);
      if (mouth !== null) return known(probeSocket(fd, spec, onEvent, { mouth }), source);
      if (spec.kind === 'udp') c.setsockopt(fd, ...RECVERR[spec.family], int(1), 4);
      if (spec.kind !== 'icmp' || spec.source !== undefined) {
        const own = sockaddr(spec.source ?? ANY[spec.family], spec.sourcePort ?? 0);
        if (c.bind(fd, own, own.length) !== 0) {
          const errno = errnoName(c.errno());
          if (NOT_FOR_WHO_CONNECTS.test(errno) && !spec.sourcePort && !spec.source)
            return known(probeSocket(fd, spec, onEvent, { isBound: false }), source);
          return without('bind', errno);
        }
      }
      return known(probeSocket(fd, spec, onEvent), source);
    });
  }

  /** A raw socket has an address once it is connected, and no port: another one keeps that from being given away. */
  function held(fd: number, { family, destination }: SocketSpec): Answer<ProbeSocket> {
    const c = libc();
    const holder = c.socket(FAMILIES[family], SOCK_STREAM | SOCK_CLOEXEC, 0);
    const [far, any] = [sockaddr(destination, 0), sockaddr(ANY[family], 0)];
    if (holder >= 0 && c.connect(fd, far, far.length) === 0 && c.bind(holder, any, any.length) === 0) {
      const { address } = ownName(fd);
      const socket = probeSocket(fd, spec, onEvent, { holder });
      return known({ ...socket, localAddress: address }, source);
    }
    const errno = errnoName(c.errno());
    for (const one of [fd, holder]) if (one >= 0) c.close(one);
    return refused('connect', errno);
  }
}

/** What the kernel copies a datagram into; read and handed on before the next one comes. */
const bytes = Buffer.alloc(65_536);

/** What stands beside a socket: whether it has its port, who holds that for it, and by which other one it sends. */
interface Beside {
  readonly isBound?: boolean;
  readonly holder?: number | null;
  readonly mouth?: number | null;
}

function probeSocket(
  fd: number,
  spec: SocketSpec,
  onEvent: (event: SocketEvent) => void,
  { isBound = true, holder = null, mouth = null }: Beside = {},
): ProbeSocket {
  const c = libc();
  const isRaw = spec.kind === 'icmp' || spec.kind === 'syn';
  // Of a raw IPv6 socket the port would be a protocol: rawv6_sendmsg.
  const far = sockaddr(spec.destination, isRaw ? 0 : (spec.port ?? 0));
  const isConnected = spec.kind === 'udp' && !spec.anySender;
  let open = true;
  const localPort = spec.kind === 'icmp' || !isBound ? null : ownName(holder ?? fd).port;
  const tellPort = (): void => {
    if (!isBound) onEvent({ type: 'bound', port: ownName(fd).port, at: process.hrtime.bigint() });
  };

  const pendingError = (): number => {
    const value = Buffer.alloc(4);
    c.getsockopt(fd, SOL_SOCKET, SO_ERROR, value, int(4));
    return value.readInt32LE();
  };
  const from = Buffer.alloc(28);
  const receive = (): boolean => {
    const length = c.recvfrom(fd, bytes, bytes.length, MSG_DONTWAIT, from, int(28));
    const at = process.hrtime.bigint();
    if (length < 0) {
      const errno = c.errno();
      if (errno === EAGAIN) return false;
      if (spec.kind === 'tcp') poller.forget(fd);
      onEvent({ type: 'error', errno: errnoName(errno), at });
      return false;
    }
    if (length === 0 && spec.kind === 'tcp') {
      poller.forget(fd);
      onEvent({ type: 'ended', at });
      return false;
    }
    onEvent({
      type: 'data',
      bytes: Buffer.from(bytes.subarray(0, length)),
      from: fromSockaddr(from).address,
      at,
    });
    // Whoever heard it may have closed the socket for it.
    return open;
  };
  let pumped: Pump | undefined;
  let dropsBefore = 0;
  /** Nothing that came before the first probe is an answer to it, and none of it may take an answer's room. */
  const begin = (): void => {
    turn(() => c.recvfrom(fd, bytes, 1, MSG_DONTWAIT, null, null) >= 0, BEFORE);
    dropsBefore = dropsOf(fd);
    pumped = pump(fd, receive);
  };
  const connected = (): void => {
    poller.forget(fd);
    const errno = pendingError();
    const at = process.hrtime.bigint();
    onEvent(
      errno ? { type: 'error', errno: errnoName(errno), at } : { type: 'connected', at, ...handshake() },
    );
  };
  /** What the handshake told: its round trip, and the IP length of a full segment. tcp(7) TCP_INFO, struct tcp_info. */
  const handshake = (): { microseconds: number | null; segment: number | null } => {
    const info = Buffer.alloc(232);
    if (c.getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, int(info.length)) !== 0)
      return { microseconds: null, segment: null };
    const timestamps = (info.readUInt8(5) & 1) !== 0 ? 12 : 0;
    const header = (spec.family === 6 ? 40 : 20) + 20 + timestamps;
    return { microseconds: info.readUInt32LE(68), segment: info.readUInt32LE(16) + header };
  };

  return {
    localPort,
    localAddress: null,
    send(data) {
      // A send runs in the caller's context; the namespace is the socket's own.
      if (spec.kind === 'tcp') {
        const result = c.connect(fd, far, far.length);
        const errno = result === 0 ? 0 : c.errno();
        if (errno !== 0 && errno !== EINPROGRESS && errno !== EALREADY) return errnoName(errno);
        tellPort();
        poller.watch(fd, writable, connected);
        return null;
      }
      const payload = data ?? new Uint8Array();
      if (isConnected && c.connect(fd, far, far.length) !== 0) return errnoName(c.errno());
      if (!pumped) begin();
      const sent = isConnected
        ? c.sendto(fd, payload, payload.length, MSG_NOSIGNAL, null, 0)
        : c.sendto(mouth ?? fd, payload, payload.length, MSG_NOSIGNAL, far, far.length);
      if (sent < 0) return errnoName(c.errno());
      if (spec.kind === 'udp') tellPort();
      return null;
    },
    write(bytes) {
      const sent = c.sendto(fd, bytes, bytes.length, MSG_NOSIGNAL, null, 0);
      if (sent < 0) return errnoName(c.errno());
      pumped ??= pump(fd, receive);
      return null;
    },
    only(marks: readonly Mark[]) {
      if (open) attachProgram(fd, program(marks, isRaw && spec.family === 4));
    },
    lost: () => (open && pumped && spec.kind !== 'tcp' ? dropsOf(fd) - dropsBefore : 0),
    look() {
      if (!open || spec.kind !== 'tcp' || pumped) return void pumped?.look();
      const fds = Buffer.alloc(8);
      fds.writeInt32LE(fd, 0);
      fds.writeInt16LE(writable, 4);
      if (c.poll(fds, 1, 0) > 0) connected();
    },
    close() {
      if (!open) return;
      open = false;
      poller.forget(fd);
      for (const one of [fd, holder, mouth]) if (one !== null) c.close(one);
    },
  };
}

function ownName(fd: number): { address: string; port: number } {
  const bytes = Buffer.alloc(28);
  libc().getsockname(fd, bytes, int(28));
  return fromSockaddr(bytes);
}
