/**
 * What the container's servers deny, asked of others by the host: of those whom a forwarder on this host asks in turn, and
 * of the host's own servers. A forwarder keeps answers back (rebind protection, block lists), and another view of a name
 * may hold more.
 */
import { within } from '../../host/clock.ts';
import type { Machine } from '../../host/machine.ts';
import type { Asked, Elsewhere, Led, NameQuestion } from '../../model/look-up.ts';
import type { Target } from '../../model/target.ts';
import { readAsGlibc } from '../../resolver/configuration.ts';
import { isEmpty } from '../../resolver/story.ts';
import { decodeNetwork } from '../../wire/packet.ts';
import { readNamesFile } from '../resolver.ts';
import { holdersOf } from '../socket-holders.ts';
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
    const { inTurn, led } = await sentOn(machine, container, first);
    const own = readNamesFile(machine, '/etc/resolv.conf');
    const others = own.known ? readAsGlibc(own.value).servers : [];
    const ends = [...new Set([...led.keys(), ...inTurn, ...others])]
      .filter((one) => !servers.includes(one))
      .slice(0, MOST);
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
        ...ledBy(led.get(question.server)),
      })),
    );
  } finally {
    container.close();
    host.close();
  }
}

const ledBy = (led: Led | undefined): Pick<Elsewhere, 'led'> => (led ? { led } : {});

interface SentOn {
  /** Asked by whatever program took the question. */
  readonly inTurn: ReadonlySet<string>;
  /** Where a rule has led the question itself. */
  readonly led: ReadonlyMap<string, Led>;
}

/**
 * Where this host sends a question that is put to that server: seen on the wire, whatever program or rule it is. Who asks on
 * does so from a port and by a number of his own (RFC 5452 section 9.2); translation keeps the message, and the port as long as
 * it is free (nf_nat_core.c, get_unique_tuple).
 */
async function sentOn(machine: Machine, asker: Asker, { server, name }: Asked): Promise<SentOn> {
  const inTurn = new Map<string, Set<string>>();
  const put = new Set<string>();
  const socket = machine.packets(null, { filter: 'udp dst port 53' }, ({ bytes, protocol, senderMac }) => {
    if (!Buffer.from(bytes).includes(NOBODY)) return;
    const { destination, udp } = decodeNetwork(bytes, protocol, senderMac) ?? {};
    if (destination === undefined || !udp) return;
    const datagram = `${udp.sourcePort} ${Buffer.from(udp.payload).toString('hex')}`;
    if (destination === server) put.add(datagram);
    else inTurn.set(destination, (inTurn.get(destination) ?? new Set()).add(datagram));
  });
  const led = new Map<string, Led>();
  if (socket.known)
    try {
      const question = { server, name: `${NOBODY}.${name}`, type: 'A', transport: 'udp' } as const;
      await within(machine, PATIENCE, asker.ask(question));
      socket.value.look();
    } finally {
      await socket.value.stop();
    }
  for (const [destination, datagrams] of inTurn)
    if ([...datagrams].every((one) => put.has(one))) {
      inTurn.delete(destination);
      led.set(destination, { from: server, passedOver: boundTo(machine, server) });
    }
  return { inTurn: new Set(inTurn.keys()), led };
}

/** Who has bound port 53 of that very address, in the host's namespace: whoever takes any address may be meant for others. */
function boundTo(machine: Machine, address: string): string | null {
  const sockets = machine.sockets(null);
  const bound = (sockets.known ? sockets.value : []).find(
    (one) => one.proto === 'udp' && one.state === 'UNCONN' && one.source === address && one.sourcePort === 53,
  );
  if (!bound) return null;
  return holdersOf(machine, machine.self.inode, new Set([bound.inode]))[bound.inode]?.name ?? 'a program';
}
