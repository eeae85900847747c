/** How the host was at the moment of a loss: rules with their counters, addresses, routes, neighbours, and what the kernel counts. */
import { listRules } from '../../discover/rules/list-rules.ts';
import { readStack } from '../../discover/stack.ts';
import type { Machine } from '../../host/machine.ts';
import type { Place } from '../change/source.ts';

/** What the kernel counts in each namespace: proc(5). */
const COUNTERS = ['/proc/net/snmp', '/proc/net/snmp6', '/proc/net/netstat', '/proc/net/dev'];
const CONNTRACK = '/proc/net/stat/nf_conntrack';

/** A namespace that is looked at. */
export type Scene = Pick<Place, 'where' | 'netns'>;

/** Each as it was answered; what could not be had is said. */
export async function momentOf(machine: Machine, scenes: readonly Scene[]): Promise<object[]> {
  return Promise.all(
    scenes.map(async ({ where, netns }) => {
      const [rules, stack] = await Promise.all([listRules(machine, netns), readStack(machine, netns)]);
      const counters = Object.fromEntries(
        [...COUNTERS, CONNTRACK].flatMap((file) => {
          const answer = machine.read(file, netns);
          return answer.known ? [[file, answer.value]] : [];
        }),
      );
      return {
        where,
        namespace: netns?.inode ?? machine.self.inode,
        rules: rules.known ? rules.value : { unknown: rules.detail },
        ...(stack.known
          ? {
              links: stack.value.links,
              routes: stack.value.routes,
              routing: stack.value.rules,
              neighbours: stack.value.neighbours,
            }
          : { unknown: stack.detail }),
        counters,
      };
    }),
  );
}
