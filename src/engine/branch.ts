/** The path that the lost packets took, where packets of one flow may leave by several interfaces. */
import { routeGet } from '../discover/route-get.ts';
import type { Machine } from '../host/machine.ts';
import type { Flow } from '../model/flow.ts';
import { leadsOut, type Path } from '../model/path.ts';
import type { Sighting } from '../model/sighting.ts';

/** The same path with the branch in the place of the way out, where the kernel sends this very probe there. */
export async function pathTaken(
  machine: Machine,
  {
    flow,
    path,
    probe,
    sightings,
  }: {
    readonly flow: Flow;
    readonly path: Path;
    readonly probe: number;
    readonly sightings: readonly Sighting[];
  },
): Promise<Path> {
  const at = path.hops.findIndex(leadsOut);
  const [before, exit] = [path.hops[at - 1], path.hops[at]];
  if (!path.branches || path.branches.length === 0 || !exit) return path;
  const mine = sightings.filter((one) => one.probe === probe && one.kind === 'request');
  const left = (hop: { readonly id: string }): boolean => mine.some((one) => one.hop === hop.id);
  if (left(exit)) return path;
  // Before the host has rewritten it.
  const sent = mine.find((one) => one.hop === before?.id) ?? mine[0];
  const forwarded = before?.where === 'host';
  const decision = await routeGet(machine, exit.netns, {
    to: path.realDestination,
    ...(forwarded ? { from: sent?.source ?? path.sourceAddress, iif: before.name } : {}),
    proto: flow.proto,
    port: path.realPort ?? flow.port,
    sourcePort: sent?.sourcePort ?? null,
  });
  const taken = path.branches.find(left) ?? path.branches.find(({ name }) => name === decision.dev);
  if (!taken) return path;
  const took = { ...(path.hostRoute ?? path.sourceRoute), dev: taken.name, gateway: taken.gateway };
  return {
    ...path,
    hops: path.hops.with(at, taken),
    branches: path.branches.map((one) =>
      one === taken ? { ...exit, gateway: (path.hostRoute ?? path.sourceRoute).gateway } : one,
    ),
    ...(path.hostRoute ? { hostRoute: took } : { sourceRoute: took }),
  };
}
