/**
 * Whom Docker gave which address: Docker Engine API, NetworkInspect with `verbose`, that tells a swarm's services too. The
 * aliases of a container on a network are told by ContainerInspect alone.
 */
import type { Machine } from '../host/machine.ts';
import type { Bearer } from '../model/bearer.ts';
import type { Target } from '../model/target.ts';
import { plain } from '../words/text.ts';
import { aliasesOf, type Named } from './network-aliases.ts';

interface Verbose {
  Containers?: Record<string, { Name?: string; IPv4Address?: string; IPv6Address?: string }> | null;
  Services?: Record<string, { VIP?: string; Tasks?: { Name?: string; EndpointIP?: string }[] | null }> | null;
}

interface Inspected {
  NetworkSettings?: { Networks?: Record<string, Named | undefined> | null };
}

/** Containers of a network whose aliases are asked for. */
const MOST = 32;

/** Containers of this host and services of the swarm on the target's networks; what cannot be asked is left out. */
export async function dockerBearers(
  machine: Machine,
  socket: string,
  { networks }: Pick<Target, 'networks'>,
): Promise<Bearer[]> {
  const all = await Promise.all(
    networks.map(async ({ name }): Promise<Bearer[]> => {
      const told = await read<Verbose>(machine, socket, `/networks/${encodeURIComponent(name)}?verbose=true`);
      if (!told) return [];
      const ids = Object.keys(told.Containers ?? {}).slice(0, MOST);
      const inspected = await Promise.all(
        ids.map((id) => read<Inspected>(machine, socket, `/containers/${encodeURIComponent(id)}/json`)),
      );
      const aliases = new Map(
        ids.map((id, at) => [
          id,
          aliasesOf(inspected[at]?.NetworkSettings?.Networks?.[name], told.Containers?.[id]?.Name),
        ]),
      );
      return bearersIn(told, aliases);
    }),
  );
  return all.flat();
}

async function read<T>(machine: Machine, socket: string, path: string): Promise<T | undefined> {
  const answer = await machine.request(socket, path);
  return answer.known && answer.value.status < 300 ? (answer.value.body as T) : undefined;
}

/** A task is a container of this host or of another; as a task it has the name that `docker service ps` shows. */
function bearersIn(
  { Containers, Services }: Verbose,
  aliases: ReadonlyMap<string, readonly string[]>,
): Bearer[] {
  const services = Object.entries(Services ?? {})
    // What no service has stands under the empty name.
    .filter(([service]) => service !== '')
    .flatMap(([service, { VIP, Tasks }]): Bearer[] => {
      const replicas = (Tasks ?? []).map(({ Name, EndpointIP }) => ({
        address: bare(EndpointIP),
        name: `task ${plain(Name ?? '')} of service ${plain(service)}`,
      }));
      const virtual = { address: bare(VIP), name: `service ${plain(service)} (virtual address)`, replicas };
      return [...(VIP && VIP !== '<nil>' ? [virtual] : []), ...replicas];
    });
  const containers = Object.entries(Containers ?? {}).flatMap(([id, { Name, IPv4Address, IPv6Address }]) =>
    [IPv4Address, IPv6Address].filter(Boolean).map((address): Bearer => {
      const also = aliases.get(id) ?? [];
      return {
        address: bare(address),
        name: `container ${plain(Name ?? '')}`,
        ...(also.length > 0 ? { aliases: also } : {}),
      };
    }),
  );
  return [...services, ...containers].filter(({ address }) => address !== '');
}

/** Without the length of its prefix. */
const bare = (address: string | undefined): string => plain((address ?? '').replace(/\/\d+$/, ''));
