/** The routing decision about an answer, of whoever takes it: the host that forwards it, or the one who sends it. */
import type { Answerer, Side } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';
import type { Stack } from '../model/stack.ts';
import { forwarding } from './forwarding.ts';
import { decide, longestMatch, type Packet, type Routing, rulesOf, takes } from './routing.ts';
import { selectors, sender } from './travel.ts';

export interface Returning {
  readonly side: Side;
  readonly stack: Stack;
  readonly source: string | null;
  readonly destination: string;
  /** The interface that the answer should leave by: the one by which the request came in. */
  readonly expected: string;
  readonly found: Routing;
  readonly packet: Packet;
}

/** Undefined where the answer is not lost at a decision of this host's, or of a container of it. */
export function returning(scene: Scene, by: Answerer = {}): Returning | undefined {
  const { place, path, stacks } = scene;
  if (place?.direction !== 'reply') return undefined;
  if (place.stage === 'deliver') return sent(scene, by);
  if (place.stage !== 'forward' && place.stage !== 'beyond') return undefined;
  const way = forwarding(scene);
  const expected = place.before?.name ?? way?.oif;
  if (!way || !expected || path.hops.length === 0) return undefined;
  const { source, destination, found, packet } = way;
  return { side: 'host', stack: stacks.host, source, destination, expected, found, packet };
}

/** The one who was asked answers from the address that was asked, and from its port. */
function sent(scene: Scene, by: Answerer): Returning | undefined {
  const last = scene.path.hops.at(-1);
  const from = sender(scene);
  if (!from || !last || last.kind === 'loopback') return undefined;
  const { side, stack, source, destination } = from;
  const { proto, port } = selectors(scene.flow);
  const { family } = scene.flow;
  const packet: Packet = {
    family,
    destination,
    source,
    iif: null,
    ...(proto ? { proto } : {}),
    sourcePort: scene.path.realPort ?? port ?? null,
    ...by,
  };
  return { side, stack, source, destination, expected: last.name, found: decide(stack, packet), packet };
}

/** What a rule may ask that cannot be judged from here: a mark, the user, a type of service. */
const UNJUDGED = /(?:^|\s)(fwmark|uidrange|tos|dsfield|sport|dport|ipproto) \S+/g;

/** The first rule that may lead this packet to `dev`, whatever it asks beside the addresses. */
export function ruleTowards(stack: Stack, packet: Packet, dev: string): Routing | undefined {
  for (const rule of rulesOf(stack, packet.family)) {
    if (rule.table === null || !takes({ ...rule, text: rule.text.replace(UNJUDGED, '') }, packet)) continue;
    const route = longestMatch(stack, rule.table, packet);
    if (route?.dev === dev) return { kind: 'route', route, rule };
  }
  return undefined;
}
