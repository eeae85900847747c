import { ask } from '../../host/ask.ts';
import { mapAnswer, notKnown } from '../../model/answer.ts';
import { fact } from '../fact.ts';

/** Local port of a line of `ss -H -tan`: `TIME-WAIT 0 0 10.88.0.2:40001 198.51.100.1:80`. */
const LINE = /^(\S+)\s+\d+\s+\d+\s+\S*:(\d+)\s/gm;

/** State → how many of the local ports of a range are held in it, each port once. */
export function portsHeld(text: string, low: number, high: number): Record<string, number> {
  const states: Record<string, number> = {};
  const ports = new Set<number>();
  for (const [, state = '', port] of text.matchAll(LINE)) {
    const number = Number(port);
    if (number < low || number > high || ports.has(number)) continue;
    ports.add(number);
    states[state] = (states[state] ?? 0) + 1;
  }
  return states;
}

/**
 * How many source ports the sender may choose from, and how many of them connections to this very destination hold.
 * Source: ip_local_port_range in ip-sysctl.rst, ss(8).
 */
export default fact({
  name: 'sourcePorts',
  async gather(machine, { flow, path, target }) {
    const file = '/proc/sys/net/ipv4/ip_local_port_range';
    if (flow.proto !== 'tcp' || flow.port === null || flow.from === 'outside')
      return notKnown('not-asked', 'only connections choose a source port of their own', []);
    const netns =
      path.hops[0]?.netns ?? (flow.from === 'container' && !target.hostNetwork ? target.netns : null);
    const range = machine.read(file, netns);
    if (!range.known) return range;
    const [low, high] = range.value.trim().split(/\s+/).map(Number);
    if (low === undefined || high === undefined || !(high >= low))
      return notKnown('unreadable', `${file} holds no range`, range.source);
    const argv = [
      'ss',
      '-H',
      '-t',
      '-a',
      '-n',
      '-O',
      'dst',
      flow.address,
      'dport',
      '=',
      `:${flow.port}`,
    ] as const;
    const answer = await ask(machine, argv, netns);
    return mapAnswer(answer, (text) => ({
      low,
      high,
      held: portsHeld(text, low, high),
      netns,
      source: answer.source,
    }));
  },
});
