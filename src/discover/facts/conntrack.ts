import { ask } from '../../host/ask.ts';
import type { Machine, TrackedAsked } from '../../host/machine.ts';
import { type Answer, known, mapAnswer } from '../../model/answer.ts';
import type { Tracked } from '../../model/facts.ts';
import type { Flow } from '../../model/flow.ts';
import { fact, type Ground } from '../fact.ts';
import { parseTable } from '../parse/conntrack.ts';

const TABLE = '/proc/net/nf_conntrack';

const protocol = ({ proto, family }: Flow): TrackedAsked['proto'] =>
  proto === 'dns' ? 'udp' : proto === 'icmp' && family === 6 ? 'icmpv6' : proto;

function belongs({ flow, path }: Ground, { proto, original }: Tracked): boolean {
  return (
    proto === protocol(flow) &&
    original.destination === flow.address &&
    (path.sourceAddress === null || original.source === path.sourceAddress)
  );
}

/** The filters spare netdoctor the reading of a table of a hundred thousand other people's connections; conntrack(8) is asked where the kernel has none. */
async function entries(machine: Machine, ground: Ground): Promise<Answer<readonly Tracked[]>> {
  const { flow, path } = ground;
  const from = path.sourceAddress === null ? [] : ['-s', path.sourceAddress];
  const argv = [
    'conntrack',
    '-L',
    '-f',
    `ipv${flow.family}`,
    '-p',
    protocol(flow),
    '-d',
    flow.address,
    ...from,
  ];
  const source = path.sourceAddress;
  const told = machine.kernelTells('tracked', null, {
    family: flow.family,
    proto: protocol(flow),
    source,
    destination: flow.address,
  });
  if (told.known) return { ...told, value: parseTable(told.value.join('\n')), source: argv };
  const asked = await ask(machine, argv as [string, ...string[]]);
  if (asked.known) return mapAnswer(asked, parseTable);
  const table = machine.read(TABLE);
  if (!table.known) return asked;
  return mapAnswer(table, (text) => parseTable(text).filter((tracked) => belongs(ground, tracked)));
}

const count = (machine: Machine, name: string): number | null => {
  const answer = machine.read(`/proc/sys/net/netfilter/${name}`);
  return answer.known ? Number(answer.value) : null;
};

/** Entries of the host from the flow's source to its destination, and how full the table is. Source: conntrack(8). */
export default fact({
  name: 'conntrack',
  async gather(machine, ground) {
    const answer = await entries(machine, ground);
    if (!answer.known) return answer;
    return known(
      {
        entries: answer.value,
        count: count(machine, 'nf_conntrack_count'),
        max: count(machine, 'nf_conntrack_max'),
      },
      answer.source,
    );
  },
});
