/** The same machine, which remembers from which ports it has asked itself: what others see of that is none of theirs. */
import { type Answer, mapAnswer } from '../model/answer.ts';
import type { Netns } from '../model/netns.ts';
import type { SocketState } from '../model/socket.ts';
import type { Machine } from './machine.ts';

export interface OwnPorts {
  readonly machine: Machine;
  /** Has a socket of this namespace had this port that was opened by way of the machine? */
  isOwn(port: number, netns: Netns): boolean;
  /** Those of a namespace, but for such ones: a name may be looked up there at the same time. */
  othersIn(netns: Netns): Answer<readonly SocketState[]>;
}

export function ownPorts(machine: Machine): OwnPorts {
  const ports = new Set<string>();
  const key = (port: number, netns: Netns | null): string => `${netns?.inode} ${port}`;
  const isOwn = (port: number, netns: Netns): boolean => ports.has(key(port, netns));
  return {
    machine: {
      ...machine,
      open(spec, onEvent) {
        const opened = machine.open(spec, (event) => {
          if (event.type === 'bound') ports.add(key(event.port, spec.netns));
          onEvent(event);
        });
        const port = opened.known ? opened.value.localPort : null;
        if (port !== null) ports.add(key(port, spec.netns));
        return opened;
      },
    },
    isOwn,
    othersIn: (netns) =>
      mapAnswer(machine.sockets(netns), (all) => all.filter(({ sourcePort }) => !isOwn(sourcePort, netns))),
  };
}
