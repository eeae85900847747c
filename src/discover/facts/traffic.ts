import { ask } from '../../host/ask.ts';
import type { Machine } from '../../host/machine.ts';
import { type Answer, known } from '../../model/answer.ts';
import type { TrafficControl } from '../../model/facts.ts';
import { command, commandLine } from '../../model/netns.ts';
import { fact, type Ground } from '../fact.ts';
import { type PrintedQdisc, parseFilters, parseQdiscs } from '../parse/traffic-control.ts';
import { fromAll, type Place, sides } from '../sides.ts';

/** Nothing is queued and nothing is configured there. */
const EMPTY = new Set(['noqueue', 'noop']);
/** Leaf queues take no filters. */
const LEAVES = new Set([
  'pfifo_fast',
  'pfifo',
  'bfifo',
  'mq',
  'tbf',
  'netem',
  'blackhole',
  'noqueue',
  'noop',
]);

type Direction = TrafficControl['direction'];

/** Where filters may hang: both ends of a clsact, the ingress, the root of a queue with classes. */
const parentsOf = ({ kind }: PrintedQdisc): [parent: string, direction: Direction][] => {
  if (kind === 'clsact')
    return [
      ['ingress', 'ingress'],
      ['egress', 'egress'],
    ];
  if (kind === 'ingress') return [['ingress', 'ingress']];
  return LEAVES.has(kind) ? [] : [['root', 'egress']];
};

async function filters(
  machine: Machine,
  { side, netns }: Place,
  dev: string,
  [parent, direction]: [string, Direction],
): Promise<TrafficControl[]> {
  const argv = ['tc', '-s', '-d', 'filter', 'show', 'dev', dev, parent] as const;
  const answer = await ask(machine, argv, netns);
  if (!answer.known) return [];
  return parseFilters(answer.value).map((filter) => ({
    hop: `${side}/${dev}`,
    kind: 'filter',
    direction,
    ...filter,
    argv: commandLine(command(argv, netns)),
  }));
}

/** Does the kernel itself say that no interface of the path there has a queue or a filter? */
function hasNone(machine: Machine, { side, netns, devices }: Place, { stacks }: Ground): boolean {
  const links = stacks[side]?.links ?? [];
  const told = machine.kernelTells('queues', netns, null);
  return (
    told.known &&
    told.value.every(
      ({ ifindex, kind }) =>
        EMPTY.has(kind) || !devices.includes(links.find((link) => link.ifindex === ifindex)?.name ?? ''),
    ) &&
    devices.every((name) => links.some((link) => link.name === name))
  );
}

async function ofPlace(
  machine: Machine,
  place: Place,
  ground: Ground,
): Promise<Answer<readonly TrafficControl[]>> {
  const argv = ['tc', '-s', '-d', 'qdisc', 'show'] as const;
  if (hasNone(machine, place, ground)) return known([], commandLine(command(argv, place.netns)));
  const answer = await ask(machine, argv, place.netns);
  if (!answer.known) return answer;
  const qdiscs = parseQdiscs(answer.value).filter(({ dev }) => place.devices.includes(dev));
  const found = await Promise.all(
    qdiscs.flatMap((qdisc) => parentsOf(qdisc).map((parent) => filters(machine, place, qdisc.dev, parent))),
  );
  const queues = qdiscs
    .filter(({ kind }) => !EMPTY.has(kind))
    .map(({ dev, ingress, text, drops, held }): TrafficControl => {
      const argv = ['tc', '-s', 'qdisc', 'show', 'dev', dev] as const;
      return {
        hop: `${place.side}/${dev}`,
        kind: 'qdisc',
        direction: ingress ? 'ingress' : 'egress',
        text,
        drops,
        held,
        argv: commandLine(command(argv, place.netns)),
      };
    });
  return known([...queues, ...found.flat()], answer.source);
}

/**
 * Queues and filters on the interfaces of the path. Programs attached by a tcx link (kernel 6.6) do not show here:
 * tc(8) does not list them. Source: tc(8), tc-bpf(8).
 */
export default fact({
  name: 'traffic',
  gather: (machine, ground) => fromAll(sides(ground), (place) => ofPlace(machine, place, ground)),
});
