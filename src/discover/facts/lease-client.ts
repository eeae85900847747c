import type { Machine } from '../../host/machine.ts';
import { argumentsOf, processesIn } from '../../host/processes.ts';
import { known } from '../../model/answer.ts';
import type { Holder } from '../../model/socket.ts';
import { fact } from '../fact.ts';

/** As proc_pid_comm(5) has them: fifteen characters at most. */
const CLIENT = /^(udhcpc|dhclient|dhcpcd|pump|systemd-network|NetworkManager|connmand|nm-dhcp-helper)$/;

/** Of a program that goes by many names, the one that it was called by. */
function nameOf(machine: Machine, pid: string): string {
  const comm = machine.read(`/proc/${pid}/comm`);
  const name = comm.known ? comm.value.trim() : '';
  if (name !== 'busybox') return name;
  return argumentsOf(machine, pid)[1] ?? '';
}

function clientIn(machine: Machine, namespace: number): Holder | null {
  for (const pid of processesIn(machine, namespace)) {
    const name = nameOf(machine, pid);
    if (CLIENT.test(name)) return { pid: Number(pid), name };
  }
  return null;
}

/** The program that asks for an address by DHCP (RFC 2131) in the container's namespace; null where none does. */
export default fact({
  name: 'leaseClient',
  gather: (machine, { path, target }) =>
    known(clientIn(machine, (path.hops[0]?.netns ?? target.netns).inode), ['ps', '-eo', 'pid,netns,comm']),
});
