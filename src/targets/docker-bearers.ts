/** Whom Docker gave which address: Docker Engine API, NetworkInspect with `verbose`, that tells a swarm's services too. */
import type { Machine } from '../host/machine.ts';
import type { Bearer } from '../model/bearer.ts';
import type { Target } from '../model/target.ts';
import { plain } from '../words/text.ts';

interface Verbose {
  Containers?: Record<string, { Name?: string; IPv4Address?: string; IPv6Address?: string }> | null;
  Services?: Record<string, { VIP?: string; Tasks?: { Name?: string; EndpointIP?: string }[] | null }> | null;
}

/** Containers of this host and services of the swarm on the target's networks; what cannot be asked is left out. */
export async function dockerBearers(
  machine: Machine,
  socket: string,
  { networks }: Pick<Target, 'networks'>,
): Promise<Bearer[]> {
  const answers = await Promise.all(
    networks.map(({ name }) => machine.request(socket, `/networks/${encodeURIComponent(name)}?verbose=true`)),
  );
  return answers.flatMap((answer) =>
    answer.known && answer.value.status < 300 ? bearersIn(answer.value.body as Verbose) : [],
  );
}

/** A task is a container of this host or of another; as a task it has the name that `docker service ps` shows. */
function bearersIn({ Containers, Services }: Verbose): Bearer[] {
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
  const containers = Object.values(Containers ?? {}).flatMap(({ Name, IPv4Address, IPv6Address }) =>
    [IPv4Address, IPv6Address].filter(Boolean).map((address) => ({
      address: bare(address),
      name: `container ${plain(Name ?? '')}`,
    })),
  );
  return [...services, ...containers].filter(({ address }) => address !== '');
}

/** Without the length of its prefix. */
const bare = (address: string | undefined): string => plain((address ?? '').replace(/\/\d+$/, ''));
