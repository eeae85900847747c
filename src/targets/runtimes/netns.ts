import type { Machine } from '../../host/machine.ts';
import { known, notKnown } from '../../model/answer.ts';
import type { Netns } from '../../model/netns.ts';
import type { Target } from '../../model/target.ts';
import { runtime } from '../runtime.ts';

const FOLDER = '/run/netns';

/** Namespaces with a name, as `ip netns` keeps them: ip-netns(8). */
export default runtime({
  name: 'netns',
  bare: true,
  async find(machine, name) {
    const path = name.includes('/') ? name : `${FOLDER}/${name}`;
    const netns = machine.netns(path);
    if (!netns.known) return netns.because === 'vanished' ? known([], netns.source) : netns;
    // A plain file is what `ip netns add` leaves when its mount is gone.
    const inside = machine.read('/proc/net/dev', netns.value);
    if (!inside.known && inside.because === 'no-permission')
      return notKnown('no-permission', `${path} may not be entered`, inside.source);
    if (!inside.known) return notKnown('unreadable', `${path} is no network namespace`, inside.source);
    return known([namespaceTarget(machine, name, netns.value)], netns.source);
  },
  async list(machine) {
    const names = machine.list(FOLDER);
    if (!names.known) return names.because === 'vanished' ? known([], names.source) : names;
    return known(
      names.value.map((name) => ({
        runtime: 'netns',
        name,
        id: null,
        state: 'present',
        pid: null,
        addresses: [],
        networks: [],
      })),
      names.source,
    );
  },
});

function namespaceTarget(machine: Machine, name: string, netns: Netns): Target {
  const own = `/etc/netns/${name}/resolv.conf`;
  return {
    runtime: 'netns',
    name,
    id: null,
    pid: null,
    netns,
    hostNetwork: netns.inode === machine.self.inode,
    mode: null,
    networks: [],
    ports: [],
    resolvConf: machine.readForeign(own, { trusted: true }).known ? own : '/etc/resolv.conf',
    about: 'network namespace',
  };
}
