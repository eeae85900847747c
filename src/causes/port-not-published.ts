import { program } from '../fixes/rule.ts';
import { isLoopback } from '../kernel/arrival.ts';
import { listenersOn, transport } from '../kernel/listening.ts';
import { destinationRewrites, type Rewrite } from '../kernel/nat-rules.ts';
import { enteringPacket, entrance } from '../kernel/packet-of.ts';
import { asksHostPort, keeper, mappings, type Publishing, unserved } from '../kernel/publishing.ts';
import { reaches } from '../kernel/rule-chain.ts';
import { asked, clausesOf } from '../kernel/rule-clauses.ts';
import { cause } from '../model/cause.ts';
import type { Rule } from '../model/evidence.ts';
import { type Fix, run } from '../model/fix.ts';
import { fromState } from '../words/telling.ts';
import { count, list, seconds } from '../words/text.ts';

/** The container's only address of the family, without which no rule can be written. */
function addressOf(scene: Publishing): string | undefined {
  const own = scene.stacks.container.links
    .flatMap((link) => link.addresses)
    .filter((one) => one.family === scene.flow.family && one.scope === 'global');
  return own.length === 1 ? own[0]?.address : undefined;
}

/** The container's port: the runtime's word, or the accept rule that it wrote for a published port. */
function portOf(scene: Publishing, address: string): number | undefined {
  const told = scene.target.ports.find(
    (one) => one.hostPort === scene.flow.port && one.proto === transport(scene.flow),
  );
  if (told) return told.containerPort;
  const accepted = scene.firewall.host.flatMap((rule: Rule) => {
    const clauses = clausesOf(rule);
    const to = asked(clauses, 'destination')?.values.some((value) => value.split('/')[0] === address);
    const port = asked(clauses, 'dport')?.values ?? [];
    return rule.table === 'filter' && clauses.target === 'ACCEPT' && to && port.length === 1
      ? [Number(port[0])]
      : [];
  });
  return new Set(accepted).size === 1 ? accepted[0] : undefined;
}

function publish(scene: Publishing): Fix[] {
  const address = addressOf(scene);
  const port = address === undefined ? undefined : portOf(scene, address);
  const proto = transport(scene.flow);
  if (address === undefined || !port || proto === null) return [];
  const tool = scene.flow.family === 6 ? 'ip6tables' : 'iptables';
  const docker = scene.firewall.host.some(
    (rule) => rule.table === 'nat' && clausesOf(rule).target === 'DOCKER',
  );
  const chain = docker ? ['DOCKER'] : [scene.flow.from === 'host' ? 'OUTPUT' : 'PREROUTING'];
  const local = docker ? [] : ['-m', 'addrtype', '--dst-type', 'LOCAL'];
  const to = `${scene.flow.family === 6 ? `[${address}]` : address}:${port}`;
  const rule = [
    ...chain,
    '-p',
    proto,
    ...local,
    '--dport',
    String(scene.flow.port),
    '-j',
    'DNAT',
    '--to-destination',
    to,
  ];
  return [
    {
      title: `Lead port ${scene.flow.port} to ${to}`,
      risk: 'safe',
      lasts: 'until reboot, or until the rules are loaded again',
      affects: 'everybody who can reach this host can then reach that port of the container',
      apply: [run([tool, '-t', 'nat', '-A', ...rule])],
      undo: [run([tool, '-t', 'nat', '-D', ...rule])],
    },
  ];
}

/** The chain that holds the rule is not called from the hook that these packets pass. */
function call(scene: Publishing, unused: Rewrite): Fix[] {
  const { rule } = unused;
  const hook = scene.flow.from === 'host' ? 'OUTPUT' : 'PREROUTING';
  const packet = enteringPacket(scene, entrance(scene));
  if (
    rule.engine === 'nft' ||
    reaches(scene.firewall.host, rule, packet, hook === 'OUTPUT' ? 'output' : 'prerouting') !== false
  )
    return [];
  const tool = program(rule);
  const jump = [hook, '-m', 'addrtype', '--dst-type', 'LOCAL', '-j', rule.chain];
  return [
    {
      title: `Let ${hook} call ${rule.chain} again`,
      risk: 'safe',
      lasts: 'until reboot, or until the rules are loaded again',
      affects: `every port that ${rule.chain} publishes`,
      apply: [run([tool, '-t', rule.table, '-A', ...jump])],
      undo: [run([tool, '-t', rule.table, '-D', ...jump])],
    },
  ];
}

