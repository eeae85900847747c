/** A name's addresses by whom they belong to: containers, a service's virtual address and what stands behind it. */
import type { Machine } from '../host/machine.ts';
import type { Bearer } from '../model/bearer.ts';
import type { AddressVerdict } from '../model/diagnosis.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Flow } from '../model/flow.ts';
import type { Target } from '../model/target.ts';
import { bearersOf } from '../targets/target.ts';
import { fromState } from '../words/telling.ts';
import { list } from '../words/text.ts';

/** Asked where a name has several addresses, or its one may stand for several; never fails. */
export async function beginBearers(
  machine: Machine,
  target: Target,
  flows: readonly Flow[],
): Promise<readonly Bearer[]> {
  const [first] = flows;
  const isName =
    first !== undefined && first.to.split(':')[0] !== first.address && !first.to.includes(first.address);
  const mayStandForMany = target.networks.some(({ driver }) => driver === 'overlay');
  if (!isName || first.from !== 'container' || (flows.length < 2 && !mayStandForMany)) return [];
  return bearersOf(machine, target).catch(() => []);
}

/** Each address with its bearer's name. */
export const borne = (
  addresses: readonly AddressVerdict[] | undefined,
  bearers: readonly Bearer[],
): readonly AddressVerdict[] | undefined =>
  addresses?.map((one) => {
    const bearer = bearers.find(({ address }) => address === one.address);
    return bearer ? { ...one, bearer: whose(bearer) } : one;
  });

/** `container app-db-1 (also db)`. */
export const whose = ({ name, aliases = [] }: Bearer): string =>
  aliases.length > 0 ? `${name} (also ${list(aliases)})` : name;

/** What stands behind the address that was asked, where that is a service's own. */
export function whatStandsBehind(flows: readonly Flow[], bearers: readonly Bearer[]): Evidence[] {
  const virtual = bearers.find(
    ({ address, replicas }) => replicas && flows.some((flow) => flow.address === address),
  );
  if (!virtual) return [];
  const replicas = virtual.replicas!.map(
    ({ address, name }) => `${name.replace(/^task (\S+) of .*/, '$1')} (${address})`,
  );
  const behind =
    replicas.length > 0
      ? `behind it ${replicas.length === 1 ? 'is' : 'are'} ${list(replicas)}`
      : 'nothing is behind it';
  return [
    fromState(
      `${virtual.address} is ${virtual.name.replace(' (virtual address)', '')}’s virtual address, ${behind}`,
      ['docker', 'network', 'inspect', '--verbose'],
    ),
  ];
}
