/** The kernel's routing decision for one packet, as `ip -j -d route get` tells it, without a program: rtnetlink(7). */
import ipaddr from 'ipaddr.js';
import type { Answer } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import type { RouteAsked, RouteTold } from '../machine.ts';
import { AF_INET, AF_INET6 } from '../sys/address.ts';
import { attribute, number, words } from './attribute.ts';
import {
  attributes,
  exchange,
  headAbout,
  IFINFOMSG,
  RTM_GETLINK,
  refusedOf,
  textOf,
  withNetlink,
  withWords,
} from './netlink.ts';
import { Unworded, unlessUnworded } from './network/entry.ts';
import { RTA, RTMSG, routeEntry } from './network/route.ts';

const RTM_GETROUTE = 26;
const RTM_F_LOOKUP_TABLE = 0x1000;
const IFLA_IFNAME = 3;

/** What iproute2 says of an errno is what strerror(3) does: those with which a route refuses. */
const REFUSALS: Readonly<Partial<Record<number, string>>> = {
  13: 'Permission denied',
  22: 'Invalid argument',
  101: 'Network is unreachable',
  113: 'No route to host',
};

const PROTOCOLS = { icmp: 1, tcp: 6, udp: 17, 'ipv6-icmp': 58 } as const;

/** A refusal is an answer. Not known where iproute2 has to be asked. */
export function routeIn(where: Netns | null, asked: RouteAsked): Answer<RouteTold> {
  const source = ['ip', '-j', '-d', 'route', 'get', asked.to];
  return unlessUnworded(source, () => withNetlink(where, source, (fd) => decide(fd, asked)));
}

function decide(fd: number, asked: RouteAsked): RouteTold {
  withWords(fd);
  let told: Buffer | undefined;
  const refusal = refusedOf(fd, { type: RTM_GETROUTE, dump: false, body: bodyOf(fd, asked) }, (body) => {
    told = Buffer.from(body);
  });
  if (refusal) {
    const says = refusal.isWorded ? undefined : REFUSALS[refusal.errno];
    if (says === undefined) throw new Unworded(`the refusal ${refusal.errno}`);
    return { entry: null, refusal: says };
  }
  if (!told) throw new Unworded('no answer');
  return { entry: routeEntry(told, { name: (ifindex) => nameOf(fd, ifindex) }), refusal: null };
}

function bodyOf(fd: number, asked: RouteAsked): Buffer {
  const to = bytesOf(asked.to);
  const from = asked.from === null ? null : bytesOf(asked.from);
  const head = Buffer.alloc(RTMSG);
  head[0] = to.length === 16 ? AF_INET6 : AF_INET;
  head[1] = to.length * 8;
  head[2] = (from?.length ?? 0) * 8;
  head.writeUInt32LE(RTM_F_LOOKUP_TABLE, 8);
  const { iif, oif, mark, uid, protocol, sourcePort, port } = asked;
  return Buffer.concat([
    head,
    attribute(RTA.destination, to),
    ...(from === null ? [] : [attribute(RTA.source, from)]),
    ...(iif === null ? [] : [number(RTA.iif, indexOf(fd, iif))]),
    ...(oif === null ? [] : [number(RTA.oif, indexOf(fd, oif))]),
    ...(mark === null ? [] : [number(RTA.mark, mark)]),
    ...(uid === null ? [] : [number(RTA.uid, uid)]),
    ...(protocol === null ? [] : [attribute(RTA.protocol, Buffer.of(PROTOCOLS[protocol]))]),
    ...(sourcePort === null ? [] : [attribute(RTA.sourcePort, portBytes(sourcePort))]),
    ...(port === null ? [] : [attribute(RTA.port, portBytes(port))]),
  ]);
}

/** @throws Unworded for what iproute2 may know how to read */
function bytesOf(address: string): Buffer {
  if (!ipaddr.isValid(address) || address.includes('%')) throw new Unworded(`the address ${address}`);
  return Buffer.from(ipaddr.parse(address).toByteArray());
}

function portBytes(port: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(port);
  return bytes;
}

/** @throws Unworded for one that is not there */
function indexOf(fd: number, name: string): number {
  const body = Buffer.concat([Buffer.alloc(IFINFOMSG), words(IFLA_IFNAME, name)]);
  let found: number | undefined;
  exchange(fd, { type: RTM_GETLINK, dump: false, body }, (answer) => {
    found = answer.readInt32LE(4);
  });
  if (found === undefined) throw new Unworded(`the interface ${name}`);
  return found;
}

function nameOf(fd: number, ifindex: number): string {
  let name = `if${ifindex}`;
  exchange(fd, { type: RTM_GETLINK, dump: false, body: headAbout(ifindex) }, (answer) => {
    name = textOf(attributes(answer, IFINFOMSG).get(IFLA_IFNAME));
  });
  return name;
}
