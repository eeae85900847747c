/** The kernel's own routing decision for one packet. */
import type { Machine, RouteAsked } from '../host/machine.ts';
import { type Command, commandLine, type Netns } from '../model/netns.ts';
import type { Decision } from '../model/path.ts';
import { plain } from '../words/text.ts';
import { type Fields, fields, parseList, text } from './ip/json.ts';

export interface RouteQuestion {
  readonly to: string;
  /** Source address; of another host when `iif` is told. */
  readonly from?: string | null;
  /** Interface the packet arrives by: the decision of a forwarder instead of a sender. */
  readonly iif?: string | null;
  readonly oif?: string | null;
  readonly mark?: number | null;
  /** Of the socket that sends it; without it the kernel takes that of whoever asks. */
  readonly uid?: number | null;
  readonly proto?: 'icmp' | 'tcp' | 'udp' | 'dns' | null;
  readonly port?: number | null;
  /** Source port: a multipath route may choose by it. */
  readonly sourcePort?: number | null;
}

/** IPv6 answers a rejecting route with the route itself; these are the errors that IPv4 gives for the same. */
const REJECTS: Readonly<Record<string, string>> = {
  unreachable: 'No route to host',
  prohibit: 'Permission denied',
  blackhole: 'Invalid argument',
  throw: 'Network is unreachable',
};

const protocol = (question: RouteQuestion): RouteAsked['protocol'] => {
  if (!question.proto) return null;
  if (question.proto === 'icmp') return question.to.includes(':') ? 'ipv6-icmp' : 'icmp';
  return question.proto === 'tcp' ? 'tcp' : 'udp';
};

function argvOf(question: RouteQuestion): [string, ...string[]] {
  const hasPorts = question.proto && question.proto !== 'icmp';
  const options: [string, string | number | null | undefined][] = [
    ['from', question.from],
    ['iif', question.iif],
    ['oif', question.oif],
    ['mark', question.mark],
    ['uid', question.uid],
    ['ipproto', protocol(question)],
    ['sport', hasPorts ? question.sourcePort : null],
    ['dport', hasPorts ? question.port : null],
  ];
  const words = options.flatMap(([word, value]) =>
    value === null || value === undefined ? [] : [word, `${value}`],
  );
  return ['ip', '-j', '-d', 'route', 'get', question.to, ...words];
}

const nothing = { dev: null, gateway: null, source: null, table: null, type: null };

/**
 * Of IPv4 the kernel says so. Of IPv6 it answers with the copy that the redirect left, which ip prints without the protocol and
 * the scope that `-d` shows of every route (RTM_F_CLONED; rt6_do_redirect(), net/ipv6/route.c); what only remembers a path
 * MTU is such a copy too, and keeps its router, which is never the destination.
 */
function isRemembered(entry: Fields, { to }: RouteQuestion): boolean {
  if (!to.includes(':')) return Array.isArray(entry.cache) && entry.cache.includes('redirected');
  return text(entry.gateway) !== null && !('protocol' in entry) && !('scope' in entry);
}

/**
 * Asks as `ip route get` does. A refusal is an answer (`known`, with the kernel's words in `refusal`); `known` is false only
 * when the question could not be put. Trap: forwarding off, a missing route, a blackhole and strict rp_filter share
 * their refusals, so that one confirms and never names. Source: ip-route(8).
 */
export async function routeGet(
  machine: Machine,
  netns: Netns | null,
  question: RouteQuestion,
): Promise<Decision> {
  const argv = commandLine(commandOf(question, netns));
  const told = machine.routeIn(netns, askedOf(question));
  if (!told.known) return askIp(machine, netns, question);
  const { entry, refusal } = told.value;
  return entry ? decisionFrom(entry, question, argv) : { known: true, refusal, ...nothing, argv };
}

const commandOf = (question: RouteQuestion, netns: Netns | null): Command =>
  netns ? { argv: argvOf(question), in: netns } : { argv: argvOf(question) };

function askedOf(question: RouteQuestion): RouteAsked {
  const { to, from = null, iif = null, oif = null, mark = null, uid = null } = question;
  const hasPorts = question.proto && question.proto !== 'icmp';
  return {
    to,
    from,
    iif,
    oif,
    mark,
    uid,
    protocol: protocol(question),
    sourcePort: hasPorts ? (question.sourcePort ?? null) : null,
    port: hasPorts ? (question.port ?? null) : null,
  };
}

/** The same by a program. */
export async function askIp(
  machine: Machine,
  netns: Netns | null,
  question: RouteQuestion,
): Promise<Decision> {
  const command = commandOf(question, netns);
  const argv = commandLine(command);
  const answer = await machine.run(command);
  if (!answer.known) return { known: false, refusal: answer.detail, ...nothing, argv };
  const { stdout, stderr, code } = answer.value;
  const entry = code === 0 ? parseList(stdout)[0] : undefined;
  if (entry) return decisionFrom(entry, question, argv);
  const refusal = /^RTNETLINK answers: (.+)$/m.exec(stderr)?.[1];
  const said = plain(refusal ?? stderr.trim().split('\n')[0] ?? '');
  return { known: refusal !== undefined, refusal: said || `exit code ${code}`, ...nothing, argv };
}

/** An address of zeroes is none. */
const given = (value: unknown): string | null => {
  const address = text(value);
  return address === null || /^(0\.0\.0\.0|::)$/.test(address) ? null : address;
};

function encapOf({ encap, tunnel }: Fields): Pick<Decision, 'encap'> {
  if (text(encap) === null) return {};
  const { id, src, dst } = fields(tunnel);
  const number = typeof id === 'number' ? id : 0;
  return { encap: { id: number, source: given(src), destination: given(dst) } };
}

function decisionFrom(entry: Fields, question: RouteQuestion, argv: readonly string[]): Decision {
  const type = text(entry.type) ?? 'unicast';
  return {
    known: true,
    refusal: REJECTS[type] ?? null,
    dev: text(entry.dev),
    gateway: text(entry.gateway) ?? text(fields(entry.via).host),
    source: text(entry.prefsrc),
    table: text(entry.table),
    type,
    ...(text(entry.gateway) !== null && text(entry.protocol) !== null
      ? { protocol: text(entry.protocol)! }
      : {}),
    ...encapOf(entry),
    ...(isRemembered(entry, question) ? { redirected: true } : {}),
    argv,
  };
}
