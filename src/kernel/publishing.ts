/** Published ports: which rules lead from a port of this host to a container. */
import type { Firewall, Listener, RuleHit } from '../model/facts.ts';
import { isHostAddress, type Scene } from '../model/scene.ts';
import type { Subject } from './clause.ts';
import { takes, transport } from './listening.ts';
import { destinationRewrites, type Rewrite } from './nat-rules.ts';
import { enteringPacket, entrance } from './packet-of.ts';
import { meets } from './rule-chain.ts';
import { asked, fits } from './rule-clauses.ts';

export type Publishing = Scene & { readonly firewall: Firewall; readonly listeners: readonly Listener[] };

/** The flow asks a port of this host's own address. */
export const asksHostPort = (scene: Scene): boolean =>
  scene.flow.port !== null && isHostAddress(scene, scene.flow.address);

/** Rules that name the port asked for, whatever else they ask. */
export function mappings(scene: Publishing): Rewrite[] {
  const packet = enteringPacket(scene, entrance(scene));
  return destinationRewrites(scene.firewall.host).filter(({ clauses }) => {
    const asks = clauses.asks.filter(({ on }) => on === 'proto' || on === 'dport');
    return asked(clauses, 'dport') !== undefined && fits({ ...clauses, asks }, packet) === true;
  });
}

/** Is this subject of the rule what keeps the packet out? */
export function keptOutBy(scene: Publishing, rewrite: Rewrite, subject: Subject): boolean {
  const packet = enteringPacket(scene, entrance(scene));
  const asks = rewrite.clauses.asks.filter(({ on }) => on === subject);
  return asks.length > 0 && fits({ ...rewrite.clauses, asks }, packet) === false;
}

/** A rule that takes (or may take) the probe to a container. */
export function leading(scene: Publishing): Rewrite | undefined {
  const packet = enteringPacket(scene, entrance(scene));
  const hook = scene.flow.from === 'host' ? 'output' : 'prerouting';
  return mappings(scene).find(({ rule }) => meets(scene.firewall.host, rule, packet, hook) !== false);
}

/** Programs of the host (a proxy of the runtime among them) that listen on the port asked for. */
export const onHostPort = (scene: Publishing): Listener[] =>
  scene.listeners.filter(
    (one) => one.side === 'host' && one.proto === transport(scene.flow) && one.port === scene.flow.port,
  );

/**
 * Was a rule seen to take a request on, whatever its rules say: one that rewrites was met, or a later hook met it rewritten?
 */
const takenOn = ({ flow, ruleHits }: Publishing & { readonly ruleHits: readonly RuleHit[] }): boolean =>
  ruleHits.some(
    ({ by, direction, side, rule, packet }) =>
      by === 'trace' &&
      direction === 'request' &&
      side === 'host' &&
      (destinationRewrites([rule]).length > 0 ||
        (packet !== undefined && packet.destination !== flow.address)),
  );

/** Nothing of the host itself answers there, and the packet did not get to a container, nor was on its way to one. */
export function unserved(scene: Publishing & { readonly ruleHits: readonly RuleHit[] }): boolean {
  if (scene.symptom.kind === 'answered' || scene.symptom.kind === 'not-sent') return false;
  const there = onHostPort(scene).filter((one) => takes(one, scene.flow.address, scene.flow.family));
  if (there.some(({ process }) => !keepsOnly(scene, process))) return false;
  const beyondHost = scene.sightings.some(
    (one) => one.kind === 'request' && one.destination !== scene.flow.address,
  );
  return !beyondHost && leading(scene) === undefined && !takenOn(scene);
}

/** Programs that carry on what they accept: Docker's and rootless podman's. Others only keep a port from being taken. */
const PROXIES = /^(docker-proxy|rootlessport\S*|rootlesskit\S*|slirp4netns|pas[st]\S*|gvproxy|exe)$/;

/** The name in `docker-proxy (pid 9112)`. */
const nameOf = (process: string | null): string => process?.replace(/ \(pid \d+\)$/, '') ?? '';

export const carriesOn = (process: string | null): process is string => PROXIES.test(nameOf(process));

/** Does the runtime say that it publishes the port asked for? */
const isPublished = ({ flow, target }: Pick<Scene, 'flow' | 'target'>): boolean =>
  target.ports.some((one) => one.hostPort === flow.port && one.proto === 'tcp');

/** The flow asks a port that the runtime publishes, and it went into no container. */
export const staysOnHost = (scene: Pick<Scene, 'flow' | 'path' | 'target'>): boolean =>
  scene.path.ending === 'host' && scene.flow.proto === 'tcp' && isPublished(scene);

/**
 * Podman's monitor holds the port of a container to keep it taken, and never accepts; Docker itself does so where it is told to
 * use no proxy, and has ports of its own beside.
 */
const keepsOnly = (scene: Pick<Scene, 'flow' | 'target'>, process: string | null): boolean =>
  nameOf(process) === 'conmon' || (nameOf(process) === 'dockerd' && isPublished(scene));

/** Do all its connections stand in the queues of sockets that only keep the port taken? */
export const isReserved = (scene: Pick<Scene, 'flow' | 'target' | 'path' | 'untaken'>): boolean =>
  scene.path.ending === 'host' &&
  scene.untaken?.kind === 'accept' &&
  scene.untaken.connections === scene.untaken.of &&
  scene.untaken.takers.length > 0 &&
  scene.untaken.takers.every(
    ({ stuck, holders }) => stuck && holders.some(({ name }) => keepsOnly(scene, name)),
  );

/** Who holds a published port without carrying on what comes, to keep the port taken. */
export const keeper = (scene: Publishing): Listener | undefined => {
  const there = onHostPort(scene).filter((one) => takes(one, scene.flow.address, scene.flow.family));
  const isHeld = staysOnHost(scene) || isReserved(scene);
  if (!isHeld || there.some(({ process }) => carriesOn(process))) return undefined;
  return there.find(({ process }) => keepsOnly(scene, process));
};

/** Does who publishes or listens there take every address? */
export const isAnywhere = (address: string): boolean => /^(0\.0\.0\.0|::|\*)?$/.test(address);

/** The program of the host's own that answers on an address for which the runtime does not publish the port. */
export function stranger(scene: Publishing): Listener | undefined {
  const { flow, target, symptom } = scene;
  if (!staysOnHost(scene) || symptom.kind !== 'answered') return undefined;
  const meant = target.ports.filter((one) => one.hostPort === flow.port && one.proto === 'tcp');
  if (meant.some(({ hostAddress }) => isAnywhere(hostAddress) || hostAddress === flow.address))
    return undefined;
  const there = onHostPort(scene).filter((one) => takes(one, flow.address, flow.family));
  return there.some(({ process }) => carriesOn(process)) ? undefined : there[0];
}
