import { known } from '../../model/answer.ts';
import { fact } from '../fact.ts';
import { holdersOf } from '../socket-holders.ts';

/** Holders are looked for of so many sockets at most: each program's name is wanted once. */
const ASKED = 256;

/** Sockets of the namespace that the flow begins in, and who holds those towards its destination. Source: sock_diag(7). */
export default fact({
  name: 'sockets',
  gather(machine, { flow, path, target }) {
    const first = path.hops[0]?.netns ?? null;
    const netns = flow.from === 'host' || target.hostNetwork ? null : (first ?? target.netns);
    const answer = machine.sockets(netns);
    if (!answer.known) return answer;
    const towards = answer.value.filter((one) => one.destination === flow.address && one.inode !== 0);
    const wanted = new Set(towards.slice(0, ASKED).map(({ inode }) => inode));
    const holders = holdersOf(machine, (netns ?? machine.self).inode, wanted);
    return known({ all: answer.value, holders }, answer.source);
  },
});
