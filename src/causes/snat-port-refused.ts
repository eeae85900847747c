import { NO_FILTER } from '../kernel/drops.ts';
import { sourceOnUplink } from '../kernel/nat.ts';
import { sourceRewrites } from '../kernel/nat-rules.ts';
import { leavingPacket } from '../kernel/packet-of.ts';
import { fits } from '../kernel/rule-clauses.ts';
import { cause } from '../model/cause.ts';
import { exitHop, isAt, type Scene, seen } from '../model/scene.ts';
import { fromState, ruleName } from '../words/telling.ts';
import { list } from '../words/text.ts';

/** The ports like NAT's from which the host itself is not answered, where another port is. */
function refused(scene: Scene): readonly string[] {
  const tries = scene.control?.tries?.filter(({ trait }) => trait === 'source-port') ?? [];
  if (!scene.control?.answered || tries.length === 0 || tries.some(({ answered }) => answered)) return [];
  return tries.map(({ value }) => value);
}

export default cause({
  id: 'snat-port-refused',
  title: 'The source port that NAT chose is refused where another would pass',
  explain: `On its way out the container's packet was given another source port, and somebody beyond this host lets nothing come
back to that port: a stateless filter that knows answers by the range of ephemeral ports (32768 to 60999 on Linux), a
provider that drops low or well-known ports against reflection attacks. The host's own connections come from ephemeral
ports, and pass.

MASQUERADE and SNAT keep the port where they can; \`--to-ports\`, \`--random\` and a port that two containers share make them
choose. By hand: a capture on the uplink shows the port, and \`nc -p PORT\` from the host asks from one like it.`,
  needs: ['firewall'],
  explains: NO_FILTER,
  over: ['no-reply-from-destination', 'no-return-route', 'snat-wrong-address'],
  examine(scene) {
    if (scene.symptom.kind !== 'silence' || !isAt(scene, 'beyond')) return null;
    const ports = refused(scene);
    const uplink = exitHop(scene);
    const shown = uplink && seen(scene, uplink.id, 'request')[0];
    if (ports.length === 0 || !uplink || !shown) return null;
    const leaves = sourceOnUplink(scene);
    const packet = leavingPacket(scene, leaves?.source ?? shown.source, uplink.name);
    const rule = sourceRewrites(scene.firewall.host).find(
      ({ clauses }) => fits(clauses, packet) === true,
    )?.rule;
    return {
      sure: 'proved',
      what: `the source port ${shown.sourcePort} that NAT chose is refused beyond this host`,
      why: `the request left through ${uplink.name} from port ${shown.sourcePort}, and nothing came back. The host itself is answered from a port of its own choice, and not from ${list(ports)}.${rule ? ` ${ruleName(rule)} chooses the port: ${rule.text}.` : ''}`,
      do: 'Let NAT choose from the ephemeral ports, as MASQUERADE --to-ports 32768-60999, or have the filter beyond let these ports pass.',
      owner: rule?.owner ?? null,
      evidence: [
        fromState(
          `the request left from port ${shown.sourcePort}`,
          ['tcpdump', '-ni', uplink.name, 'port', `${shown.sourcePort}`],
          uplink.id,
        ),
      ],
    };
  },
});
