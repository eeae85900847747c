import type { Command } from '../model/netns.ts';
import type { DemoNetwork } from './network.ts';

/** Something like a VPN's tunnel on the demo's host, tun0, that takes what is for `destination`, and answers nothing. */
export const tunnelFor = (net: DemoNetwork, destination: string): readonly Command[] => [
  {
    argv: [
      'ip',
      'link',
      'add',
      'tun0',
      'type',
      'veth',
      'peer',
      'name',
      'far0',
      'netns',
      net.internet.netns.path.split('/').at(-1)!,
    ],
  },
  { argv: ['ip', 'link', 'set', 'dev', 'tun0', 'up', 'arp', 'off'] },
  { argv: ['ip', 'addr', 'add', '10.8.0.2/24', 'dev', 'tun0'] },
  { argv: ['ip', 'link', 'set', 'dev', 'far0', 'up'], in: net.internet.netns },
  { argv: ['ip', 'route', 'add', destination, 'dev', 'tun0'] },
];
