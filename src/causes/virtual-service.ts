import { NETFILTER, NOTHING, refuted } from '../kernel/drops.ts';
import { serviceOf, serving } from '../kernel/virtual-service.ts';
import { cause } from '../model/cause.ts';
import type { VirtualService } from '../model/facts.ts';
import { destination } from '../model/flow.ts';
import { exitHop, isAt, type Scene, seen } from '../model/scene.ts';
import { fromState } from '../words/telling.ts';

const show = (service: VirtualService): string[] => [
  'ipvsadm',
  '-ln',
  service.proto === 'udp' ? '-u' : '-t',
  destination(service),
];

const noServer = cause({
  id: 'ipvs-no-server',
  title: 'The virtual service has no server',
  explain: `IPVS, the kernel's own balancer (kube-proxy's IPVS mode, Docker Swarm's ingress, keepalived), takes connections for a
virtual address and hands each to one of its servers. With none, or with weight 0 for all of them, it refuses what comes.

It comes about when all pods or tasks of a service are gone or not ready, or when whoever keeps the table has stopped.

By hand: \`ipvsadm -ln\`, or /proc/net/ip_vs.`,
  needs: ['virtualServices'],
  over: [
    'connection-refused',
    'destination-is-local',
    'input-rule-drop',
    'port-not-published',
    'no-reply-from-destination',
  ],
  // ip_vs_leave() answers with an error, and the packet ends in the hook (net/netfilter/ipvs/ip_vs_core.c).
  explains: NETFILTER,
  examine(scene) {
    const service = serviceOf(scene.virtualServices, scene.flow);
    if (
      !service ||
      scene.symptom.kind === 'answered' ||
      refuted(scene, NETFILTER) ||
      serving(service).length > 0
    )
      return null;
    const { servers } = service;
    const name = destination(service);
    const why =
      servers.length === 0
        ? `IPVS of this host serves ${name}, and has no server for it.`
        : `IPVS of this host serves ${name}, and its ${servers.length === 1 ? 'server has' : 'servers all have'} weight 0: ${servers.map(destination).join(', ')}.`;
    return {
      sure: 'proved',
      what: `the virtual service ${name} has no server`,
      why,
      do: 'Look why nothing serves it: the pods or tasks behind it, and whoever keeps the table (kube-proxy, Docker, keepalived).',
      evidence: [fromState(why, show(service))],
    };
  },
});

/** To which server IPVS sent the request, as the last interface showed it. */
function chosen(scene: Scene, service: VirtualService) {
  const exit = exitHop(scene);
  const left = exit ? seen(scene, exit.id, 'request')[0] : undefined;
  return service.servers.find(
    (one) => one.address === left?.destination && one.port === left?.destinationPort,
  );
}

const silent = cause({
  id: 'ipvs-server-silent',
  title: 'The server that IPVS chose does not answer',
  explain: `IPVS, the kernel's own balancer, took the connection for a virtual address and handed it to one of its servers, which does
not answer. IPVS itself does not look whether a server lives: kube-proxy, keepalived or Docker take dead ones out of its table.
As long as a dead one stands there, its share of the connections hangs, and the others are answered.

By hand: \`ipvsadm -ln\` for the servers, \`ipvsadm -lnc\` for which connection went where.`,
  needs: ['virtualServices'],
  over: ['no-reply-from-destination'],
  explains: NOTHING,
  examine(scene) {
    const service = serviceOf(scene.virtualServices, scene.flow);
    if (!service || refuted(scene, NOTHING) || scene.symptom.kind !== 'silence' || !isAt(scene, 'beyond'))
      return null;
    const server = chosen(scene, service);
    if (!server) return null;
    const name = destination(service);
    const to = destination(server);
    return {
      sure: 'proved',
      what: `IPVS hands ${name} to ${to}, which does not answer`,
      why: `The request for the virtual service ${name} left this host for its server ${to}, and nothing came back.`,
      do: `Look at ${to}; if it is gone, have whoever keeps the table of IPVS (kube-proxy, Docker, keepalived) take it out.`,
      evidence: [fromState(`${name} is served by ${to}`, show(service))],
    };
  },
});

export default [noServer, silent];
