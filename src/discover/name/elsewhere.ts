/**
 * What the container's servers deny, asked of others by the host: of those whom a forwarder on this host asks in turn, and
 * of the host's own servers. A forwarder keeps answers back (rebind protection, block lists), and another view of a name
 * may hold more.
 */
import { within } from '../../host/clock.ts';
import type { Machine } from '../../host/machine.ts';
import type { Asked, Elsewhere, NameQuestion } from '../../model/look-up.ts';
import type { Target } from '../../model/target.ts';
import { readAsGlibc } from '../../resolver/configuration.ts';
import { isEmpty } from '../../resolver/story.ts';
import { decodeNetwork } from '../../wire/packet.ts';
import { readNamesFile } from '../resolver.ts';
import { Asker } from './ask.ts';

/** A label that nobody has: a forwarder knows nothing of it yet, and asks. */
const NOBODY = 'netdoctor-no-such-name';
/** How long each is waited for. Milliseconds. */
const PATIENCE = 300;
/** More servers tell no more. */
const MOST = 4;

interface Denying {
  readonly machine: Machine;
  readonly target: Target;
  readonly signal?: AbortSignal | undefined;
}

/** Empty where nothing was denied. `servers`: those that the container asks itself. */
export async function elsewhereOf(
  { machine, target, signal }: Denying,
  asked: readonly Asked[],
  servers: readonly string[],
): Promise<Elsewhere[]> {
  const denied = asked.filter(isEmpty);
  const first = denied[0];
  if (!first) return [];
  const options = { patience: PATIENCE, signal, interfaceNumber: () => undefined };
  const container = new Asker(machine, { ...options, netns: target.netns });
  const host = new Asker(machine, { ...options, netns: null });
  try {
    const inTurn = await askedInTurn(machine, container, first);
    const own = readNamesFile(machine, '/etc/resolv.conf');
    const others = own.known ? readAsGlibc(own.value).servers : [];
    const ends = [...new Set([...inTurn, ...others])].filter((one) => !servers.includes(one)).slice(0, MOST);
    const questions = denied.filter(({ name }) => name === first.name);
    const put = ends.flatMap((server) =>
      [...new Set(questions.map(({ type }) => type))].map(
        (type): NameQuestion => ({ server, name: first.name, type, transport: 'udp' }),
      ),
    );
    return await Promise.all(
      put.map(async (question) => ({
        ...question,
        reply: await host.ask(question),
        inTurn: inTurn.has(question.server),
      })),
    );
  } finally {
    container.close();
    host.close();
  }
}

/** To whom this host sends on a question that is put to that server: seen on the wire, whatever program it is. */
async function askedInTurn(machine: Machine, asker: Asker, { server, name }: Asked): Promise<Set<string>> {
  const ends = new Set<string>();
  const socket = machine.packets(null, { filter: 'udp dst port 53' }, ({ bytes, protocol, senderMac }) => {
    if (!Buffer.from(bytes).includes(NOBODY)) return;
    const destination = decodeNetwork(bytes, protocol, senderMac)?.destination;
    if (destination !== undefined && destination !== server) ends.add(destination);
  });
  if (!socket.known) return ends;
  try {
    const question = { server, name: `${NOBODY}.${name}`, type: 'A', transport: 'udp' } as const;
    await within(machine, PATIENCE, asker.ask(question));
    socket.value.look();
  } finally {
    await socket.value.stop();
  }
  return ends;
}
