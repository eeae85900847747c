import { setSysctls } from '../fixes/sysctl.ts';
import { endings, isOfKind } from '../kernel/drops.ts';
import { clausesOf } from '../kernel/rule-clauses.ts';
import { endingHit } from '../kernel/rules.ts';
import { capacity, isReserved, type PortRange, portRange } from '../kernel/source-ports.ts';
import { asking, netnsOf } from '../kernel/travel.ts';
import { type Claim, cause } from '../model/cause.ts';
import type { RuleHit, Sockets, Sysctls } from '../model/facts.ts';
import type { Fix } from '../model/fix.ts';
import { destination } from '../model/flow.ts';
import { isAt, type Scene } from '../model/scene.ts';
import type { SocketState } from '../model/socket.ts';
import { fromState, fromStateIn, processName, ruleName } from '../words/telling.ts';
import { count, list } from '../words/text.ts';

type Seen = Scene & { readonly sysctls: Sysctls; readonly sockets: Sockets };

/** connect(2) finds none for a connection, bind(2) none at all, an unbound datagram is told to try again. */
const NONE_FREE = /^(EADDRNOTAVAIL|EADDRINUSE|EAGAIN)$/;
/** What Linux gives out where nobody says otherwise: ip_local_port_range, ip-sysctl.rst. */
const USUAL: PortRange = { first: 32_768, last: 60_999 };
const WIDE: PortRange = { first: 10_240, last: 65_535 };
const KEY = 'net.ipv4.ip_local_port_range';
const RESERVED = 'net.ipv4.ip_local_reserved_ports';

const text = ({ first, last }: PortRange): string => `${first} ${last}`;

/** An end of it that says nothing: it listens, or is not connected. */
const NOWHERE = /^(LISTEN|UNCONN)$/;

/** `12 in TIME-WAIT towards 10.0.0.9:80 and 4 in ESTAB towards 10.0.0.9:80 of python3 (pid 7)`. */
function whoHas(used: readonly SocketState[], { holders }: Sockets): string {
  const groups = new Map<string, number>();
  for (const one of used) {
    const holder = holders[one.inode];
    const whose = holder ? ` of ${processName(holder)}` : '';
    const far = destination({ address: one.destination, port: one.destinationPort });
    const key = `in ${one.state}${NOWHERE.test(one.state) ? '' : ` towards ${far}`}${whose}`;
    groups.set(key, (groups.get(key) ?? 0) + 1);
  }
  const largest = [...groups].sort(([, a], [, b]) => b - a).slice(0, 4);
  return list(largest.map(([words, number]) => `${number} ${words}`));
}

function widen(scene: Scene, range: PortRange): Fix {
  const wider = capacity(range, '') < capacity(USUAL, '') ? USUAL : WIDE;
  return setSysctls([{ key: KEY, value: text(wider), before: text(range) }], netnsOf(scene, asking(scene)), {
    title: `Give out the ports from ${wider.first} to ${wider.last}`,
    risk: 'safe',
    affects:
      'connections made from now on; a server that is to listen on one of these ports may find it taken',
  });
}

const release = (scene: Scene, reserved: string): Fix =>
  setSysctls([{ key: RESERVED, value: '', before: reserved }], netnsOf(scene, asking(scene)), {
    title: 'Give out the reserved ports too',
    risk: 'safe',
    affects: 'a server that is to listen on one of them later may find it taken',
  });

