import type { Machine } from '../../host/machine.ts';
import { isForMany } from '../../kernel/one-to-many.ts';
import { known } from '../../model/answer.ts';
import type { Joined } from '../../model/facts.ts';
import { fact, type Ground } from '../fact.ts';
import { fields, list, parseList, text } from '../ip/json.ts';
import { multicastRoutes } from '../multicast-routes.ts';
import { fromHex } from '../parse/group-address.ts';

/** Ports that bridges have heard join the group: bridge(8), mdb. */
async function onBridges(machine: Machine, group: string): Promise<Joined[]> {
  const answer = await machine.run({ argv: ['bridge', '-j', 'mdb', 'show'] });
  if (!answer.known || answer.value.code !== 0) return [];
  return parseList(answer.value.stdout)
    .flatMap((one) => list(one.mdb))
    .map(fields)
    .flatMap((entry) => {
      const [dev, port] = [text(entry.dev), text(entry.port)];
      return text(entry.grp) === group && dev !== null && port !== null && dev !== port
        ? [{ dev: port, bridge: dev }]
        : [];
    });
}

/** Interfaces of this host on which one of its own programs has: net/ipv4/igmp.c, igmp_mc_seq_show. */
function byHost(machine: Machine, group: string): Joined[] {
  const file = machine.read('/proc/net/igmp', null);
  let dev = '';
  return (file.known ? file.value.split('\n') : []).flatMap((line) => {
    dev = /^\d+\s+([^\s:]+)/.exec(line)?.[1] ?? dev;
    const hex = /^\s+([0-9A-F]{8})\s/i.exec(line)?.[1];
    return hex !== undefined && fromHex(hex) === group ? [{ dev, bridge: null }] : [];
  });
}

/** What the host's multicast router has told the kernel, and who has joined the group that the flow goes to. */
export default fact({
  name: 'multicast',
  async gather(machine: Machine, { flow }: Ground) {
    const source = ['ip', 'mroute', 'show'];
    if (!isForMany(flow.address)) return known({ routes: [], joined: [] }, source);
    const joined = [...(await onBridges(machine, flow.address)), ...byHost(machine, flow.address)];
    return known({ routes: multicastRoutes(machine, null), joined }, source);
  },
});
