import { ask } from '../../host/ask.ts';
import type { Machine } from '../../host/machine.ts';
import { type Answer, known, mapAnswer } from '../../model/answer.ts';
import type { Listener } from '../../model/facts.ts';
import { command, commandLine } from '../../model/netns.ts';
import { fact, type Ground } from '../fact.ts';
import { parseListeners } from '../parse/listeners.ts';
import { fromAll, type Place, sides } from '../sides.ts';

/**
 * `-p` reads the open files of every process of the machine, so it is asked only about the ports in question, and only
 * where somebody listens on one of them.
 */
async function withProcesses(
  machine: Machine,
  place: Place,
  listeners: readonly Listener[],
  ports: readonly number[],
): Promise<readonly Listener[]> {
  const asked = ports.filter((port) => listeners.some((one) => one.port === port));
  if (asked.length === 0) return listeners;
  const filter = asked.flatMap((port, index) => [...(index ? ['or'] : []), 'sport', '=', `:${port}`]);
  const answer = await ask(machine, ['ss', '-H', '-l', '-n', '-t', '-u', '-p', '-O', ...filter], place.netns);
  if (!answer.known) return listeners;
  return [
    ...listeners.filter((one) => !asked.includes(one.port)),
    ...parseListeners(answer.value, place.side),
  ];
}

/** As the kernel tells them; else ss(8) is asked. */
async function listenersOf(
  machine: Machine,
  { side, netns }: Place,
  { stacks }: Ground,
): Promise<Answer<readonly Listener[]>> {
  const argv = ['ss', '-H', '-l', '-n', '-t', '-u', '-O'] as const;
  const told = machine.kernelTells('listeners', netns, null);
  if (!told.known) return mapAnswer(await ask(machine, argv, netns), (text) => parseListeners(text, side));
  const device = (ifindex: number): string =>
    stacks[side]?.links.find((link) => link.ifindex === ifindex)?.name ?? `if${ifindex}`;
  const all = told.value.map(
    ({ ifindex, ...one }): Listener => ({
      side,
      ...one,
      ...(ifindex === 0 ? {} : { device: device(ifindex) }),
      process: null,
    }),
  );
  return known(all, commandLine(command(argv, netns)));
}

async function ofPlace(
  machine: Machine,
  place: Place,
  ground: Ground,
  ports: readonly number[],
): Promise<Answer<readonly Listener[]>> {
  const listeners = await listenersOf(machine, place, ground);
  if (!listeners.known) return listeners;
  return { ...listeners, value: await withProcesses(machine, place, listeners.value, ports) };
}

/** Who listens in each namespace of the path. Source: ss(8). */
export default fact({
  name: 'listeners',
  async gather(machine, ground) {
    const { flow, target } = ground;
    const published = target.ports
      .filter((port) => port.hostPort === flow.port)
      .map((port) => port.containerPort);
    const ports = [...new Set([...(flow.port === null ? [] : [flow.port]), ...published])];
    const answer = await fromAll(sides(ground), (place) => ofPlace(machine, place, ground, ports));
    if (!target.hostNetwork) return answer;
    return mapAnswer(answer, (all) => [
      ...all,
      ...all.map((one) => ({ ...one, side: 'container' as const })),
    ]);
  },
});
