/** Who lives around a repair. */
import { readResolver } from '../../discover/resolver.ts';
import { listRules } from '../../discover/rules/list-rules.ts';
import { readStack } from '../../discover/stack.ts';
import type { Machine } from '../../host/machine.ts';
import { destinationRewrites } from '../../kernel/nat-rules.ts';
import { isAnywhere } from '../../kernel/publishing.ts';
import { asked as clause } from '../../kernel/rule-clauses.ts';
import type { Diagnosis } from '../../model/diagnosis.ts';
import type { Netns } from '../../model/netns.ts';
import type { Stack } from '../../model/stack.ts';
import type { Candidate, PublishedPort, Target } from '../../model/target.ts';
import { findTarget, listTargets } from '../../targets/target.ts';
import { isNeighbour, type Published, type Resident, type Surroundings } from './flow.ts';

/** Containers that are looked into, and of those that are asked: a host may have a thousand. */
const LOOKED_AT = 24;
const ASKED = 8;
const PORTS = 6;

async function residentOf(machine: Machine, target: Target): Promise<Resident | null> {
  const stack = await readStack(machine, target.netns);
  const resolver = readResolver(machine, target);
  return stack.known
    ? {
        name: target.name,
        netns: target.netns,
        stack: stack.value,
        nameservers: resolver.known ? resolver.value.nameservers.slice(0, 2) : [],
      }
    : null;
}

/** Null for one that went away meanwhile, or may not be looked into. */
const find = (machine: Machine, { runtime, name, id }: Pick<Candidate, 'runtime' | 'name' | 'id'>) =>
  findTarget(machine, `${runtime}:${id ?? name}`).catch(() => null);

/** Does any link of this host lead there? Others may live in a namespace of another host's, or of a container's. */
function hangsHere(machine: Machine, netns: Netns): boolean {
  const id = machine.nsid(netns, null);
  return id.known && id.value !== null;
}

/** Published ports as the runtimes and the host's own rules tell them, each at an address of this host. */
function publishedPorts(
  host: Stack,
  ports: readonly PublishedPort[],
  rules: Awaited<ReturnType<typeof listRules>>,
): Published[] {
  const own = host.links.flatMap((link) =>
    link.addresses.filter(({ scope, family }) => scope === 'global' && family === 4),
  )[0]?.address;
  const byRule = rules.known
    ? destinationRewrites(rules.value.map(({ rule }) => rule)).flatMap(({ clauses, address }) => {
        const port = Number(clause(clauses, 'dport')?.values[0]);
        const isTcp = clause(clauses, 'proto')?.values.includes('tcp');
        return address !== null && isTcp && Number.isInteger(port) ? [{ address: '', port }] : [];
      })
    : [];
  const byRuntime = ports
    .filter(({ proto }) => proto === 'tcp')
    .map(({ hostAddress, hostPort }) => ({ address: hostAddress, port: hostPort }));
  const all = [...byRuntime, ...byRule].flatMap(({ address, port }) => {
    const at = isAnywhere(address) ? own : address;
    return at === undefined ? [] : [{ address: at, port }];
  });
  return all
    .filter(
      (one, index) =>
        all.findIndex((other) => other.address === one.address && other.port === one.port) === index,
    )
    .slice(0, PORTS);
}

/** Null where the host's own network cannot be read. */
export async function lookAround(
  machine: Machine,
  { target: named, flow }: Pick<Diagnosis, 'target' | 'flow'>,
): Promise<Surroundings | null> {
  const [stack, listed, rules, found] = await Promise.all([
    readStack(machine, null),
    listTargets(machine),
    listRules(machine, null),
    find(machine, named),
  ]);
  if (!stack.known) return null;
  const target = found && !found.hostNetwork ? await residentOf(machine, found) : null;
  const alive = listed.candidates.filter(({ state }) => state === 'running' || state === 'present');
  const others = await Promise.all(
    alive.slice(0, LOOKED_AT).map(async (candidate) => {
      const one = await find(machine, candidate);
      const isOther = one && !one.hostNetwork && one.netns.inode !== named.namespace;
      return isOther && hangsHere(machine, one.netns) ? residentOf(machine, one) : null;
    }),
  );
  const there = others
    .filter((one) => one !== null)
    .filter((one, index, all) => all.findIndex(({ netns }) => netns?.inode === one.netns?.inode) === index);
  const isNear = (one: Resident): boolean => target !== null && isNeighbour(target, one);
  return {
    host: { name: 'this host', netns: null, stack: stack.value, nameservers: [] },
    target,
    others: [...there.filter(isNear), ...there.filter((one) => !isNear(one))].slice(0, ASKED),
    published: publishedPorts(
      stack.value,
      [...(found?.ports ?? []), ...alive.flatMap(({ ports }) => ports ?? [])],
      rules,
    ),
    asked: flow,
  };
}
