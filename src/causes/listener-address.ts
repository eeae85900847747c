import { reachLoopback } from '../fixes/loopback.ts';
import { arrival, isLoopback, ownerOf, sideName } from '../kernel/arrival.ts';
import { AT_SOCKET } from '../kernel/drops.ts';
import { listenersOn, SHOW_LISTENERS, socketName, takes } from '../kernel/listening.ts';
import { netnsOf } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import type { Listener, Side } from '../model/facts.ts';
import type { Scene } from '../model/scene.ts';
import { fromStateIn } from '../words/telling.ts';

interface Missed {
  readonly side: Side;
  readonly address: string;
  readonly port: number;
  readonly listeners: readonly Listener[];
}

/** Programs that listen on the port asked for, none of them for the address asked for. */
function missed(scene: Scene & { readonly listeners: readonly Listener[] }): Missed | undefined {
  if (scene.symptom.kind !== 'refused') return undefined;
  const { address, port } = arrival(scene);
  const side = ownerOf(scene, address);
  if (side === null || port === null) return undefined;
  const listeners = listenersOn(scene, side, port);
  if (listeners.some((one) => takes(one, address, scene.flow.family))) return undefined;
  return listeners.length > 0 ? { side, address, port, listeners } : undefined;
}

const show = (scene: Scene, { side, listeners }: Missed) => [
  fromStateIn(netnsOf(scene, side), `${listeners.map(socketName).join(', ')}`, SHOW_LISTENERS),
];

/** Does it serve the family that was not asked for? */
const otherFamily = (listener: Listener, family: 4 | 6): boolean =>
  listener.family !== family && listener.address !== '*' && !isLoopback(listener.address);

const loopback = cause({
  id: 'listener-on-loopback',
  title: 'The program listens on 127.0.0.1 only',
  explain: `A program that listens on 127.0.0.1 (or ::1) is heard only inside its own network namespace. In a container that is the
container alone: not its neighbours, not the host, and no published port. On the host it is the host alone: not its containers.

Many programs listen on loopback by default. Inside the container a test works, from outside the answer is "connection
refused" although everything on the way is fine.

By hand: \`nsenter --net=… ss -ltnp\` shows 127.0.0.1:PORT instead of 0.0.0.0:PORT or *:PORT.`,
  needs: ['listeners', 'sysctls'],
  explains: AT_SOCKET,
  over: ['connection-refused'],
  examine(scene) {
    const found = missed(scene);
    if (!found || found.listeners.some((one) => otherFamily(one, scene.flow.family))) return null;
    const there = found.listeners.filter((one) => isLoopback(one.address));
    const listener = there[0];
    if (!listener) return null;
    const who = sideName(scene, found.side);
    return {
      sure: 'proved',
      what: `${listener.process ?? 'the program'} listens on ${listener.address} only, not on ${found.address}`,
      why: `The packets arrived at ${found.address} port ${found.port}; in ${who} only ${socketName(listener)} is open, which nobody outside it can reach.`,
      do: `Let the program listen on ${scene.flow.family === 6 ? '::' : '0.0.0.0'}, or on ${found.address}.`,
      fixes: reachLoopback(scene, found.side, found.address, listener),
      evidence: show(scene, found),
    };
  },
});

const family = cause({
  id: 'listener-wrong-family',
  title: 'The program listens on the other address family only',
  explain: `A program that listens on [::] with IPV6_V6ONLY set, or on an IPv6 address, hears no IPv4; one on 0.0.0.0 hears no IPv6.
A name that has both kinds of address then fails for some clients and works for others.

By hand: \`ss -ltnp\` shows [::]:PORT alone where *:PORT would mean both, or 0.0.0.0:PORT alone.`,
  needs: ['listeners'],
  explains: AT_SOCKET,
  over: ['connection-refused', 'listener-on-loopback'],
  examine(scene) {
    const found = missed(scene);
    const listener = found?.listeners.find((one) => otherFamily(one, scene.flow.family));
    if (!found || !listener) return null;
    return {
      sure: 'proved',
      what: `${listener.process ?? 'the program'} listens for IPv${listener.family} only`,
      why: `The packets asked by IPv${scene.flow.family} for port ${found.port} of ${sideName(scene, found.side)}, where only ${socketName(listener)} is open.`,
      do: `Let the program listen for IPv${scene.flow.family} too (${scene.flow.family === 6 ? '[::]' : '0.0.0.0, or [::] without IPV6_V6ONLY'}), or use its IPv${listener.family} address.`,
      evidence: show(scene, found),
    };
  },
});

export default [loopback, family];
