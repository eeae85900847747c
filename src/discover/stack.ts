/** The state of one namespace's network: asked of the kernel, else with as few programs as iproute2 allows. */
import type { FirstLinks, Machine, NetworkTold, Output } from '../host/machine.ts';
import { type Answer, known, mapAnswer, notKnown } from '../model/answer.ts';
import { command, commandLine, type Netns } from '../model/netns.ts';
import type { Link, Stack } from '../model/stack.ts';
import { plain } from '../words/text.ts';
import { splitBatch } from './ip/batch.ts';
import { parseList } from './ip/json.ts';
import { linksFrom } from './ip/link.ts';
import { neighboursFrom } from './ip/neighbour.ts';
import { routesFrom } from './ip/route.ts';
import { rulesFrom } from './ip/rule.ts';

/** Without a family, `route` and `neigh` answer for both; `rule` never does (iprule.c takes IPv4 for unspecified). */
const COMMANDS = [
  'address show',
  'route show table all',
  'rule show',
  'neigh show',
  'neigh show proxy',
] as const;

const lastLine = (output: Output): string =>
  plain(output.stderr.trim().split('\n').at(-1) || `exit code ${output.code}`);

/**
 * IPv6 rules need a program of their own, and decide nothing where no address could use them: /proc/net/if_inet6 has
 * one line an address, the scope in its fourth field (addrconf.c, if6_seq_show; 00 is global).
 */
function hasGlobalIpv6(machine: Machine, netns: Netns | null): boolean {
  const addresses = machine.read('/proc/net/if_inet6', netns);
  return addresses.known && /^\S+ \S+ \S+ 00 /m.test(addresses.value);
}

/**
 * Links with addresses, routes of all tables, rules and neighbours of both families.
 * Not known when the namespace cannot be entered, or when `ip`, where it has to be asked, refused the links or the routes.
 * `near`, `first`: as of `Machine.networkIn`. Source: ip-link(8), ip-route(8), ip-rule(8), ip-neighbour(8).
 */
export async function readStack(
  machine: Machine,
  netns: Netns | null,
  near?: readonly number[],
  first?: FirstLinks,
): Promise<Answer<Stack>> {
  const told = machine.networkIn(netns, near, first);
  return told.known
    ? known(stackFrom(netns, told.value), commandLine(command(BATCH, netns)))
    : askIp(machine, netns);
}

const BATCH = ['ip', '-j', '-d', '-force', '-batch', '-'] as const;

function stackFrom(netns: Netns | null, told: NetworkTold): Stack {
  let links: readonly Link[] | undefined;
  return {
    netns,
    ...(told.first ? { first: linksFrom(told.first) } : {}),
    get links() {
      links ??= linksFrom(told.links);
      return links;
    },
    routes: routesFrom(told.routes),
    rules: [...rulesFrom(told.rules4, 4), ...rulesFrom(told.rules6, 6)],
    neighbours: [...neighboursFrom(told.neighbours), ...neighboursFrom(told.proxies, true)],
  };
}

/** The same by programs. */
export async function askIp(machine: Machine, netns: Netns | null): Promise<Answer<Stack>> {
  const batch = command(BATCH, netns);
  const rules6 = command(['ip', '-6', '-j', '-d', 'rule', 'show'], netns);
  const [answer, answer6] = await Promise.all([
    machine.run(batch, { input: `${COMMANDS.join('\n')}\n` }),
    hasGlobalIpv6(machine, netns) ? machine.run(rules6) : null,
  ]);
  if (!answer.known) return answer;
  const parsed = mapAnswer(answer, ({ stdout, stderr }) => splitBatch(COMMANDS, stdout, stderr));
  if (!parsed.known) return parsed;
  const [links, routes, rules4, neighbours, proxies] = parsed.value;
  if (!links || !routes) return notKnown('unreadable', lastLine(answer.value), commandLine(batch));
  const told = {
    links,
    routes,
    // A kernel without IPv6 has no IPv6 rules: a refusal there is an empty list.
    rules4: rules4 ?? [],
    rules6: answer6?.known ? parseList(answer6.value.stdout) : [],
    neighbours: neighbours ?? [],
    proxies: proxies ?? [],
  };
  return known(stackFrom(netns, told), commandLine(batch));
}
