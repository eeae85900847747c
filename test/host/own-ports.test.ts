import { expect, it } from 'vitest';
import type { Machine, SocketEvent, SocketSpec } from '../../src/host/machine.ts';
import { ownPorts } from '../../src/host/own-ports.ts';
import { known } from '../../src/model/answer.ts';
import { listening } from '../examples/socket.ts';

const NETNS = { inode: 7, path: '/run/netns/a' };

it('remembers the ports of sockets, by their namespace, also of those that get one late', () => {
  const ports = [40_001, null];
  const tellers: ((event: SocketEvent) => void)[] = [];
  const sockets = [40_001, 40_002, 40_003].map((peer) => ({ ...listening({}), sourcePort: peer }));
  const { machine, isOwn, othersIn } = ownPorts({
    sockets: () => known(sockets, []),
    open(_: SocketSpec, onEvent: (event: SocketEvent) => void) {
      tellers.push(onEvent);
      return known({ localPort: ports[tellers.length - 1] }, []);
    },
  } as unknown as Machine);
  const heard: SocketEvent[] = [];
  for (const _ of ports) machine.open({ netns: NETNS } as SocketSpec, (event) => heard.push(event));
  expect(isOwn(40_001, NETNS)).toBe(true);
  expect(isOwn(40_001, { ...NETNS, inode: 8 })).toBe(false);
  expect(isOwn(40_002, NETNS)).toBe(false);
  tellers[1]!({ type: 'bound', port: 40_002, at: 1n });
  expect(isOwn(40_002, NETNS)).toBe(true);
  expect(heard).toHaveLength(1);
  const left = othersIn(NETNS);
  expect(left.known && left.value.map(({ sourcePort }) => sourcePort)).toEqual([40_003]);
});