/** A container that was asked for by this port of the host, and serves the same one itself. */
const isItsOwn = (scene: Publishing): boolean =>
  scene.flow.from !== 'container' &&
  listenersOn(scene, 'container', scene.flow.port).some(({ address }) => !isLoopback(address));

/** What became of the connections to who keeps the port. */
const standing = ({ untaken }: Publishing): string =>
  untaken
    ? `${count(untaken.connections, 'connection')} that the kernel opened stood in its queue for ${seconds(untaken.waited)}`
    : 'the kernel opens what comes';

export default cause({
  id: 'port-not-published',
  title: 'No rule leads from that port of the host to the container',
  explain: `A container's port is reached through the host only when it was published: a DNAT rule (or a proxy of the runtime) then
leads from a port of the host to it. Without one the host itself is asked, has no program there, and refuses.

The port was never published, or its rule is gone: a firewall was reloaded or flushed after the runtime wrote its rules. Then
the way out has lost its MASQUERADE too. Podman's conmon still holds the port to keep it from being taken: the kernel opens
connections for it, which it never accepts. Restarting the runtime (for podman: \`podman network reload\`) writes them again.

By hand: \`iptables -t nat -S | grep DNAT\`, \`nft list ruleset | grep dnat\`, and the runtime's port list.`,
  needs: ['firewall', 'listeners', 'ruleHits'],
  over: [
    'connection-refused',
    'input-rule-drop',
    'no-reply-from-destination',
    'listener-on-loopback',
    'listener-wrong-family',
  ],
  examine(scene) {
    const kept = scene.symptom.kind === 'answered' ? keeper(scene) : undefined;
    const { flow, target } = scene;
    if (!asksHostPort(scene) || !(kept || (flow.from !== 'container' && unserved(scene)))) return null;
    const told = target.ports.some((one) => one.hostPort === flow.port);
    const whose = told || isItsOwn(scene) ? target.name : 'its container';
    const unused = mappings(scene)[0];
    const others = [
      ...new Set(
        destinationRewrites(scene.firewall.host).flatMap(
          ({ clauses }) => asked(clauses, 'dport')?.values ?? [],
        ),
      ),
    ];
    const nothing = scene.firewall.host.every((rule) => rule.table !== 'nat');
    const because = unused
      ? ` A rule for that port exists and is not met by these packets: ${unused.rule.text}.`
      : nothing
        ? ' The host has no nat rules at all: they were flushed, or never written.'
        : others.length > 0
          ? ` Ports that rules do lead somewhere: ${list(others.slice(0, 8))}.`
          : '';
    return {
      sure: 'proved',
      what:
        told || kept
          ? `the rule that leads from port ${flow.port} to ${kept ? whose : target.name} is gone`
          : `no rule leads from port ${flow.port} of this host to ${target.name}`,
      why: kept
        ? `${kept.process} holds port ${flow.port} only to keep it from being taken, and carries nothing on: ${standing(scene)}, and no packet went into the container.${because}`
        : `The packets arrived for port ${scene.flow.port} of this host itself, where nobody listens.${because}`,
      do:
        told || kept || nothing
          ? 'Let the runtime write its rules again (restart it, or `podman network reload`), or add the rule.'
          : 'Publish the port when the container is made, or add the rule.',
      owner: unused?.rule.owner ?? null,
      fixes: unused ? call(scene, unused) : kept && whose !== target.name ? [] : publish(scene),
      evidence: [fromState(`no nat rule takes port ${scene.flow.port}`, ['iptables', '-t', 'nat', '-S'])],
    };
  },
});