/** The sender's own kernel finds none. */
function ownPorts(scene: Seen): Claim | null {
  const { symptom, flow, sysctls, sockets, target } = scene;
  if (symptom.kind !== 'not-sent' || !NONE_FREE.test(symptom.errno ?? '') || flow.proto === 'icmp')
    return null;
  const side = asking(scene);
  const range = portRange(sysctls[side][KEY]);
  if (!range || flow.from === 'other') return null;
  const reserved = sysctls[side][RESERVED] ?? '';
  const proto = flow.proto === 'tcp' ? 'tcp' : 'udp';
  const taken = sockets.all.filter(
    (one) =>
      one.proto === proto &&
      one.sourcePort >= range.first &&
      one.sourcePort <= range.last &&
      !isReserved(one.sourcePort, reserved),
  );
  const all = capacity(range, reserved);
  const busy = new Set(taken.map(({ sourcePort }) => sourcePort)).size;
  if (busy < all) return null;
  const towards = taken.filter(
    (one) => one.destination === flow.address && one.destinationPort === flow.port,
  );
  const used = towards.length > 0 ? towards : taken;
  const waiting = used.filter(({ state }) => state === 'TIME-WAIT').length;
  const who = flow.from === 'host' ? 'this host' : target.name;
  return {
    sure: 'proved',
    what: `${who} has no source port left for another ${proto === 'tcp' ? 'connection' : 'datagram socket'} to ${destination(flow)}`,
    why: `The kernel refused it with ${symptom.errno}: ${all === 0 ? `${RESERVED} keeps back` : `taken are`} all ${count(capacity(range, all === 0 ? '' : reserved), 'port')} of ${KEY} (${range.first} to ${range.last})${all === 0 ? '' : `: ${whoHas(used, sockets)}`}.`,
    do:
      all === 0
        ? 'Reserve only the ports of the servers that need it.'
        : waiting * 2 > used.length
          ? 'Let the program keep its connections open and use them again; a wider range of ports helps for a while.'
          : 'See why the program holds so many connections, or give the namespace a wider range of ports.',
    fixes: all === 0 ? [release(scene, reserved)] : all < capacity(WIDE, '') ? [widen(scene, range)] : [],
    evidence: [
      fromStateIn(netnsOf(scene, side), `${KEY} = ${text(range)}`, ['sysctl', KEY]),
      all === 0
        ? fromStateIn(netnsOf(scene, side), `${RESERVED} = ${reserved}`, ['sysctl', RESERVED])
        : fromStateIn(netnsOf(scene, side), whoHas(used, sockets), ['ss', '-tuanp']),
    ],
  };
}

const TRANSLATES = /^(MASQUERADE|SNAT|masquerade|snat)$/;

/**
 * A rule that rewrites sources finds every port taken: an nft expression drops the packet itself, a target of iptables
 * lets the rule accept it, and the hook then drops what could not be translated (nf_nat_core.c, nf_nat_masquerade.c).
 */
function untranslated(scene: Scene & { ruleHits: readonly RuleHit[] }): RuleHit | undefined {
  const ended = endingHit(scene);
  const last = ended ?? scene.ruleHits.findLast(({ direction }) => direction === 'request');
  if (last?.direction !== 'request' || !TRANSLATES.test(clausesOf(last.rule).target ?? '')) return undefined;
  const behindIt = endings(scene).some((drop) => isOfKind(drop, /^nf_hook_slow$/) !== false);
  return ended || (isAt(scene, 'forward') && behindIt) ? last : undefined;
}

function translatedPorts(scene: Scene & { ruleHits: readonly RuleHit[] }): Claim | null {
  const hit = untranslated(scene);
  if (!hit) return null;
  const { rule } = hit;
  const range = /--to-ports? (\d+-\d+|\d+)|--to-source \S+:(\d+-\d+)/.exec(rule.text);
  const ports = range?.[1] ?? range?.[2];
  return {
    sure: hit.by === 'trace' ? 'proved' : 'supported',
    what: `the translation finds no free source port towards ${destination(scene.flow)}: ${rule.text}`,
    why: `The packets met ${ruleName(rule)}, which rewrites the source, and the kernel dropped them right behind it: it found no free port. ${ports ? `It may give ${ports}` : 'It gives any port of its address'}, and connections to ${destination(scene.flow)} hold them all.`,
    do: ports
      ? 'Give the rule more ports, or more addresses to translate to; close connections that nobody needs.'
      : 'Translate to more addresses, or close connections that nobody needs.',
    owner: rule.owner,
    fixes: [],
    evidence: [fromState('connection tracking counts them as drop', ['conntrack', '-S'])],
  };
}

export default cause({
  id: 'source-ports-used-up',
  title: 'No source port is free for another connection',
  explain: `Each connection needs a port of its own on its own side. The kernel takes it from net.ipv4.ip_local_port_range, without
those of ip_local_reserved_ports, and gives none out twice towards the same address and port. When all are taken, connect()
fails with "Cannot assign requested address" before any packet leaves; other destinations may still work. Many short
connections to one server leave their ports in TIME-WAIT for a minute each; a program that never closes holds them for good.

The same happens in address translation, where many containers share one source address: a MASQUERADE or SNAT rule that
finds no free port drops the packet, though no rule says drop.

By hand: \`ss -tanp dst ADDRESS\` inside the namespace, \`sysctl net.ipv4.ip_local_port_range\`; \`conntrack -S\` for the host.`,
  needs: ['sysctls', 'sockets', 'ruleHits'],
  over: ['firewall-rule-drop', 'container-no-address', 'masquerade-missing', 'container-permission'],
  examine: (scene) => ownPorts(scene) ?? translatedPorts(scene),
});
