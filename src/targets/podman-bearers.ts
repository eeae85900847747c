/** Whom Podman gave which address on the target's networks: podman-ps(1), podman-inspect(1). */
import { ask } from '../host/ask.ts';
import type { Machine } from '../host/machine.ts';
import type { Bearer } from '../model/bearer.ts';
import type { Target } from '../model/target.ts';
import { plain } from '../words/text.ts';
import { aliasesOf, type Named } from './network-aliases.ts';

interface Inspected {
  Name: string;
  NetworkSettings: {
    Networks?: Record<string, Named & { IPAddress?: string; GlobalIPv6Address?: string }> | null;
  };
}

/** Running containers alone; what cannot be asked is left out. */
export async function podmanBearers(
  machine: Machine,
  { networks }: Pick<Target, 'networks'>,
): Promise<Bearer[]> {
  const listed = await ask(machine, ['podman', 'ps', '-q', '--no-trunc']);
  const ids = listed.known ? listed.value.split('\n').filter((id) => /^[0-9a-f]+$/.test(id)) : [];
  if (ids.length === 0) return [];
  const answer = await ask(machine, ['podman', 'inspect', '--type', 'container', ...ids]);
  const names = networks.map(({ name }) => name);
  const all = answer.known ? (JSON.parse(answer.value) as Inspected[]) : [];
  return all.flatMap(({ Name, NetworkSettings }) =>
    Object.entries(NetworkSettings.Networks ?? {})
      .filter(([network]) => names.includes(network))
      .flatMap(([, network]) => {
        const aliases = aliasesOf(network, Name);
        return [network.IPAddress, network.GlobalIPv6Address]
          .filter((address): address is string => Boolean(address))
          .map((address) => ({
            address: plain(address),
            name: `container ${plain(Name)}`,
            ...(aliases.length > 0 ? { aliases } : {}),
          }));
      }),
  );
}
