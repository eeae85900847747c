import { refuted } from '../kernel/drops.ts';
import { ip, longestMatch } from '../kernel/routing.ts';
import { cause } from '../model/cause.ts';
import { type Fix, run } from '../model/fix.ts';
import type { Scene } from '../model/scene.ts';
import { linkHolding } from '../model/stack.ts';
import { fromState } from '../words/telling.ts';

const ENDED_HERE = /^(NO_SOCKET|tcp_v[46]_rcv|__udp[46]_lib_rcv|tcp_\w+|udp\w*)$/;

/**
 * An address that is set as an extra: alone on a link (/32 or /128) beside others, on lo or a dummy, or only in the
 * local table. The ordinary addresses of a host are no fault.
 */
function extra(scene: Scene): { where: string; fixes: Fix[] } | undefined {
  const { flow, stacks } = scene;
  const { address, family } = flow;
  const link = linkHolding(stacks.host, address);
  const own = link?.addresses.find((one) => one.address === address);
  const whole = family === 6 ? 128 : 32;
  if (link && own) {
    const beside = link.addresses.some(
      (one) => one.family === family && one.address !== address && one.prefix !== whole,
    );
    const isVirtual = link.kind === 'loopback' || link.kind === 'dummy';
    if (own.scope === 'host' || !(isVirtual || (own.prefix === whole && beside))) return undefined;
    const words = [`${address}/${own.prefix}`, 'dev', link.name];
    return {
      where: link.name,
      fixes: [
        {
          title: `Take ${address} from ${link.name}`,
          risk: 'disruptive',
          lasts: 'until something sets it again',
          affects: `what this host serves on ${address}`,
          apply: [run([...ip(family), 'addr', 'del', ...words])],
          undo: [run([...ip(family), 'addr', 'add', ...words])],
        },
      ],
    };
  }
  const route = longestMatch(stacks.host, 'local', { family, destination: address, source: null, iif: null });
  return route?.type === 'local' ? { where: `the local table (${route.destination})`, fixes: [] } : undefined;
}

export default cause({
  id: 'destination-is-local',
  title: 'The destination address belongs to this host',
  explain: `The address that the container asks for is one of this host's own, so the host answers instead of forwarding: mostly
with "connection refused", since the service lives elsewhere. The real destination never hears of it.

Addresses of virtual services (keepalived, kube-ipvs0, anycast on lo) that stay on a host, or that are set on a second
one, do that. \`ip route get ADDRESS\` says "local".`,
  needs: [],
  over: [
    'connection-refused',
    'no-reply-from-destination',
    'listener-on-loopback',
    'listener-wrong-family',
    'input-rule-drop',
    'port-not-published',
  ],
  examine(scene) {
    const { flow, path, symptom, target } = scene;
    if (flow.from === 'outside' || flow.to === 'host' || flow.to === 'gateway' || target.hostNetwork)
      return null;
    if (symptom.kind === 'answered' || refuted(scene, ENDED_HERE)) return null;
    const decided = flow.from === 'host' ? path.sourceRoute : path.hostRoute;
    // The kernel is not asked about a host's own address: its local table comes before every rule.
    const isLocal = decided ? decided.type === 'local' : path.ending === 'host';
    if (!isLocal || path.realDestination !== flow.address) return null;
    const found = extra(scene);
    if (!found) return null;
    return {
      sure: symptom.kind === 'refused' ? 'proved' : 'supported',
      what: `${flow.address} belongs to this host, which answers instead of forwarding`,
      why: `The host holds ${flow.address} on ${found.where}, and its kernel says the route there is local: no packet goes on to anybody else.`,
      do: `Take ${flow.address} from this host, if the service lives elsewhere.`,
      fixes: found.fixes,
      evidence: [fromState(`${flow.address} is local`, ['ip', 'route', 'get', flow.address])],
    };
  },
});
