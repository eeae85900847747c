/** Small sentences that many causes share. */
import type { Source } from '../model/answer.ts';
import type { Evidence, Rule } from '../model/evidence.ts';
import { command, commandLine, type Netns } from '../model/netns.ts';
import type { Hop, Path } from '../model/path.ts';
import type { Scene } from '../model/scene.ts';
import type { Holder } from '../model/socket.ts';

/** A line of state evidence that speaks for the claim. */
export const fromState = (says: string, source: Source, at: string | null = null): Evidence => ({
  witness: 'state',
  at,
  microseconds: null,
  says,
  agrees: true,
  source,
});

/** `fromState` asked inside a namespace. */
export const fromStateIn = (
  netns: Netns | null,
  says: string,
  argv: readonly [string, ...string[]],
  at: string | null = null,
): Evidence => fromState(says, commandLine(command(argv, netns)), at);

/** `python3 (pid 12)`; null: nobody knows which. */
export const processName = (holder: Holder | null | undefined): string =>
  holder ? `${holder.name} (pid ${holder.pid})` : 'the program';

/** `the namespace lab-c`, `the namespace of process 4711`, by how it is entered. */
export function namespaceName({ path }: Netns): string {
  const pid = /^\/proc\/(\d+)\//.exec(path)?.[1];
  return pid ? `the namespace of process ${pid}` : `the namespace ${path.split('/').at(-1)}`;
}

/** `eth0 of the namespace lab-b, behind vethb of br0`. */
export function whereIs(path: Pick<Path, 'hops'>, taker: Hop): string {
  const port = path.hops[path.hops.findIndex(({ id }) => id === taker.id) - 1];
  const behind =
    port?.where === 'host' ? `, behind ${port.name}${port.link.master ? ` of ${port.link.master}` : ''}` : '';
  return `${taker.name} of ${taker.netns ? namespaceName(taker.netns) : 'another namespace'}${behind}`;
}

/** How the two sides of the place are called on the screen: `docker0`, `the container`, `198.51.100.1`. */
export function namesOf(scene: Pick<Scene, 'place' | 'target' | 'flow'>): { after: string; before: string } {
  const { place, target, flow } = scene;
  const source = flow.from === 'container' ? target.name : flow.from === 'host' ? 'the host' : 'the sender';
  const far = flow.from === 'container' ? flow.address : target.name;
  const [start, end] = place?.direction === 'reply' ? [far, source] : [source, far];
  const beside = place?.beside?.heading === 'in' ? place.beside.device : undefined;
  return { after: beside ?? place?.after?.name ?? start, before: place?.before?.name ?? end };
}

/** `rule 3 of chain DOCKER-USER (ip filter)`; by its handle where its chain cannot be listed. */
export function ruleName(rule: Rule): string {
  const where = `chain ${rule.chain} of table ${rule.family} ${rule.table}`;
  if (rule.number === null) return `the policy of ${where}`;
  return rule.number === 0 ? `a rule of ${where}` : `rule ${rule.number} of ${where}`;
}

/** `IP_LOCALNET at br_nf_pre_routing_finish`, as far as the kernel told it: a reason that says nothing is none. */
export function dropName({ reason, function: place }: { reason: string; function: string }): string {
  const says = reason !== 'NOT_SPECIFIED';
  if (place !== 'unknown') return says ? `${reason} at ${place}` : `at ${place}`;
  return says ? reason : 'this kernel does not tell why';
}

/** What to do about a rule that stops what it should not. */
export const letPass = ({ owner }: Pick<Rule, 'owner'>): string =>
  owner
    ? `Change it where ${owner} is configured, or let this traffic pass before it.`
    : 'Remove the rule, or let this traffic pass before it.';

/** The rule as it is listed; a policy, which is listed as no rule is, by its name. */
export const ruleShown = (rule: Rule): string => (rule.number === null ? ruleName(rule) : rule.text);
