/** Not every fault harms every network: what is broken may be something that the recipe's packets never meet. */
import type { Machine } from '../host/machine.ts';
import { wrongCall } from '../model/failure.ts';
import type { DemoFault, Question } from './fault.ts';
import type { DemoNetwork, Guest } from './network.ts';

/** The address that the question is about; null where a ping would not ask the same. */
function addressOf({ to, from, proto }: Question, net: DemoNetwork): string | null {
  if (from !== undefined || (proto !== undefined && proto !== 'icmp')) return null;
  if (to === 'gateway') return net.segment.gateway;
  const named = (guest: Guest): boolean => to === `container:netns:${guest.name}`;
  return [net.neighbour, net.stranger].find(named)?.address ?? (/^[\d.]+$/.test(to) ? to : null);
}

/** Asks by a plain ping, before netdoctor does. @throws Failure when the packets get through all the same */
export async function refuseHarmless(
  machine: Machine,
  fault: DemoFault,
  question: Question,
  net: DemoNetwork,
): Promise<void> {
  const address = addressOf(question, net);
  if (address === null || fault.sparesSmall) return;
  const argv = ['ping', '-n', '-c1', '-W1', address] as const;
  const answer = await machine.run({ argv, in: net.container.netns });
  if (!answer.known || answer.value.code !== 0) return;
  throw wrongCall(
    'harmless',
    `${fault.id} does no harm to this network: ${net.container.name} reaches ${address} all the same.`,
    `netdoctor demo ${fault.id} shows it on a network that it harms.`,
  );
}
