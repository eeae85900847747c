import { arrival, ownerOf, sideName } from '../kernel/arrival.ts';
import { AT_SOCKET } from '../kernel/drops.ts';
import { ingressOf, isBoundTo } from '../kernel/ingress.ts';
import { listenersOn, SHOW_LISTENERS, socketName, takes } from '../kernel/listening.ts';
import { netnsOf } from '../kernel/travel.ts';
import { cause } from '../model/cause.ts';
import { linkNamed, type Stack } from '../model/stack.ts';
import { fromStateIn } from '../words/telling.ts';
import { list } from '../words/text.ts';

/** Where else it can be asked: the addresses of the interface that it is bound to. */
function reachableAt(stack: Stack, device: string, family: 4 | 6): string[] {
  const link = linkNamed(stack, device);
  return (link?.addresses ?? [])
    .filter((own) => own.family === family && own.scope === 'global')
    .map(({ address }) => address);
}

/** A socket keeps the index of its interface when that one is removed, for which ss(8) then knows no name. */
const isGone = (stack: Stack, device: string): boolean =>
  linkNamed(stack, device) === undefined && /^if\d+$/.test(device);

/** What can do who runs it: bind it to another interface or to none, or have it asked by its own. */
function advice(stack: Stack, device: string, ingress: string, family: 4 | 6): string {
  const bind = `Let the program listen without an interface, or on ${ingress} too (an option like "interface" or "device", or SO_BINDTODEVICE in its source)`;
  if (isGone(stack, device))
    return 'Start the program again, so that it binds to the interface that is there now, or let it listen without one.';
  const at = reachableAt(stack, device, family);
  return `${bind}${at.length > 0 ? `; or ask it by ${list(at)}, which ${device} holds` : ''}.`;
}

export default cause({
  id: 'listener-wrong-interface',
  title: 'The program listens on another interface only',
  explain: `A program can bind its socket to one interface (SO_BINDTODEVICE): it then gets only what comes in by that one, whatever
address it listens on. What comes in by another interface is refused as if nobody listened, although the port is open.

It comes about where networks were attached in another order, so that eth0 and eth1 have changed their places; where a
program names an interface in its settings that is not the one its clients come by; and where the interface that it is bound
to was removed and made anew: the socket stays bound to the old one. What a namespace sends to its own address comes in by the
interface that holds the address, and by lo only for 127.0.0.1 and ::1.

By hand: \`ss -lntup\` shows the interface behind the address: 0.0.0.0%eth1:PORT.`,
  needs: ['listeners'],
  explains: AT_SOCKET,
  over: ['connection-refused', 'dnat-wrong'],
  examine(scene) {
    if (scene.symptom.kind !== 'refused') return null;
    const { family } = scene.flow;
    const { address, port } = arrival(scene);
    const side = ownerOf(scene, address);
    const stack = side && scene.stacks[side];
    if (!side || !stack || port === null) return null;
    const link = ingressOf(scene, side, address);
    const there = listenersOn(scene, side, port).filter((one) => takes(one, address, family));
    const [listener] = there;
    if (!link || listener?.device === undefined) return null;
    if (there.some(({ device }) => device === undefined || isBoundTo(stack, device, link))) return null;
    const { device } = listener;
    const which = isGone(stack, device)
      ? `an interface that is not there any more (index ${device.slice(2)})`
      : `the interface ${device} only`;
    const who = sideName(scene, side);
    return {
      sure: 'proved',
      what: `${listener.process ?? 'the program'} listens on ${which}, and the request came in by ${link.name}`,
      why: `The packets arrived in ${who} by ${link.name}, for ${address} port ${port}; there only ${list(there.map(socketName))} is open: a socket that is bound to an interface gets nothing that comes in by another.`,
      do: advice(stack, device, link.name, family),
      evidence: [fromStateIn(netnsOf(scene, side), list(there.map(socketName)), SHOW_LISTENERS)],
    };
  },
});
