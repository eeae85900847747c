/** A rule of routing as `ip -j rule show` tells it. linux/fib_rules.h; iproute2, ip/iprule.c */
import { attributes, textOf } from '../netlink.ts';
import { addressText } from './address-text.ts';
import { type Entry, printed, Unworded } from './entry.ts';
import { nameOf } from './names.ts';

/** Size of struct fib_rule_hdr. */
export const RULE = 12;
const FRA = {
  destination: 1,
  source: 2,
  iif: 3,
  goto: 4,
  priority: 6,
  mark: 10,
  suppressLength: 14,
  table: 15,
  mask: 16,
  oif: 17,
  pad: 18,
  l3mdev: 19,
  uids: 20,
  protocol: 21,
  ipProtocol: 22,
  sourcePorts: 23,
  ports: 24,
} as const;
const [REALMS, SUPPRESS_GROUP] = [11, 13];
/** FRA_SPORT_MASK and FRA_DPORT_MASK of Linux 6.15: of a port, or a range, without a mask all bits are set, or none. */
const PORT_MASKS = [28, 29];
const WORDED = new Set<number>([...Object.values(FRA), ...PORT_MASKS, REALMS, SUPPRESS_GROUP]);
const [INVERT, UNRESOLVED] = [2, 4];
const [GOTO, NOP] = [2, 3];
/** FR_ACT_* that are printed as the type of a route is. */
const REFUSALS: Readonly<Partial<Record<number, string>>> = {
  6: 'blackhole',
  7: 'unreachable',
  8: 'prohibit',
};
const PROTOCOLS: Readonly<Partial<Record<number, string>>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  58: 'ipv6-icmp',
};
const ALL = 0xffffffff;
const UNMASKED = new Set([0, 0xffff]);

/** `body`: of RTM_NEWRULE. @throws Unworded for what only newer kernels tell, or is rarely asked for */
export function ruleFrom(body: Buffer): Entry {
  const about = attributes(body, RULE);
  const [destinationLength, sourceLength, tos, action] = [body[1]!, body[2]!, body[3]!, body[7]!];
  const flags = body.readUInt32LE(8);
  const number = (attribute: number): number | null => about.get(attribute)?.readUInt32LE(0) ?? null;
  const group = number(SUPPRESS_GROUP);
  const isMasked = PORT_MASKS.some((one) => !UNMASKED.has(about.get(one)?.readUInt16LE(0) ?? 0));
  const isStrange = isMasked || about.types().some((attribute) => !WORDED.has(attribute));
  if (isStrange || tos !== 0 || number(REALMS) || (group !== null && group !== ALL))
    throw new Unworded('a rule of another kind');
  const table = number(FRA.table) ?? body[4]!;
  const suppressed = about.get(FRA.suppressLength)?.readInt32LE(0) ?? -1;
  return printed({
    priority: number(FRA.priority) ?? 0,
    ...((flags & INVERT) !== 0 ? { not: true } : {}),
    ...end('src', about.get(FRA.source), sourceLength, 'all'),
    ...end('dst', about.get(FRA.destination), destinationLength, null),
    ...markOf(number(FRA.mark), number(FRA.mask)),
    iif: name(about.get(FRA.iif)),
    oif: name(about.get(FRA.oif)),
    l3mdev: about.get(FRA.l3mdev)?.[0] ? true : null,
    ...range('uid_start', 'uid_end', about.get(FRA.uids)),
    ipproto: protocolOf(about.get(FRA.ipProtocol)),
    ...ports('sport', about.get(FRA.sourcePorts)),
    ...ports('dport', about.get(FRA.ports)),
    table: table === 0 ? null : nameOf('rt_tables', table),
    suppress_prefixlen: table === 0 || suppressed === -1 ? null : suppressed,
    ...actionOf(action, flags, number(FRA.goto)),
  });
}

const name = (bytes: Buffer | undefined): string | null => (bytes ? textOf(bytes) : null);

function end(key: 'src' | 'dst', address: Buffer | undefined, length: number, none: string | null): Entry {
  if (!address) return length === 0 ? { [key]: none } : { [key]: '0', [`${key}len`]: length };
  const whole = address.length * 8;
  return { [key]: addressText(address), [`${key}len`]: length === whole ? null : length };
}

const hex = (value: number): string => `0x${value.toString(16)}`;

function markOf(mark: number | null, mask: number | null): Entry {
  if (mark === null && mask === null) return {};
  return { fwmark: hex(mark ?? 0), fwmask: mask === null || mask === 0 || mask === ALL ? null : hex(mask) };
}

function protocolOf(bytes: Buffer | undefined): string | null {
  if (!bytes) return null;
  const known = PROTOCOLS[bytes[0]!];
  if (known === undefined) throw new Unworded('a protocol that has its name in a file');
  return known;
}

function range(from: string, to: string, bytes: Buffer | undefined): Entry {
  return bytes ? { [from]: bytes.readUInt32LE(0), [to]: bytes.readUInt32LE(4) } : {};
}

function ports(key: 'sport' | 'dport', bytes: Buffer | undefined): Entry {
  if (!bytes) return {};
  const [first, last] = [bytes.readUInt16LE(0), bytes.readUInt16LE(2)];
  return first === last ? { [key]: first } : { [`${key}_start`]: first, [`${key}_end`]: last };
}

function actionOf(action: number, flags: number, target: number | null): Entry {
  if (action === GOTO) return { goto: (flags & UNRESOLVED) !== 0 && !target ? 'none' : (target ?? 'none') };
  if (action === NOP) return { nop: true };
  const refusal = REFUSALS[action];
  if (action !== 1 && action !== 0 && refusal === undefined) throw new Unworded(`an action ${action}`);
  return { action: refusal ?? null };
}
