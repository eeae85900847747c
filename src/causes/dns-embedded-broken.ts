import { transport } from '../kernel/listening.ts';
import { destinationRewrites } from '../kernel/nat-rules.ts';
import { asked } from '../kernel/rule-clauses.ts';
import { cause } from '../model/cause.ts';
import type { Listener } from '../model/facts.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Scene } from '../model/scene.ts';
import { asksResolver, EMBEDDED } from '../wire/dns.ts';
import { fromStateIn } from '../words/telling.ts';

/** The redirect from port 53 to the port on which the embedded resolver really listens. */
function redirect(scene: Scene, own: Listener): Fix[] {
  const to = `${EMBEDDED}:${own.port}`;
  const rule = [
    'OUTPUT',
    '-d',
    EMBEDDED,
    '-p',
    own.proto,
    '--dport',
    String(scene.flow.port ?? 53),
    '-j',
    'DNAT',
    '--to-destination',
    to,
  ];
  return [
    {
      title: `Redirect ${EMBEDDED} to the embedded resolver again`,
      risk: 'safe',
      lasts: 'until the container is started again, which writes the runtime\u2019s own rule',
      affects: 'name resolution inside this container',
      apply: [run(['iptables', '-t', 'nat', '-A', ...rule], scene.target.netns)],
      undo: [run(['iptables', '-t', 'nat', '-D', ...rule], scene.target.netns)],
    },
  ];
}

export default cause({
  id: 'dns-embedded-broken',
  title: 'The runtime\u2019s embedded resolver lost its redirect inside the container',
  explain: `In a user-defined network Docker answers DNS inside each container at 127.0.0.11. Its program listens there on a random
port, and NAT rules in the container's own namespace lead port 53 to it.

A program in the container that flushes iptables (a VPN script, a firewall set-up) removes those rules: every question is
then refused at once, although the network is fine.

By hand: \`nsenter --net=… iptables -t nat -S | grep 127.0.0.11\`, and \`nsenter --net=… ss -lnup\` for the resolver's own port.`,
  needs: ['firewall', 'listeners'],
  over: [
    'connection-refused',
    'dns-resolver-loopback',
    'dns-resolver-silent',
    'listener-on-loopback',
    'dnat-wrong',
  ],
  examine(scene) {
    const { flow } = scene;
    if (flow.from !== 'container' || !asksResolver(flow) || flow.address !== EMBEDDED) return null;
    if (scene.symptom.kind === 'answered') return null;
    const proto = transport(flow);
    const rules = destinationRewrites(scene.firewall.container);
    const leads = rules.find(
      ({ clauses, address }) => address === EMBEDDED && asked(clauses, 'proto')?.values.includes(proto ?? ''),
    );
    const own = scene.listeners.find(
      (one) => one.side === 'container' && one.address === EMBEDDED && one.proto === proto,
    );
    if (own && (leads || own.port === flow.port)) return null;
    const { netns } = scene.target;
    return {
      sure: scene.symptom.kind === 'refused' ? 'proved' : 'supported',
      what: own
        ? `nothing leads ${EMBEDDED} port ${flow.port ?? 53} to the embedded resolver, which listens on port ${own.port}`
        : `the embedded resolver ${EMBEDDED} does not run in this container`,
      why: own
        ? 'The rules that the runtime wrote in the container\u2019s own nat table are gone.'
        : `Nobody listens on ${EMBEDDED} in the container: its runtime was restarted badly, or resolv.conf was copied from another container.`,
      do: own
        ? 'Write the redirect again, or restart the container.'
        : 'Restart the container, or name a resolver it can reach.',
      fixes: own ? redirect(scene, own) : [],
      evidence: [
        fromStateIn(
          netns,
          own ? `no rule redirects ${EMBEDDED}` : `nobody listens on ${EMBEDDED}`,
          own ? ['iptables', '-t', 'nat', '-S', 'OUTPUT'] : ['ss', '-lnup'],
        ),
      ],
    };
  },
});
