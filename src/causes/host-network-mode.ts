import { cause } from '../model/cause.ts';
import { fromState } from '../words/telling.ts';

export default cause({
  id: 'host-network-mode',
  title: "The container shares the host's network",
  explain: `A container in host network mode has no namespace of its own: it uses the host's interfaces, routes and firewall, and
there is no path between it and the host. Port mappings (-p) do nothing, and a port that another program of the host
uses is taken.

\`docker inspect\` shows NetworkMode "host", and \`ss -ltnp\` who listens on which port of the host.`,
  needs: [],
  over: ['connection-refused', 'port-not-published', 'published-port-unreachable-from-bridge'],
  examine(scene) {
    const { target, flow, symptom } = scene;
    const asksIt = flow.from !== 'container' || (flow.port !== null && scene.path.ending !== 'outside');
    if (!target.hostNetwork || !asksIt || symptom.kind !== 'refused') return null;
    return {
      sure: 'supported',
      what: `${target.name} shares the host's network, and nobody listens on ${flow.port === null ? 'that address' : `port ${flow.port}`} of the host`,
      why: 'In host network mode port mappings do not apply: the program listens on the port that it chose itself, on the host.',
      do: 'Ask for the port the program really listens on, or give the container a network of its own and publish the port.',
      evidence: [fromState(`network mode ${target.mode ?? 'host'}`, ['ss', '-ltnp'])],
    };
  },
});
