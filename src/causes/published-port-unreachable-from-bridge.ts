import { lasting, listing, program, specOf } from '../fixes/rule.ts';
import { arrival } from '../kernel/arrival.ts';
import { seenAtHome } from '../kernel/led-home.ts';
import { transport } from '../kernel/listening.ts';
import type { Rewrite } from '../kernel/nat-rules.ts';
import { entrance } from '../kernel/packet-of.ts';
import { asksHostPort, keptOutBy, mappings, type Publishing, unserved } from '../kernel/publishing.ts';
import { cause } from '../model/cause.ts';
import { type Fix, run } from '../model/fix.ts';
import { isAt, linkNow, seen } from '../model/scene.ts';
import { linkHolding } from '../model/stack.ts';
import { fromState } from '../words/telling.ts';

/** The same rule for the bridge that it leaves out. */
function includeBridge({ rule }: Rewrite, bridge: string): Fix[] {
  const spec = specOf(rule);
  const at = spec?.indexOf('-i') ?? -1;
  if (spec === null || at < 0) return [];
  const start = spec[at - 1] === '!' ? at - 1 : at;
  const own = [...spec.slice(0, start), '-i', bridge, ...spec.slice(at + 2)];
  const tool = program(rule);
  return [
    {
      title: `Let containers of ${bridge} use the published port too`,
      risk: 'safe',
      lasts: lasting(rule),
      affects: `what containers of ${bridge} send to that port of the host`,
      apply: [run([tool, '-t', rule.table, '-A', rule.chain, ...own])],
      undo: [run([tool, '-t', rule.table, '-D', rule.chain, ...own])],
    },
  ];
}

/** A container that asks its own published port comes back to the bridge port it came from. */
function hairpin(scene: Publishing) {
  const { address, rewritten } = arrival(scene);
  const port = scene.path.hops.find((hop) => hop.where === 'host' && hop.link.master !== null);
  if (!rewritten || !port || !linkHolding(scene.stacks.container, address)) return null;
  if (!isAt(scene, 'wire', 'port', 'bridge', 'forward') || linkNow(scene, port)?.port?.hairpin !== false)
    return null;
  const set = (word: string) => run(['bridge', 'link', 'set', 'dev', port.name, 'hairpin', word]);
  return {
    sure: 'supported' as const,
    what: `the container asks its own published port, and ${port.name} may not send back where a frame came from`,
    why: `The request was rewritten to ${address}, the container itself, and hairpin mode of ${port.name} is off.`,
    do: 'Let the container ask itself by its own address, or turn hairpin mode on.',
    fixes: [
      {
        title: `Turn hairpin mode of ${port.name} on`,
        risk: 'safe' as const,
        lasts: 'until the container is started again',
        apply: [set('on')],
        undo: [set('off')],
      },
    ],
    evidence: [
      fromState(
        `hairpin of ${port.name} is off`,
        ['bridge', '-d', 'link', 'show', 'dev', port.name],
        port.id,
      ),
    ],
  };
}

/** As Docker masquerades it beside the rule that publishes the port. */
function masquerade(scene: Publishing, address: string, port: number): Fix[] {
  const rewrite = mappings(scene)[0];
  const proto = transport(scene.flow);
  if (!rewrite || rewrite.rule.engine === 'nft' || proto === null) return [];
  const tool = program(rewrite.rule);
  const spec = ['-s', address, '-d', address, '-p', proto, '--dport', String(port)];
  const line = (verb: string) => run([tool, '-t', 'nat', verb, 'POSTROUTING', ...spec, '-j', 'MASQUERADE']);
  return [
    {
      title: `Masquerade what ${address} sends to itself through its published port`,
      risk: 'safe',
      lasts: lasting(rewrite.rule),
      affects: `what ${address} asks of its own port ${port} by way of this host`,
      apply: [line('-A')],
      undo: [line('-D')],
    },
  ];
}

/** Its own request comes home to it with its own address as the source: no kernel takes that from outside. */
function comesHome(scene: Publishing) {
  const home = scene.path.hops.find(({ where }) => where === 'container');
  const back = home && seenAtHome(scene, scene.stacks.container, seen(scene, home.id, 'request'));
  if (!back) return null;
  const { destination: address, destinationPort } = back;
  const port = destinationPort ?? scene.flow.port;
  return {
    sure: 'proved' as const,
    what: 'the container asks its own published port, and nothing masquerades what comes back to it',
    why: `The request was rewritten to ${address}, the container itself, and came home with ${back.source} as its source: the kernel takes nothing from its own address.`,
    do: 'Masquerade what the container sends to itself, as Docker does beside each published port.',
    fixes: port === null ? [] : masquerade(scene, address, port),
    evidence: [
      fromState(
        `no nat rule rewrites the source of what ${address} sends to itself`,
        ['iptables', '-t', 'nat', '-S', 'POSTROUTING'],
        home.id,
      ),
    ],
  };
}

export default cause({
  id: 'published-port-unreachable-from-bridge',
  title: 'A published port is not reachable from the containers\u2019 own side',
  explain: `From outside a published port is reached through a DNAT rule. Docker's rule leaves out packets that come from the
container's own bridge (\`! -i br\`), because docker-proxy serves those. Where the proxy is switched off, a container that asks
the host's address and the published port finds neither rule nor program, and is refused.

A container that asks its own published port needs hairpin mode besides: its frame goes back out of the port it came from.
And it needs a MASQUERADE rule for what it sends to itself, which Docker writes beside each published port: without it the
request comes home with the container's own address as its source, and the kernel throws it away.

By hand: \`iptables -t nat -S | grep DNAT\` shows \`! -i BRIDGE\`; \`ss -ltnp\` shows whether docker-proxy listens.`,
  needs: ['firewall', 'listeners', 'ruleHits'],
  over: [
    'connection-refused',
    'port-not-published',
    'listener-on-loopback',
    'input-rule-drop',
    'bridge-port-isolated',
    'no-reply-from-destination',
    'source-is-own',
    'masquerade-missing',
  ],
  examine(scene) {
    if (scene.flow.from !== 'container' || !asksHostPort(scene)) return null;
    if (!unserved(scene)) return comesHome(scene) ?? (scene.symptom.kind === 'lost' ? hairpin(scene) : null);
    const bridge = entrance(scene);
    const rewrite = mappings(scene).find(
      (one) => keptOutBy(scene, one, 'in') && !keptOutBy(scene, one, 'destination'),
    );
    if (!rewrite || bridge === null) return null;
    return {
      sure: 'proved',
      what: `the rule that publishes port ${scene.flow.port} leaves out packets from ${bridge}, and no proxy serves them`,
      why: `The packets came from ${bridge} and reached the host itself, where nobody listens on port ${scene.flow.port}. The rule is: ${rewrite.rule.text}.`,
      do: 'Ask the other container directly, by its own address or name, or let the rule apply to this bridge too.',
      owner: rewrite.rule.owner,
      rule: rewrite.rule,
      fixes: includeBridge(rewrite, bridge),
      evidence: [fromState(rewrite.rule.text, listing(rewrite.rule))],
    };
  },
});
