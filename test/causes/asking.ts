/** Scenes that ask a port, and the answers that refuse it. */
import type { Listener } from '../../src/model/facts.ts';
import type { Proto } from '../../src/model/flow.ts';
import { sighting } from '../examples/sighting.ts';
import { healthy, type Lab, lostAt, type Way } from './scene.ts';

/** The healthy lab, asked with this protocol and port; the published port is 8080 outside and 80 inside. */
export function asking(way: Way, proto: Proto, port: number, family: 4 | 6 = 4): Lab {
  const lab = healthy(way, family);
  lab.flow.proto = proto;
  lab.flow.port = port;
  for (const one of lab.sightings) {
    const inside = way === 'from-outside' && one.hop !== 'host/up0';
    const server = inside ? 80 : port;
    one.destinationPort = one.kind === 'request' ? server : 40000;
    one.sourcePort = one.kind === 'request' ? 40000 : server;
  }
  return lab;
}

/** A RST (or port unreachable) that this hop showed first. */
export function refusedAt(lab: Lab, bornAt: string, from = lab.flow.address): Lab {
  lab.sightings = lab.sightings.filter((one) => one.kind === 'request');
  lab.sightings.push(
    sighting(bornAt, 'refusal', { source: from, destination: lab.path.sourceAddress ?? '' }),
  );
  lab.symptom = { kind: 'refused', errno: 'ECONNREFUSED', from, says: 'connection refused', bornAt };
  lab.outcomes = [{ probe: 0, result: 'refused', microseconds: 80, errno: 'ECONNREFUSED', says: null }];
  lab.place = null;
  return lab;
}

/**
 * From outside to the host's own port 8080 (or another): no rule took it further than the uplink, and the host
 * refused.
 */
export function unpublished(from: 'outside' | 'host' = 'outside', port = 8080, address = '192.0.2.1'): Lab {
  const lab = asking('from-outside', 'tcp', port);
  lab.flow.from = from;
  lab.flow.address = address;
  lab.flow.to = `${address}:${port}`;
  lab.path.hops = lab.path.hops.slice(0, 1);
  lab.path.stages = ['beyond', 'deliver'];
  lab.path.ending = 'host';
  lab.path.realDestination = address;
  lab.sightings = lab.sightings.filter((one) => one.hop === 'host/up0' && one.kind === 'request');
  for (const one of lab.sightings) one.destination = address;
  return refusedAt(lab, 'host/up0', address);
}

export const listener = (about: Partial<Listener> = {}): Listener => ({
  side: 'container',
  proto: 'tcp',
  family: 4,
  address: '0.0.0.0',
  port: 80,
  process: 'python3',
  backlog: 0,
  backlogMax: 64,
  ...about,
});

/** Delivered to its last hop, and nothing came back. */
export const unanswered = (lab: Lab): Lab => lostAt(lab, lab.path.stages.length - 1);
