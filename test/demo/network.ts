import type { DemoNetwork, Guest } from '../../src/demo/network.ts';
import type { Netns } from '../../src/model/netns.ts';

const netns = (name: string, inode: number): Netns => ({ inode, path: `/run/netns/${name}` });

const guest = (name: string, inode: number, address: string): Guest => ({
  name,
  netns: netns(name, inode),
  device: 'eth0',
  address,
  mac: `02:42:ac:00:00:0${inode}`,
  port: `veth${name}`,
});

/** The demo's network as built, without a machine. */
export const demoNetwork: DemoNetwork = {
  container: guest('web', 1, '172.18.0.2'),
  neighbour: guest('db', 2, '172.18.0.3'),
  stranger: guest('mail', 3, '172.19.0.2'),
  segment: {
    bridge: 'br0',
    gateway: '172.18.0.1',
    subnet: '172.18.0.0/16',
    prefix: 16,
    acceptedIn: 'FORWARD',
  },
  other: { bridge: 'br1', gateway: '172.19.0.1', subnet: '172.19.0.0/16', prefix: 16, acceptedIn: 'FORWARD' },
  uplink: { device: 'eth0', address: '192.0.2.2', nextHop: '192.0.2.1' },
  internet: { netns: netns('internet', 4), device: 'eth0', address: '198.51.100.1' },
};
